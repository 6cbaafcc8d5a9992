import type { Step, Task, TaskId } from "../task/index.ts";

/** A release that the scheduler carries out as a step of its own. */
export interface PutOffRelease {
  readonly objectId: number;
  finishRelease(): void;
}

/**
 * Where a task's code comes from: one operation after another, each a generator.
 *
 * Handing out generators instead of delegating to them saves a generator hop on every step.
 */
export interface TaskSource {
  readonly name: string;
  /** The next operation, or null if there is none. Runs to its first yield at once. */
  next(): Task<unknown> | null;
  /** The operation's first step is being taken: from here on it is in flight. */
  begun(): void;
  /** The operation ended with this value. */
  ended(value: unknown): void;
  /** The current operation in a few words, as `insert 15`. */
  describe(): string;
}

/** A task as the scheduler sees it. */
export class SimTask {
  readonly id: TaskId;
  /** The task that spawned it, or null if it was there from the start. */
  parent: TaskId | null = null;
  source: TaskSource;
  code: Task<unknown> | null = null;
  /** What it is about to do, or null once it has ended. */
  step: Step | null = null;
  /** Releases put off, oldest first; each is taken as a step before `step`. */
  readonly releases: PutOffRelease[] = [];
  /** Whether the current operation has taken no step yet. */
  isFresh = false;
  stepsTaken = 0;

  constructor(id: TaskId, source: TaskSource) {
    this.id = id;
    this.source = source;
  }

  get isDone(): boolean {
    return this.step === null && this.releases.length === 0;
  }

  isEnabled(): boolean {
    if (this.releases.length > 0) return true;
    return this.step !== null && this.step.isEnabled(this.id);
  }

  /** Makes the object a task that has not begun, for the next run. */
  reuse(source: TaskSource): void {
    this.source = source;
    this.code = null;
    this.step = null;
    if (this.releases.length > 0) this.releases.length = 0;
    this.isFresh = false;
    this.stepsTaken = 0;
  }
}
