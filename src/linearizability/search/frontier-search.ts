import type { Budget, GivenUp } from "./budget.ts";
import { ConfigSet } from "./config-set.ts";
import { NONE } from "./footprint-columns.ts";
import type { Footprints } from "./footprints.ts";
import { NodeLog } from "./node-log.ts";
import { NO_TWIN, OpenOperations } from "./open-operations.ts";
import { Pace } from "./pace.ts";
import { CRASH, EXPIRE, INVOKE, type Part, type Problem, RETURN } from "./part.ts";
import type { Reductions } from "./reductions.ts";
import { SEARCH_SIZES, type SearchSizes } from "./search-sizes.ts";
import { Selection } from "./selection.ts";
import { ILLEGAL, type Steps } from "./steps.ts";

/**
 * How many expansions may pass between two looks at the budget. Of one that tries many operations
 * each eighth counts as much, for their steps may be long: `TRIES` is 8 less 1, as a mask.
 */
const TICKS = 512;
const TRIES = 7;

/** What a search found out about a part. Operations are numbered as in the part. */
export type Found =
  | { readonly kind: "yes"; readonly order: readonly number[] }
  /** No configuration was left after event `event`; these operations were open before it. */
  | { readonly kind: "no"; readonly event: number; readonly open: readonly number[] }
  | { readonly kind: "unknown"; readonly reason: GivenUp; readonly event: number };

/**
 * Frontier search (just-in-time linearization, Lowe 2017): event by event, the set of all
 * configurations that explain the history so far.
 *
 * A configuration is which of the open operations have been linearized, and the state. An operation
 * is linearized only when one that must return needs it, so that a configuration has constant size
 * and the past costs nothing. The history is linearizable exactly if the frontier is never empty.
 * O(events * 2^k * states) at worst, k operations being open at once.
 */
export class FrontierSearch {
  /** Configurations that were expanded, over all runs. */
  explored = 0;
  readonly #budget: Budget;
  readonly #reductions: Reductions;
  readonly #sizes: SearchSizes;
  #frontier = new ConfigSet();
  #next = new ConfigSet();
  #waiting = new ConfigSet();
  readonly #selection = new Selection();
  readonly #nodes: NodeLog;
  #part: Part;
  #steps: Steps;
  #prints: Footprints | null;
  #open: OpenOperations;
  /** Masks: of the configuration that is expanded, and of the one that comes of it. */
  #mask = new Int32Array(1);
  #nextMask = new Int32Array(1);
  /** What one step linearizes, in order. */
  readonly #applied: number[] = [];
  #marks = new Uint8Array(1);
  /** Bits of the open operations that need not happen. */
  #optional = new Int32Array(1);
  /** Bits of the open blind writes. */
  #blindWrites = new Int32Array(1);
  #pace = new Pace(true);
  #ticks = 0;
  /** Index of the event that is being taken in. */
  #at = 0;
  #givenUp: GivenUp | null = null;

  constructor(
    problem: Problem,
    budget: Budget,
    reductions: Reductions,
    sizes: SearchSizes = SEARCH_SIZES,
  ) {
    this.#budget = budget;
    this.#reductions = reductions;
    this.#sizes = sizes;
    this.#nodes = new NodeLog(sizes.nodes);
    this.#part = problem.part;
    this.#steps = problem.steps;
    this.#prints = problem.steps.footprints;
    this.#open = new OpenOperations(problem.part, reductions.eagerObservers);
  }

  /** Starts over with another part, in the same memory. */
  load(problem: Problem): void {
    this.#part = problem.part;
    this.#steps = problem.steps;
    this.#prints = problem.steps.footprints;
    this.#open = new OpenOperations(problem.part, this.#reductions.eagerObservers);
  }

  /** Decides the first `length` events of the part that was loaded last. */
  run(length: number = this.#part.events.length): Found {
    const { events } = this.#part;
    this.#begin();
    let i = 0;
    while (i < length) {
      this.#at = i;
      if (this.#pace.isDue(i)) this.#pace.save(i, this.#frontier, this.#open);
      if (this.#step(events[i] ?? 0)) {
        i++;
        continue;
      }
      if (this.#givenUp !== null) return { kind: "unknown", reason: this.#givenUp, event: i };
      if (this.#pace.isExact) {
        return { kind: "no", event: i, open: [...this.#open.eager, ...this.#open.others] };
      }
      i = this.#goBack(i);
    }
    return { kind: "yes", order: this.#nodes.orderOf(this.#frontier.nodes[0] ?? 0) };
  }

  /** Takes in one event; false if no configuration is left, or the budget is spent. */
  #step(event: number): boolean {
    const kind = event & 3;
    const operation = event >> 2;
    if (kind === INVOKE) this.#invoke(operation);
    else if (kind === CRASH) this.#crash();
    else {
      this.#end(operation, kind === EXPIRE);
      if (this.#givenUp !== null || this.#frontier.count === 0) return false;
      this.#open.remove(operation);
      this.#note(operation, false);
      this.#steps.retire(operation);
      if (this.#nodes.isDue || this.#steps.isDue) {
        const sets = this.#pace.withCheckpoints(this.#frontier);
        if (this.#nodes.isDue) this.#nodes.collect(sets);
        if (this.#steps.isDue) this.#steps.collect(sets);
      }
    }
    return true;
  }

  /** After the frontier emptied at event `failed`: goes back to a checkpoint, or to the start. */
  #goBack(failed: number): number {
    const checkpoint = this.#pace.goBack(failed);
    const begin = checkpoint?.event ?? 0;
    for (let i = failed - 1; i >= begin; i--) {
      const event = this.#part.events[i] ?? 0;
      const kind = event & 3;
      if (kind === RETURN || kind === EXPIRE) this.#steps.unretire(event >> 2);
    }
    this.#optional.fill(0);
    this.#blindWrites.fill(0);
    if (checkpoint === null) {
      this.#open.restore([], []);
      this.#empty();
      this.#frontier.add(this.#steps.initialState, this.#mask.fill(0), 0);
      return 0;
    }
    this.#open.restore(checkpoint.eager, checkpoint.others);
    for (const operation of checkpoint.eager) this.#note(operation, true);
    for (const operation of checkpoint.others) this.#note(operation, true);
    this.#empty();
    const { set } = checkpoint;
    for (let i = 0; i < set.count; i++) {
      set.loadMask(i, this.#mask);
      this.#frontier.add(set.states[i] ?? 0, this.#mask, set.nodes[i] ?? 0);
    }
    return begin;
  }

  get bytes(): number {
    const sets = this.#frontier.bytes + this.#next.bytes + this.#waiting.bytes;
    return sets + this.#nodes.bytes + this.#steps.bytes;
  }

  #begin(): void {
    const { words } = this.#part;
    this.#nodes.clear();
    this.#optional = new Int32Array(words);
    this.#blindWrites = new Int32Array(words);
    this.#mask = new Int32Array(words);
    this.#nextMask = new Int32Array(words);
    this.#marks = new Uint8Array(this.#prints?.keys ?? 1);
    this.#pace = new Pace(this.#reductions.narrowFirst, this.#sizes);
    this.#empty();
    this.#givenUp = this.#budget.spent(this.bytes, 0);
    this.#frontier.add(this.#steps.initialState, this.#mask, 0);
  }

  #empty(): void {
    for (const set of [this.#frontier, this.#next, this.#waiting]) {
      set.clear(this.#part.words, this.#optional);
    }
  }

  /** Sets or clears an operation's bit in the masks that say what is open. */
  #note(operation: number, isOpen: boolean): void {
    if (this.#part.isRequired[operation] === 0 && this.#reductions.unusedPending) {
      this.#setBit(this.#optional, operation, isOpen);
    }
    if (this.#prints?.isBlindWrite(operation) === true) {
      this.#setBit(this.#blindWrites, operation, isOpen);
    }
  }

  #setBit(mask: Int32Array, operation: number, isSet: boolean): void {
    const slot = this.#part.slots[operation] ?? 0;
    const bit = 1 << (slot & 31);
    const word = mask[slot >> 5] ?? 0;
    mask[slot >> 5] = isSet ? word | bit : word & ~bit;
  }

  /** An observer is linearized where it is legal at once; others wait until they are needed. */
  #invoke(operation: number): void {
    this.#open.add(operation);
    this.#note(operation, true);
    if (!this.#open.isEager(operation)) return;
    const { count, states, masks, nodes } = this.#frontier;
    const { words } = this.#part;
    const slot = this.#part.slots[operation] ?? 0;
    for (let i = 0; i < count; i++) {
      if (this.#steps.next(states[i] ?? 0, operation, 0) === ILLEGAL) continue;
      const at = i * words + (slot >> 5);
      masks[at] = (masks[at] ?? 0) | (1 << (slot & 31));
      nodes[i] = this.#nodes.add(nodes[i] ?? 0, operation);
    }
  }

  /** After a crash only what was kept is there, and nothing is open. */
  #crash(): void {
    this.#next.clear(this.#part.words, this.#optional);
    this.#mask.fill(0);
    for (let i = 0; i < this.#frontier.count; i++) {
      const state = this.#steps.crash(this.#frontier.states[i] ?? 0);
      this.#next.add(state, this.#mask, this.#frontier.nodes[i] ?? 0);
    }
    this.#turn();
  }

  /** The operation returns, or (`mayBeLost`) has its last chance. */
  #end(operation: number, mayBeLost: boolean): void {
    if (this.#clearIfAllHave(operation)) return;
    const slot = this.#part.slots[operation] ?? 0;
    const word = slot >> 5;
    const bit = 1 << (slot & 31);
    const frontier = this.#frontier;
    const mask = this.#mask;
    this.#next.clear(this.#part.words, this.#optional);
    this.#waiting.clear(this.#part.words, this.#optional);
    for (let i = 0; i < frontier.count; i++) {
      frontier.loadMask(i, mask);
      const state = this.#settled(frontier.states[i] ?? 0);
      const node = frontier.nodes[i] ?? 0;
      if (((mask[word] ?? 0) & bit) !== 0) {
        mask[word] = (mask[word] ?? 0) & ~bit;
        this.#next.add(state, mask, node);
      } else {
        this.#waiting.add(state, mask, node);
        if (mayBeLost) this.#next.add(state, mask, node);
      }
    }
    if (this.#waiting.count > 0) {
      this.#open.findTwins(this.#steps, this.#reductions.identicalOperations);
    }
    for (let i = 0; i < this.#waiting.count && this.#givenUp === null; i++) {
      if (this.#pace.isEnough(this.#next.count, i)) break;
      this.#waiting.fixed = i + 1;
      this.#expand(i, operation);
    }
    if (this.#next.count > this.#pace.width) this.#narrow();
    this.#turn();
  }

  /** The common case: every configuration has linearized the operation, so none is left to do. */
  #clearIfAllHave(operation: number): boolean {
    const { count, masks } = this.#frontier;
    const { words } = this.#part;
    const slot = this.#part.slots[operation] ?? 0;
    const word = slot >> 5;
    const bit = 1 << (slot & 31);
    for (let i = 0; i < count; i++) {
      if (((masks[i * words + word] ?? 0) & bit) === 0) return false;
    }
    for (let i = 0; i < count; i++) {
      const at = i * words + word;
      masks[at] = (masks[at] ?? 0) & ~bit;
    }
    this.#tick();
    return true;
  }

  /** Keeps the best of the next frontier only. */
  #narrow(): void {
    const all = this.#next;
    this.#next = this.#waiting;
    this.#waiting = all;
    this.#pace.isExact = false;
    this.#next.clear(this.#part.words, this.#optional);
    this.#selection.choose(all, this.#next, this.#pace.width, this.#blindWrites);
  }

  #turn(): void {
    const old = this.#frontier;
    this.#frontier = this.#next;
    this.#next = old;
  }

  #settled(state: number): number {
    return this.#prints === null ? state : this.#prints.settled(state);
  }

  #tick(): void {
    if (++this.#ticks % TICKS !== 0) return;
    this.#givenUp = this.#budget.spent(this.bytes, this.#at);
  }

  /** Takes one more step from a configuration that has yet to linearize `target`. */
  #expand(index: number, target: number): void {
    this.explored++;
    this.#tick();
    const { others, twins } = this.#open;
    const state = this.#waiting.states[index] ?? 0;
    const node = this.#waiting.nodes[index] ?? 0;
    this.#waiting.loadMask(index, this.#mask);
    if (this.#reductions.unreachableAnswers && this.#isOutOfReach(state, target)) return;
    const isTied = this.#markRelated(target);
    for (let i = 0; i < others.length; i++) {
      const operation = others[i] ?? 0;
      if ((i & TRIES) === TRIES) {
        this.#tick();
        if (this.#givenUp !== null) return;
      }
      if (this.#has(this.#mask, operation)) continue;
      const twin = twins[i] ?? NO_TWIN;
      if (twin !== NO_TWIN && !this.#has(this.#mask, twin)) continue;
      if (isTied && this.#prints?.isOnMarked(operation, this.#marks) === false) continue;
      let next = this.#steps.next(state, operation, 0);
      for (let branch = 1; next !== ILLEGAL; branch++) {
        if (this.#isWorthwhile(state, next, operation, target)) {
          this.#take(state, next, operation, target, node);
        }
        next = this.#steps.isBranching ? this.#steps.next(state, operation, branch) : ILLEGAL;
      }
    }
  }

  /** Linearizes `operation`, with what is hidden by it and what observes it at once. */
  #take(state: number, next: number, operation: number, target: number, node: number): void {
    const applied = this.#applied;
    applied.length = 0;
    this.#nextMask.set(this.#mask);
    const prints = this.#prints;
    if (prints !== null && this.#reductions.deadWrites && prints.canHide(operation)) {
      for (const hidden of this.#open.others) {
        if (hidden === operation || this.#has(this.#mask, hidden)) continue;
        if (this.#part.isRequired[hidden] === 0) continue;
        if (prints.hides(operation, hidden)) this.#apply(hidden);
      }
    }
    this.#apply(operation);
    if (
      prints !== null &&
      this.#reductions.lostValues &&
      this.#losesValue(prints, state, operation)
    ) {
      return;
    }
    for (const observer of this.#open.eager) {
      if (this.#has(this.#nextMask, observer)) continue;
      if (this.#steps.next(next, observer, 0) !== ILLEGAL) this.#apply(observer);
    }
    const isDone = this.#has(this.#nextMask, target);
    if (isDone) {
      const slot = this.#part.slots[target] ?? 0;
      this.#nextMask[slot >> 5] = (this.#nextMask[slot >> 5] ?? 0) & ~(1 << (slot & 31));
    }
    const set = isDone ? this.#next : this.#waiting;
    const index = set.add(next, this.#nextMask, 0);
    if (index < 0) return;
    let last = node;
    for (const each of applied) last = this.#nodes.add(last, each);
    set.nodes[index] = last;
  }

  #apply(operation: number): void {
    const slot = this.#part.slots[operation] ?? 0;
    this.#nextMask[slot >> 5] = (this.#nextMask[slot >> 5] ?? 0) | (1 << (slot & 31));
    this.#applied.push(operation);
  }

  #has(mask: Int32Array, operation: number): boolean {
    const slot = this.#part.slots[operation] ?? 0;
    return ((mask[slot >> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  /** Reduction pendingOperations: does an open operation act differently after this one? */
  #isWorthwhile(state: number, next: number, operation: number, target: number): boolean {
    if (operation === target || this.#part.isRequired[operation] === 1) return true;
    if (!this.#reductions.pendingOperations) return true;
    if (next === state) return false;
    return (
      this.#isObserved(this.#open.eager, state, next, operation) ||
      this.#isObserved(this.#open.others, state, next, operation)
    );
  }

  #isObserved(list: readonly number[], state: number, next: number, operation: number): boolean {
    const steps = this.#steps;
    for (const other of list) {
      if (other === operation || this.#has(this.#mask, other)) continue;
      const after = steps.next(next, other, 0);
      if (after === ILLEGAL) continue;
      if (after !== steps.next(state, other, 0)) return true;
      if (steps.isBranching && steps.next(next, other, 1) !== ILLEGAL) return true;
    }
    return false;
  }

  /** Reduction unreachableAnswers, for the configuration that is in `mask`. */
  #isOutOfReach(state: number, target: number): boolean {
    const prints = this.#prints;
    const value = prints?.neededBy(target) ?? NONE;
    if (prints === null || value === NONE || prints.holds(state, target, value)) return false;
    if (prints.makersOf(value) === 0) return true;
    for (const other of this.#open.others) {
      if (prints.canMake(other, value) && !this.#has(this.#mask, other)) return false;
    }
    return true;
  }

  /** Reduction lostValues, for the step that is in `nextMask`. */
  #losesValue(prints: Footprints, state: number, operation: number): boolean {
    const value = prints.leftBy(state, operation);
    if (value === NONE) return false;
    let needers = prints.needersOf(value);
    if (needers === 0) return false;
    const { eager, others } = this.#open;
    let makers = prints.makersOf(value);
    if (makers > others.length) return false;
    for (const other of others) {
      if (!this.#has(this.#nextMask, other)) continue;
      if (prints.mustFind(other, value)) needers--;
      if (prints.canMake(other, value)) makers--;
    }
    if (makers > 0) return false;
    for (const other of eager) {
      if (this.#has(this.#nextMask, other) && prints.mustFind(other, value)) needers--;
    }
    return needers > 0;
  }

  /** Reduction unrelatedKeys: marks the keys that matter to `target`; false if all may. */
  #markRelated(target: number): boolean {
    const prints = this.#prints;
    if (prints === null || prints.keys === 1 || !this.#reductions.unrelatedKeys) return false;
    const marks = this.#marks;
    marks.fill(0);
    prints.mark(target, marks);
    for (let isSettled = false; !isSettled;) {
      isSettled =
        !this.#tieScans(prints, this.#open.eager) && !this.#tieScans(prints, this.#open.others);
    }
    return true;
  }

  #tieScans(prints: Footprints, list: readonly number[]): boolean {
    let isTied = false;
    for (const other of list) {
      if (this.#has(this.#mask, other) || !prints.isOnMarked(other, this.#marks)) continue;
      if (prints.mark(other, this.#marks)) isTied = true;
    }
    return isTied;
  }
}
