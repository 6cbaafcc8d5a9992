import { lsn, type Lsn } from "../storage/index.ts";
import type { Step, Task } from "../task/index.ts";
import type { CommitQueue, WaitsFor, WaitStep } from "./commit-queue.ts";

/** What a wait needs of its log. */
export interface WaitedFor {
  readonly queue: CommitQueue;
  /** Flushes for all that wait. Requires: the wait step has made the task the leader. */
  lead(position: Lsn, waitsFor: WaitsFor): Task<void>;
  /** The wait is over, well, and may be used again. */
  waitEnded(wait: LogWait): void;
}

const OVER: IteratorReturnResult<void> = { done: true, value: undefined };

/**
 * The task that waits until the log is durable up to a position, and leads if that falls to it.
 *
 * Every write makes one, and most do no more than yield one step. So it is no generator but an
 * object that is used again, which allocates nothing.
 */
export class LogWait implements Task<void> {
  readonly #log: WaitedFor;
  /** What {@link next} gives while it waits. */
  readonly #asked: IteratorYieldResult<Step>;
  #position: Lsn = lsn(0);
  #hasOwnSync = false;
  #waitsFor: WaitsFor = "room";
  /** The step that it has yielded and that was not taken yet. */
  #step: WaitStep | null = null;
  /** The flush that it leads. */
  #flush: Task<void> | null = null;

  constructor(log: WaitedFor) {
    this.#log = log;
    this.#asked = { done: false, value: log.queue.idle };
  }

  /** Sets what is waited for. Requires: it has not begun, or is over. */
  prepare(position: Lsn, hasOwnSync: boolean, waitsFor: WaitsFor): this {
    this.#position = position;
    this.#hasOwnSync = hasOwnSync;
    this.#waitsFor = waitsFor;
    return this;
  }

  next(): IteratorResult<Step, void> {
    if (this.#flush !== null) return this.#flushed(this.#flush.next());
    const step = this.#step;
    if (step === null) return this.#wait();
    this.#step = null;
    const { leads } = step;
    this.#log.queue.leave(step);
    if (!leads) return this.#end();
    this.#flush = this.#log.lead(this.#position, this.#waitsFor);
    return this.#flushed(this.#flush.next());
  }

  throw(fault: unknown): IteratorResult<Step, void> {
    if (this.#flush !== null) return this.#flushed(this.#flush.throw(fault));
    throw fault;
  }

  return(): IteratorResult<Step, void> {
    this.#flush?.return();
    return OVER;
  }

  [Symbol.iterator](): this {
    return this;
  }

  #flushed(result: IteratorResult<Step, void>): IteratorResult<Step, void> {
    if (result.done !== true) return result;
    this.#flush = null;
    return this.#hasOwnSync ? this.#end() : this.#wait();
  }

  #wait(): IteratorResult<Step, void> {
    const { queue } = this.#log;
    if (!this.#hasOwnSync && this.#position <= queue.durableLsn) return this.#end();
    const step = queue.enter(this.#position, this.#hasOwnSync, this.#waitsFor);
    this.#step = step;
    this.#asked.value = step;
    return this.#asked;
  }

  #end(): IteratorResult<Step, void> {
    this.#log.waitEnded(this);
    return OVER;
  }
}
