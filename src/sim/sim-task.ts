import {
  type Access,
  type Fact,
  labelOf,
  type LatchworkError,
  mustBeThere,
  type Step,
  type Task,
  type TaskId,
} from "../task/index.ts";
import type { PendingStep } from "./strategy.ts";

/** A release that the scheduler carries out as a step of its own. */
export interface DeferredRelease {
  readonly objectId: number;
  readonly incarnation: number;
  /** How it touches what it releases. */
  readonly releaseAccess: Access;
  /** The mode of a latch that is released. */
  readonly latchMode?: string;
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
  /**
   * Whether somebody compares when its operations began and returned, as a history does. Then their
   * order is part of what an interleaving is.
   */
  readonly isRecorded?: boolean;
  /** The operation's first step is being taken: from here on it is in flight. */
  begun(): void;
  /** The operation ended with this value. */
  ended(value: unknown): void;
  /** The current operation in a few words, as `insert 15`. */
  describe(): string;
  /**
   * The operation was ended by a fault of the world, thrown by a step and not caught, or by its own
   * code. True if that is dealt with and the task goes on with its next operation; without this
   * method, or with false, the run fails.
   */
  failed?(error: LatchworkError): boolean;
  /** Whether it looks at what the others did: then what it throws says that this is wrong. */
  readonly isCheck?: boolean;
  /**
   * Whether the task's first step is a crash: always possible, at no preemption, and never counted
   * as a way for the run to go on. What the task does after that step counts as usual.
   */
  readonly isCrash?: boolean;
  /**
   * For a crash that is the only option left: whether it may cut short tasks that would wait for
   * ever, as for a disk that never answers. Without this method it may; with false the run is
   * `stuck`.
   */
  rescues?(): boolean;
}

/** What a deferred release does. */
export const RELEASE_FACT: Fact = { kind: "release" };

function releaseFact(): Fact {
  return RELEASE_FACT;
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
  /** Releases deferred, oldest first; each is taken as a step before `step`. */
  readonly releases: DeferredRelease[] = [];
  /** Whether the current operation has taken no step yet. */
  isFresh = false;
  stepsTaken = 0;
  /** How many of them it had taken when time moved last. */
  stepsBefore = 0;
  /** The fault that its last step met, to be thrown into its code. */
  fault: LatchworkError | null = null;
  /** Whether it was dropped before its end. */
  wasStopped = false;
  /** Whether its next step is a crash. */
  isCrash: boolean;
  /** Whether its step was not enabled when last asked, and has not been woken since. */
  isParked = false;

  constructor(id: TaskId, source: TaskSource) {
    this.id = id;
    this.source = source;
    this.isCrash = source.isCrash === true;
  }

  /** What it does next, for strategies; null if it has ended. */
  get pending(): PendingStep | null {
    const [release] = this.releases;
    if (release === undefined) return this.step;
    const { objectId, incarnation, releaseAccess: access } = release;
    const fact = releaseFact;
    return { fact, objectId, access, incarnation, latchMode: null, isRelease: true };
  }

  get isDone(): boolean {
    return this.step === null && this.releases.length === 0;
  }

  isEnabled(): boolean {
    if (this.releases.length > 0) return true;
    const { step } = this;
    if (step === null) return false;
    const isEnabled: unknown = step.isEnabled(this.id);
    if (isEnabled === true) return true;
    if (isEnabled === false && this.isParked) return false;
    return this.#isEnabledAfterAll(step, isEnabled);
  }

  /**
   * Whether its step can be taken only because the scheduler asks at every turn: it was parked, and
   * whatever it waits on forgot to wake it. Requires: it is enabled.
   */
  get isForgotten(): boolean {
    if (!this.isParked || this.step === null) return false;
    if (this.step.needsWake(this.id)) return true;
    this.isParked = false;
    return false;
  }

  /** Drops whatever it was about to do; its code is never resumed, not even to clean up. */
  stop(): void {
    if (this.isDone) return;
    this.wasStopped = true;
    this.code = null;
    this.step = null;
    this.fault = null;
    this.isParked = false;
    this.releases.length = 0;
  }

  /** Makes the object a task that has not begun, for the next run. */
  reuse(source: TaskSource): void {
    this.source = source;
    this.code = null;
    this.step = null;
    if (this.releases.length > 0) this.releases.length = 0;
    this.isFresh = false;
    this.stepsTaken = 0;
    this.stepsBefore = 0;
    this.fault = null;
    this.wasStopped = false;
    this.isCrash = source.isCrash === true;
    this.isParked = false;
  }

  /** Parks its step unless the answer means that it is enabled; says which. */
  #isEnabledAfterAll(step: Step, answer: unknown): boolean {
    // Whoever gives something else than a boolean has a step of their own, in JavaScript.
    if (answer) {
      mustBeThere(`${labelOf(step.fact())}: isEnabled`, answer, "expected true or false");
      return true;
    }
    if (this.isParked) return false;
    this.isParked = true;
    // What its driver asks anyway is not handed over to anybody: a schedule decides who is next.
    if (step.needsWake(this.id)) step.park(this.id);
    return false;
  }
}

/** Names a task and what it is doing, as `writer (insert 15)`; a plain program is its name only. */
export function nameWithOperation(taskName: string, operation: string): string {
  return operation === "" ? taskName : `${taskName} (${operation})`;
}
