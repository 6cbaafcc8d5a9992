import { assert, type TaskId, WaitQueue } from "../task/index.ts";
import type { LatchId } from "./latch-id.ts";
import { areCompatible, EXCLUSIVE, type Fairness, type Mode, SHARED } from "./mode.ts";

/** A guard, as the latch that it asks for sees it. */
export interface LatchRequest {
  readonly owner: { readonly taskId: TaskId };
  readonly mode: Mode;
  /** The mode in which it holds the latch now; see {@link isUpgrade}. */
  readonly heldMode: Mode;
  /** Whether the owner already holds the latch in shared mode and asks to be alone. */
  readonly isUpgrade: boolean;
  /** It waited in the queue, and the latch was granted to it. */
  handedOver(): void;
}

/**
 * One latch: who holds it and who waits, as a state machine that never waits itself.
 *
 * Invariants: (1) all holders are compatible with each other, so an exclusive holder is alone;
 * (2) the queue holds only guards that arrived and were not granted; (3) after each release no
 * guard at the head of a fair queue could be granted.
 */
export class Latch {
  readonly id: LatchId;
  readonly fairness: Fairness;
  readonly holders: LatchRequest[] = [];
  readonly #queue = new WaitQueue<LatchRequest>();
  /** Counts the lives of what the latch protects: a page id that is freed comes back as another. */
  incarnation = 0;
  /** How many guards name this latch and are not done with it: it must stay the one they mean. */
  claims = 0;
  #isExclusive = false;

  constructor(id: LatchId, fairness: Fairness) {
    this.id = id;
    this.fairness = fairness;
  }

  get isFree(): boolean {
    return this.holders.length === 0 && this.#queue.length === 0;
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
    if (guard.isUpgrade) {
      assert(this.holders.length === 1, "an upgrade is granted only to the sole holder");
      this.holders.length = 0;
    } else {
      assert(this.#fitsHolders(guard), "a granted latch is compatible with its holders");
    }
    this.holders.push(guard);
    this.#isExclusive = guard.mode === EXCLUSIVE;
  }

  /** Puts a request that cannot be granted into the queue; an upgrade goes to its head. */
  enqueue(guard: LatchRequest): void {
    if (guard.isUpgrade) this.#queue.pushFront(guard);
    else this.#queue.push(guard);
  }

  /** Takes a holder away and hands the latch to whoever is next. */
  release(guard: LatchRequest): void {
    const at = this.holders.indexOf(guard);
    assert(at >= 0, "only a holder releases a latch");
    const last = this.holders.pop();
    if (last !== undefined && last !== guard) this.holders[at] = last;
    if (this.holders.length === 0) this.#isExclusive = false;
    if (this.#queue.length > 0) this.#handOver();
  }

  /** Appends the tasks that a waiting request waits for: holders, and those who go before it. */
  collectBlockers(guard: LatchRequest, into: TaskId[]): void {
    for (const holder of this.holders) {
      const isOwn = guard.isUpgrade && holder.owner === guard.owner;
      if (!isOwn && !areCompatible(holder.heldMode, guard.mode)) into.push(holder.owner.taskId);
    }
    if (this.fairness === "barging") return;
    for (let at = 0; at < this.#queue.length; at++) {
      const waiter = this.#queue.at(at);
      if (waiter === undefined || waiter === guard) return;
      if (!areCompatible(waiter.mode, guard.mode)) into.push(waiter.owner.taskId);
    }
  }

  /** Forgets holders and waiters, for a driver that starts over. */
  reset(): void {
    // Truncating an array costs far more than looking at it, and most are empty.
    if (this.holders.length > 0) this.holders.length = 0;
    this.#queue.clear();
    this.claims = 0;
    this.#isExclusive = false;
    this.incarnation = 0;
  }

  /** Tells a guard of the queue that the latch was granted to it. */
  protected tell(guard: LatchRequest): void {
    guard.handedOver();
  }

  #fitsHolders(guard: LatchRequest): boolean {
    if (guard.isUpgrade) return this.holders.length === 1;
    return guard.mode === SHARED ? !this.#isExclusive : this.holders.length === 0;
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
      this.tell(next);
    }
  }

  #nextInLine(): LatchRequest | undefined {
    if (this.fairness !== "writer-preferring") return this.#queue.first;
    return this.#queue.find((waiter) => waiter.mode === EXCLUSIVE) ?? this.#queue.first;
  }
}
