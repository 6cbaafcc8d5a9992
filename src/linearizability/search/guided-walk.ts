import type { Budget } from "./budget.ts";
import { ConfigSet } from "./config-set.ts";
import type { Found } from "./frontier-search.ts";
import { CRASH, EXPIRE, INVOKE, type Part, type Problem } from "./part.ts";
import { ILLEGAL, type Steps } from "./steps.ts";

/** How many events may pass between two looks at the budget. */
const TICKS = 4096;

/** An order of some of a part's operations that may be one that explains it. */
export interface Guide {
  /** Operations in the order to follow. What is not named is put in where it fits. */
  readonly order: Int32Array;
  /** Of each operation, where it stands or what it saw, rising along `order`; NaN if unknown. */
  readonly ranks: Float64Array | null;
  /**
   * Changes `order` from place `at` on, where that leaves it as good as it was. Gives the place
   * from which it is unchanged, or -1 if nothing was changed.
   *
   * `demand`: so that no more than has to comes before what stands at `place`. `bringForward`: so
   * that next comes what can begin before event `now`, and of that what must end first.
   */
  demand?(at: number, place: number): number;
  bringForward?(at: number, now: number): number;
}

/** The guide by ranks of operations, by id; null if they say nothing about this part. */
export function guideByRank(part: Part, ranksById: Float64Array): Guide | null {
  const { operations, ids, isObserver } = part;
  const ranks = new Float64Array(operations);
  const order = new Int32Array(operations);
  let length = 0;
  let isSorted = true;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < operations; i++) {
    const rank = ranksById[ids[i] ?? 0] ?? Number.NaN;
    ranks[i] = rank;
    if (Number.isNaN(rank) || isObserver[i] === 1) continue;
    isSorted &&= last <= rank;
    last = rank;
    order[length++] = i;
  }
  if (length === 0) return null;
  const known = order.subarray(0, length);
  // Operations are numbered as they were invoked: of equal ranks the first invoked goes first.
  if (!isSorted) known.sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b);
  return { order: known, ranks };
}

/**
 * Follows a guide through a part: a frontier search that never has a choice.
 *
 * The guide is not trusted. An operation is taken only where it is legal, after its invocation and
 * before its return, so what comes out at the end is an order that explains the part; if none does,
 * nothing is said. Operations are taken as late as they can be, and observers that the guide does
 * not name as early as they are legal, so no observer can make a right guide fail. Writes that it
 * does not name are guessed: taken when an operation needs what they leave, or at their return.
 *
 * O(events * observers that wait at once).
 */
export class GuidedWalk {
  readonly #part: Part;
  readonly #steps: Steps;
  readonly #guide: Guide;
  readonly #places: Int32Array;
  readonly #isInvoked: Uint8Array;
  readonly #isDone: Uint8Array;
  readonly #taken: number[] = [];
  /** Open operations that the guide does not name: observers, and others. */
  readonly #waiting: number[] = [];
  readonly #loose: number[] = [];
  #state: number;
  #at = 0;
  /** The event that is looked at. */
  #now = 0;

  constructor({ part, steps }: Problem, guide: Guide) {
    this.#part = part;
    this.#steps = steps;
    this.#guide = guide;
    this.#places = new Int32Array(part.operations).fill(-1);
    for (const [place, operation] of guide.order.entries()) this.#places[operation] = place;
    this.#isInvoked = new Uint8Array(part.operations);
    this.#isDone = new Uint8Array(part.operations);
    this.#state = steps.initialState;
  }

  /**
   * An order of the first `length` events, or null if following the guide does not lead to one.
   */
  run(budget: Budget, length: number = this.#part.events.length): Found | null {
    const { events } = this.#part;
    for (let i = 0; i < length; i++) {
      if (i % TICKS === 0) {
        const reason = budget.spent(this.#steps.bytes, i);
        if (reason !== null) return { kind: "unknown", reason, event: i };
      }
      const event = events[i] ?? 0;
      const kind = event & 3;
      this.#now = i;
      if (kind === CRASH) return null;
      if (kind === INVOKE) this.#invoke(event >> 2);
      else if (!this.#end(event >> 2, kind === EXPIRE)) return null;
    }
    return { kind: "yes", order: this.#taken };
  }

  #invoke(operation: number): void {
    this.#isInvoked[operation] = 1;
    if ((this.#places[operation] ?? -1) >= 0) return;
    if (this.#part.isObserver[operation] === 0) this.#loose.push(operation);
    else if (this.#steps.next(this.#state, operation, 0) === ILLEGAL) this.#waiting.push(operation);
    else this.#note(operation);
  }

  /** False if the operation has to be taken by now and cannot be. */
  #end(operation: number, mayBeLost: boolean): boolean {
    if (this.#isDone[operation] === 1) return true;
    const place = this.#places[operation] ?? -1;
    if (place >= 0) {
      this.#noteChanges(this.#guide.demand?.(this.#at, place) ?? -1);
      while (this.#isDone[operation] === 0) if (!this.#follow()) return false;
      return true;
    }
    if (this.#part.isObserver[operation] === 1) return this.#satisfy(operation);
    this.#loose.splice(this.#loose.indexOf(operation), 1);
    return mayBeLost || this.#insert(operation);
  }

  /** Goes on until an observer is legal. */
  #satisfy(operation: number): boolean {
    const { order, ranks } = this.#guide;
    const rank = ranks?.[operation] ?? Number.NaN;
    while (this.#at < order.length && (ranks?.[order[this.#at] ?? 0] ?? 0) <= rank) {
      if (!this.#follow()) return false;
    }
    if (this.#isDone[operation] === 0) this.#takeLooseFor(operation);
    while (this.#isDone[operation] === 0) {
      this.#noteChanges(this.#guide.bringForward?.(this.#at, this.#now) ?? -1);
      if (!this.#follow()) return false;
    }
    return true;
  }

  /** Takes note that the guide has changed up to a place. */
  #noteChanges(end: number): void {
    const { order } = this.#guide;
    for (let place = this.#at; place < end; place++) this.#places[order[place] ?? 0] = place;
  }

  /** Takes a write that the guide does not name, now or as soon as it is legal. */
  #insert(operation: number): boolean {
    for (;;) {
      const next = this.#steps.next(this.#state, operation, 0);
      if (next !== ILLEGAL) {
        this.#take(operation, next);
        return true;
      }
      if (!this.#takeLooseFor(operation) && !this.#follow()) return false;
    }
  }

  /** Takes the next operation of the guide. */
  #follow(): boolean {
    const operation = this.#guide.order[this.#at];
    if (operation === undefined || this.#isInvoked[operation] === 0) return false;
    let next = this.#steps.next(this.#state, operation, 0);
    if (next === ILLEGAL && this.#takeLooseFor(operation)) {
      next = this.#steps.next(this.#state, operation, 0);
    }
    if (next === ILLEGAL) return false;
    this.#at++;
    this.#take(operation, next);
    return true;
  }

  /** Takes an open write that the guide does not name, after which `operation` is legal. */
  #takeLooseFor(operation: number): boolean {
    for (const [i, write] of this.#loose.entries()) {
      const next = this.#steps.next(this.#state, write, 0);
      if (next === ILLEGAL || this.#steps.next(next, operation, 0) === ILLEGAL) continue;
      this.#loose.splice(i, 1);
      this.#take(write, next);
      return true;
    }
    return false;
  }

  #take(operation: number, next: number): void {
    this.#note(operation);
    if (next === this.#state) return;
    this.#state = next;
    let left = 0;
    for (const observer of this.#waiting) {
      if (this.#steps.next(next, observer, 0) === ILLEGAL) this.#waiting[left++] = observer;
      else this.#note(observer);
    }
    this.#waiting.length = left;
    if (this.#steps.isDue) this.#collect();
  }

  #note(operation: number): void {
    this.#isDone[operation] = 1;
    this.#taken.push(operation);
  }

  /** Of all states only the last one is still of use. */
  #collect(): void {
    const kept = new ConfigSet();
    kept.add(this.#state, new Int32Array(1), 0);
    this.#steps.collect([kept]);
    this.#state = kept.states[0] ?? 0;
  }
}
