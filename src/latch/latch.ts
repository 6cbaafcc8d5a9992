import { assert, type TaskId, WaitQueue } from "../task/index.ts";
import type { LatchId } from "./latch-id.ts";
import { ONLY_TABLE } from "./latch-objects.ts";
import {
  areCompatible,
  EXCLUSIVE,
  type Fairness,
  fits,
  holdsUp,
  type Mode,
  type ModeSet,
  NO_MODES,
  only,
  SHARED,
} from "./mode.ts";

/** A guard, as the latch that it asks for sees it. */
export interface LatchRequest {
  readonly owner: { readonly taskId: TaskId };
  readonly mode: Mode;
  /** The mode in which it holds the latch now; see {@link isUpgrade}. */
  readonly heldMode: Mode;
  /** Whether the owner already holds the latch in a weaker mode and asks for X. */
  readonly isUpgrade: boolean;
  /** Whether it has joined the queue. */
  readonly isQueued: boolean;
  /** It waited in the queue, and the latch was granted to it. */
  handedOver(): void;
}

/** What became of requests for the latches of a table. For figures only: nothing depends on it. */
export interface LatchFigures {
  /** Requests that had to wait in a queue. */
  readonly waits: number;
  /** Tries that were refused: as somebody had the latch, or what they were for was void already. */
  readonly refusals: number;
  /** The most latches that one task held at once. */
  readonly heldMax: number;
}

/** What latches of a table count together. */
export class LatchUse implements LatchFigures {
  /** How many are held: while there are none, whoever comes is granted at once. */
  latches = 0;
  waits = 0;
  refusals = 0;
  heldMax = 0;

  /** Counts a task's latches, of which one has just been granted. O(1). */
  holds(count: number): void {
    if (count > this.heldMax) this.heldMax = count;
  }

  /** What it has counted so far, as a value of its own. */
  figures(): LatchFigures {
    const { waits, refusals, heldMax } = this;
    return { waits, refusals, heldMax };
  }

  reset(): void {
    this.latches = 0;
    this.waits = 0;
    this.refusals = 0;
    this.heldMax = 0;
  }
}

/** Where latches of no table are counted; nobody looks at it. */
const NOBODYS = new LatchUse();

/**
 * One latch: who holds it and who waits, as a state machine that never waits itself.
 *
 * Invariants: (1) any two holders are compatible, and `#held` is the set of their modes; (2) the
 * queue holds only guards that arrived and were not granted; (3) after each call nobody who is next
 * in line could be granted. Who is next: see {@link Fairness}.
 */
export class Latch {
  readonly id: LatchId;
  readonly fairness: Fairness;
  /** Its id among the driver's shared objects; set by the table that makes it. */
  objectId: number;
  readonly holders: LatchRequest[] = [];
  readonly #queue = new WaitQueue<LatchRequest>();
  /** Counts the lives of what the latch protects: a page id that is freed comes back as another. */
  incarnation = 0;
  /** How many guards name this latch and are not done with it: it must stay the one they mean. */
  claims = 0;
  /** Counts exclusive releases: what was read while it did not move was not changed meanwhile. */
  version = 0;
  /** Counts the latches in use of the table that made it. */
  use: LatchUse = NOBODYS;
  #held: ModeSet = NO_MODES;

  constructor(id: LatchId, fairness: Fairness) {
    this.id = id;
    this.objectId = ONLY_TABLE.objectOf(id);
    this.fairness = fairness;
  }

  /** Whether somebody holds it exclusively. */
  get isExclusive(): boolean {
    return !fits(SHARED, this.#held);
  }

  get isFree(): boolean {
    return this.holders.length === 0 && this.#queue.length === 0;
  }

  /** Whether a reader that comes now is granted the latch at once, whatever the fairness. */
  get admitsReader(): boolean {
    return fits(SHARED, this.#held) && this.#queue.length === 0;
  }

  /** Whether a request that has not joined the queue would be granted at once. */
  canGrant(guard: LatchRequest): boolean {
    if (!this.#fitsHolders(guard)) return false;
    if (this.#queue.length === 0 || this.fairness === "barging") return true;
    if (guard.isUpgrade) return true;
    if (this.fairness === "fifo") return false;
    return guard.mode === EXCLUSIVE || !this.#hasWaitingWriter();
  }

  /** Whether joining the queue could change what others are granted, and so is a step. */
  arrivalMatters(mode: Mode): boolean {
    if (this.fairness === "fifo") return true;
    return this.fairness === "writer-preferring" && mode === EXCLUSIVE;
  }

  /** Gives the latch to a guard. Requires: `canGrant(guard)`, or a turn at the queue's head. */
  grant(guard: LatchRequest): void {
    if (this.holders.length === 0) this.use.latches++;
    if (guard.isUpgrade) {
      assert(this.holders.length === 1, "an upgrade is granted only to the sole holder");
      this.holders.length = 0;
      this.#held = NO_MODES;
    } else {
      assert(fits(guard.mode, this.#held), "a granted latch is compatible with its holders");
    }
    this.holders.push(guard);
    this.#held |= only(guard.mode);
  }

  /** Puts a request that cannot be granted into the queue; an upgrade goes to its head. */
  enqueue(guard: LatchRequest): void {
    this.use.waits++;
    if (guard.isUpgrade) this.#queue.pushFront(guard);
    else this.#queue.push(guard);
  }

  /** Takes a holder away and hands the latch to whoever is next. */
  release(guard: LatchRequest): void {
    const at = this.holders.indexOf(guard);
    assert(at >= 0, "only a holder releases a latch");
    if (this.isExclusive) this.version++;
    const last = this.holders.pop();
    if (last !== undefined && last !== guard) this.holders[at] = last;
    if (this.holders.length === 0) {
      this.#held = NO_MODES;
      this.use.latches--;
    } else this.#held = modesOf(this.holders);
    if (this.#queue.length > 0) this.#handOver();
  }

  /** Appends the tasks that a waiting request waits for: holders, and those who go before it. */
  collectBlockers(guard: LatchRequest, into: TaskId[]): void {
    for (const holder of this.holders) {
      const isOwn = guard.isUpgrade && holder.owner === guard.owner;
      if (!isOwn && !areCompatible(holder.heldMode, guard.mode)) into.push(holder.owner.taskId);
    }
    // An upgrade goes before all who wait, and so does a newcomer to a barging latch.
    if (guard.isUpgrade || (this.fairness === "barging" && !guard.isQueued)) return;
    let isAhead = true;
    for (let at = 0; at < this.#queue.length; at++) {
      const waiter = this.#queue.at(at);
      if (waiter === undefined) return;
      if (waiter === guard) isAhead = false;
      else if (this.#goesBefore(waiter.mode, guard.mode, isAhead)) into.push(waiter.owner.taskId);
    }
  }

  /** Who waits, the next first. O(waiters). For reports. */
  waiting(): LatchRequest[] {
    const found: LatchRequest[] = [];
    for (let at = 0; at < this.#queue.length; at++) {
      const guard = this.#queue.at(at);
      if (guard !== undefined) found.push(guard);
    }
    return found;
  }

  /** Forgets holders and waiters, for a driver that starts over. */
  reset(): void {
    // Truncating an array costs far more than looking at it, and most are empty.
    if (this.holders.length > 0) this.holders.length = 0;
    this.#queue.clear();
    this.claims = 0;
    this.#held = NO_MODES;
    this.incarnation = 0;
    this.version = 0;
  }

  /** Notifies a guard of the queue that the latch was granted to it. */
  protected notify(guard: LatchRequest): void {
    guard.handedOver();
  }

  #fitsHolders(guard: LatchRequest): boolean {
    // An upgrade is to X, which fits nobody: the only holder left must be the one who upgrades.
    return guard.isUpgrade ? this.holders.length === 1 : fits(guard.mode, this.#held);
  }

  /** Whether a request in the queue is served before another and keeps it waiting. */
  #goesBefore(waiting: Mode, wanted: Mode, isAhead: boolean): boolean {
    if (this.fairness !== "writer-preferring") return isAhead && holdsUp(waiting, wanted);
    return waiting === EXCLUSIVE && (isAhead || wanted !== EXCLUSIVE);
  }

  #hasWaitingWriter(): boolean {
    return this.#queue.some((waiter) => waiter.mode === EXCLUSIVE);
  }

  #handOver(): void {
    for (;;) {
      const next = this.#nextInLine();
      if (next === undefined || !this.#fitsHolders(next)) return;
      this.#queue.take((waiter) => waiter === next);
      this.grant(next);
      this.notify(next);
    }
  }

  #nextInLine(): LatchRequest | undefined {
    const first = this.#queue.first;
    if (this.fairness !== "writer-preferring" || first?.mode === EXCLUSIVE) return first;
    const writer = this.#queue.find((waiter) => waiter.mode === EXCLUSIVE);
    return writer ?? this.#queue.find((waiter) => fits(waiter.mode, this.#held));
  }
}

function modesOf(holders: readonly LatchRequest[]): ModeSet {
  let held = NO_MODES;
  for (const { heldMode } of holders) held |= only(heldMode);
  return held;
}
