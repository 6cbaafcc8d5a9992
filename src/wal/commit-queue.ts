import { lsn, type Lsn } from "../storage/index.ts";
import {
  type Access,
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Fact,
  type Host,
  LatchworkError,
  type Sleep,
  Step,
  type TaskId,
  WaitQueue,
} from "../task/index.ts";

/**
 * Whether the log takes writes: as it should; not before it has written what the disk had no room
 * for; or never again, since a sync failed.
 */
export type LogState = "open" | "full" | "failed";

/**
 * What a task waits for: that a change of its own is durable, that what it saw of others' is, or
 * only that the log is written, to begin a write or to evict a page.
 */
export type WaitsFor = "change" | "sight" | "room";

/**
 * One task's wait for a position to be durable. Taken, it has settled, or its task leads the next
 * flush: see {@link WaitStep.leads}.
 */
export class WaitStep extends Step {
  readonly #queue: CommitQueue;
  position: Lsn = lsn(0);
  /** Whether the task needs a sync of its own, and shares none. */
  hasOwnSync = false;
  waitsFor: WaitsFor = "room";
  /** Whether the task has become the leader. Valid once the step is taken. */
  leads = false;
  /** For the queue only. */
  refusalsSeen = 0;
  isListed = false;

  constructor(queue: CommitQueue, objectId: number) {
    super();
    this.#queue = queue;
    this.objectId = objectId;
    this.access = ACCESS_READ;
  }

  override isEnabled(): boolean {
    if (this.#queue.isSettled(this)) {
      this.access = ACCESS_READ;
      return true;
    }
    this.access = ACCESS_WRITE;
    return this.#queue.mayLead(this);
  }

  override needsWake(): boolean {
    return this.#queue.mustWake(this);
  }

  override take(task: TaskId): boolean {
    this.#queue.settle(this, task);
    return true;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    this.#queue.collectBlockers(this, into);
  }

  override fact(): Fact {
    const { position } = this;
    return { kind: "log-wait", position, isInBatch: this.#queue.isInBatch(position) };
  }
}

/** What a refusal leaves. Others may have built on a change already: it is not taken back. */
const LEFT_BY_REFUSAL: Record<WaitsFor, string> = {
  change: "; the write is not acknowledged, but it can be read, and may survive a crash or not",
  sight: "; what was to be answered rests on a write that may survive a crash or not",
  room: "",
};

/** A wait for the moment when no task flushes. It keeps no state, so all tasks can share it. */
class IdleStep extends Step {
  readonly #queue: CommitQueue;

  constructor(queue: CommitQueue, objectId: number) {
    super();
    this.#queue = queue;
    this.objectId = objectId;
    this.access = ACCESS_READ;
  }

  override isEnabled(): boolean {
    return !this.#queue.isFlushing;
  }

  override take(): boolean {
    return true;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    this.#queue.collectLeader(into);
  }

  override fact(): Fact {
    return { kind: "flush-wait" };
  }
}

/**
 * Who waits for the log, in the order of their positions, and who leads.
 *
 * Leader-based group commit, after DeWitt et al., "Implementation techniques for main memory
 * database systems" (1984), with the leader of MySQL's and RocksDB's commit queues in place of a
 * log process: a task that waits while none flushes, flushes for all.
 *
 * Waits that share a sync and waits that need one of their own are kept in two lists: a flush ends
 * the waits of a front part of the first and none of the second, so those that go on cost nothing.
 *
 * Invariants: (1) at most one task leads; (2) `#sharing` and `#separate` list the waits that have
 * not settled, by ascending position, first come first; (3) whenever no task leads, the wait of the
 * lowest position among the firsts of both has been woken since it could lead, if it can.
 */
export class CommitQueue {
  readonly #host: Host;
  readonly #objectId: number;
  readonly #sharing = new WaitQueue<WaitStep>();
  readonly #separate = new WaitQueue<WaitStep>();
  readonly #spare: WaitStep[] = [];
  /** How often the disk had no room. */
  #refusals = 0;
  /** Whether the log has refused or failed since waits were last settled, and so ends them all. */
  #endsAll = false;
  #failure: string | null = null;
  #refusal = "";
  /** To wait for the moment when no task flushes. */
  readonly idle: Step;
  /**
   * Up to where a flush may make the log durable: not into a batch that has not ended. A task that
   * appends outside of one raises it as far as the log's end, where none waits yet: that commutes
   * with whatever others do here.
   */
  flushLimit: Lsn;
  #durableLsn: Lsn;
  /** Whose batch is under way, where that is known. */
  batchOf: TaskId | null = null;
  #isFull = false;
  #leader: TaskId | null = null;
  #isFlushing = false;
  /** Where the leader sleeps until so many wait, if it does. */
  #gathering: Sleep | null = null;
  #gatheringEnough = 0;
  /** Used again and again by {@link wakeSettled}. */
  readonly #settled: WaitStep[] = [];

  constructor(host: Host, objectId: number, start: Lsn) {
    this.#host = host;
    this.#objectId = objectId;
    this.idle = new IdleStep(this, objectId);
    this.#durableLsn = start;
    this.flushLimit = start;
  }

  get durableLsn(): Lsn {
    this.#touch(ACCESS_READ);
    return this.#durableLsn;
  }

  set durableLsn(position: Lsn) {
    this.#touch(ACCESS_WRITE);
    this.#durableLsn = position;
  }

  /** Whether the disk had no room for what was to be written last. */
  get isFull(): boolean {
    this.#touch(ACCESS_READ);
    return this.#isFull;
  }

  set isFull(isFull: boolean) {
    this.#touch(ACCESS_WRITE);
    this.#isFull = isFull;
  }

  /** Whether a task leads. */
  get isFlushing(): boolean {
    this.#touch(ACCESS_READ);
    return this.#isFlushing;
  }

  get state(): LogState {
    this.#touch(ACCESS_READ);
    if (this.#failure !== null) return "failed";
    return this.#isFull ? "full" : "open";
  }

  /** How many tasks wait and do not lead. */
  get length(): number {
    this.#touch(ACCESS_READ);
    return this.#sharing.length + this.#separate.length;
  }

  /** A step to wait on, to be handed back to {@link leave}. O(1) for the highest position. */
  enter(position: Lsn, hasOwnSync: boolean, waitsFor: WaitsFor): WaitStep {
    const step = this.#spare.pop() ?? new WaitStep(this, this.#objectId);
    step.position = position;
    step.hasOwnSync = hasOwnSync;
    step.waitsFor = waitsFor;
    step.leads = false;
    step.isListed = true;
    step.refusalsSeen = this.#refusals;
    this.#touch(ACCESS_WRITE);
    this.#insert(step);
    if (this.#gathering !== null && this.length >= this.#gatheringEnough) {
      this.#gathering.cut();
      this.#gathering = null;
    }
    return step;
  }

  /** For the leader: the shortest sleep, which is cut short as soon as so many others wait. */
  untilWaiting(count: number): Step {
    const step = this.#host.sleep(0);
    this.#gathering = step;
    this.#gatheringEnough = count;
    return step;
  }

  /** Takes back a step that was taken without a fault. */
  leave(step: WaitStep): void {
    this.#spare.push(step);
  }

  /** Whether the wait is over, well or badly. */
  isSettled(step: WaitStep): boolean {
    if (this.#failure !== null) return true;
    if (step.position <= this.#durableLsn && !step.hasOwnSync) return true;
    return step.refusalsSeen !== this.#refusals;
  }

  mayLead(step: WaitStep): boolean {
    return !this.#isFlushing && step.position <= this.flushLimit;
  }

  /**
   * Whether a step that is enabled is among those that {@link wakeSettled} wakes. Others may lead
   * too, if a driver asks them; but they may sleep on, since the first one leads for all.
   */
  mustWake(step: WaitStep): boolean {
    return this.isSettled(step) || this.#firstInLine() === step;
  }

  /**
   * Ends a wait, or makes its task the leader. For {@link WaitStep} only.
   *
   * @throws LatchworkError LOG_FAILED or NO_SPACE.
   */
  settle(step: WaitStep, task: TaskId): void {
    this.#forget(step);
    this.throwIfFailed();
    const isRefused = step.refusalsSeen !== this.#refusals;
    if (step.position <= this.#durableLsn && (isRefused || !step.hasOwnSync)) return;
    if (isRefused) this.throwRefusal(step.waitsFor);
    assert(this.mayLead(step), "a wait that is taken has settled, or its task may lead");
    step.leads = true;
    this.#isFlushing = true;
    this.#leader = task;
  }

  /** The leader's flush is over, well or not; whoever waits has still to be woken. */
  flushEnded(): void {
    this.#touch(ACCESS_WRITE);
    this.#isFlushing = false;
    this.#leader = null;
    this.#gathering = null;
  }

  /** Whether no flush can reach a position yet. */
  isInBatch(position: Lsn): boolean {
    return position > this.flushLimit;
  }

  /** Appends who has to move before a wait can end: the leader, and whoever is in a batch. */
  collectBlockers(step: WaitStep, into: TaskId[]): void {
    if (this.isSettled(step)) return;
    this.collectLeader(into);
    if (this.isInBatch(step.position) && this.batchOf !== null) into.push(this.batchOf);
  }

  /** Appends the task that leads, if one does. */
  collectLeader(into: TaskId[]): void {
    if (this.#leader !== null) into.push(this.#leader);
  }

  /** @throws LatchworkError LOG_FAILED if the log has failed. */
  throwIfFailed(): void {
    this.#touch(ACCESS_READ);
    if (this.#failure !== null) throw new LatchworkError("LOG_FAILED", this.#failure);
  }

  /** Reports that there is no room, and what that means for what was waited for. */
  throwRefusal(waitsFor: WaitsFor): never {
    throw new LatchworkError("NO_SPACE", this.#refusal + LEFT_BY_REFUSAL[waitsFor]);
  }

  /** The disk had no room: all waits end with NO_SPACE. */
  refuse(message: string): void {
    this.#touch(ACCESS_WRITE);
    this.#isFull = true;
    this.#refusals++;
    this.#refusal = message;
    this.#endsAll = true;
  }

  /** The log can never be durable again: the first reason given stays. */
  fail(message: string): void {
    this.#touch(ACCESS_WRITE);
    this.#failure ??= message;
    this.#endsAll = true;
  }

  /**
   * Wakes the wait that may lead, so that the disk has work again, and then those that have
   * settled, each list in the order of positions. Called whenever something has changed that they
   * wait for. O(1 + those it wakes).
   */
  wakeSettled(): number {
    this.#touch(ACCESS_WRITE);
    const settled = this.#settled;
    this.#takeFront(this.#sharing);
    if (this.#endsAll) this.#takeFront(this.#separate);
    this.#endsAll = false;
    this.wakeLeader();
    for (const step of settled) this.#host.wake(step);
    const count = settled.length;
    settled.length = 0;
    if (!this.#isFlushing) this.#host.wake(this.idle);
    return count;
  }

  /** Wakes the next leader, if one may lead. O(1). */
  protected wakeLeader(): void {
    const first = this.#firstInLine();
    if (first !== undefined && this.mayLead(first)) this.#host.wake(first, true);
  }

  /** Takes those off the front of a list whose wait is over. */
  #takeFront(waiting: WaitQueue<WaitStep>): void {
    for (;;) {
      const step = waiting.first;
      if (step === undefined || !this.isSettled(step)) return;
      waiting.shift();
      step.isListed = false;
      this.#settled.push(step);
    }
  }

  /** The wait of the lowest position in both lists. */
  #firstInLine(): WaitStep | undefined {
    const separate = this.#separate.first;
    const sharing = this.#sharing.first;
    if (separate === undefined || sharing === undefined) return separate ?? sharing;
    return separate.position < sharing.position ? separate : sharing;
  }

  /** The queue is a monitor, under the same object as the steps that wait in it. */
  #touch(access: Access): void {
    this.#host.touch(this.#objectId, access);
  }

  #insert(step: WaitStep): void {
    const { position } = step;
    const list = this.#listOf(step);
    const { last } = list;
    if (last === undefined || last.position <= position) list.push(step);
    else list.insertBehind(step, (other) => other.position <= position);
  }

  /** Takes a step off its list, if it is on it still. The leader's is nearly always the first. */
  #forget(step: WaitStep): void {
    if (!step.isListed) return;
    step.isListed = false;
    this.#listOf(step).take((other) => other === step);
  }

  #listOf(step: WaitStep): WaitQueue<WaitStep> {
    return step.hasOwnSync ? this.#separate : this.#sharing;
  }
}
