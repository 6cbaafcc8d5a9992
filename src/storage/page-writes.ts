import { assert, type Host, type Step, type TaskId } from "../task/index.ts";
import { PageFrame } from "./page-view.ts";
import { PageWrite } from "./pool-slot.ts";

/** A step that waits for writes, and is enabled for every task or for none. */
export interface WriteWaiter extends Step {
  isEnabled(): boolean;
}

// Copies of pages kept for the next writes.
const IDLE_MAX = 64;

/**
 * The page writes of a pool that are under way, and who waits for their ends.
 *
 * Writes are numbered in the order in which they begin, from 1, so that one can wait for all those
 * begun so far and not for those that others begin meanwhile.
 */
export class PageWrites {
  readonly #pageSize: number;
  readonly #host: Host;
  /** The oldest first. */
  readonly #underWay: Set<PageWrite> = new Set();
  readonly #idle: PageWrite[] = [];
  readonly #parked: Set<WriteWaiter> = new Set();
  #begun = 0;

  constructor(pageSize: number, host: Host) {
    this.#pageSize = pageSize;
    this.#host = host;
  }

  /** The number of the oldest write under way, or infinite. O(1). */
  get oldest(): number {
    for (const write of this.#underWay) return write.number;
    return Number.POSITIVE_INFINITY;
  }

  /** The number of the write begun last; 0 before the first. */
  get latest(): number {
    return this.#begun;
  }

  /** Begins a write of a task; the caller fills in the page. */
  begin(task: TaskId | null): PageWrite {
    const write = this.#idle.pop() ?? new PageWrite(this.#newFrame());
    write.isVoid = false;
    write.task = task;
    write.number = ++this.#begun;
    this.#underWay.add(write);
    return write;
  }

  /** Ends a write; whoever waits has still to be woken. */
  end(write: PageWrite): void {
    assert(this.#underWay.delete(write), "a write ends once");
    if (this.#idle.length < IDLE_MAX) this.#idle.push(write);
  }

  /** Appends whose writes are under way, of those begun up to the one with number `last`. */
  collectWriters(last: number, into: TaskId[]): void {
    for (const { number, task } of this.#underWay) {
      if (number <= last && task !== null) into.push(task);
    }
  }

  /** `step` waits for writes, and is to be woken when one ends that enables it. */
  join(step: WriteWaiter): void {
    this.#parked.add(step);
  }

  /** Wakes those who need not wait any more. O(those who wait). */
  wakeWaiters(): void {
    for (const step of this.#parked) {
      if (!step.isEnabled()) continue;
      this.#parked.delete(step);
      this.#host.wake(step);
    }
  }

  #newFrame(): PageFrame {
    return new PageFrame(new ArrayBuffer(this.#pageSize), 0, this.#pageSize);
  }
}
