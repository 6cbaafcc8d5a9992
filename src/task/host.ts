import type { Clock } from "./clock.ts";
import type { Fact } from "./facts.ts";
import { type Access, NO_OBJECT, Step, type TaskId } from "./step.ts";

/**
 * What a driver offers to the engine beside latches: time, waking, and names for shared objects.
 *
 * Whatever makes steps that can be disabled for a while keeps the steps that wait on it and calls
 * {@link wake} for each once it may be enabled again. A driver that parks tasks resumes them then,
 * and never without; the simulator, which asks every pending step at each turn, fails a run in
 * which a parked step is enabled and the call did not come. A call too many does no harm.
 */
export interface Host extends Clock {
  /** Gives a new shared object its id, for the `objectId` of steps; reports call it by its name. */
  newObject(name: string): number;
  /**
   * The segment that runs now, from a step to the task's next one, touches a shared object, and in
   * this way. To be called before the access, for everything shared that is not the object of a
   * step; see {@link Monitor}. Nobody comes in between: the section lasts to the segment's end.
   */
  touch(objectId: number, access: Access): void;
  /** A step that can be taken once so many milliseconds have passed, or once it was cut. */
  sleep(durationMs: number): Sleep;
  /**
   * A step to yield if the task has worked for so long that others should have a turn; null if not.
   * For loops whose length a caller decides, as one over the writes of a batch, and only where
   * others may come between anyway: not in the midst of a change, nor with a page latched.
   */
  pauseIfDue(): Step | null;
  /**
   * A step that somebody may be waiting on has become enabled, or may have.
   *
   * @param isUrgent Whether whoever waits should go before all others that are ready, as one who
   *   gives a disk work that would be idle. A driver that chooses an order of its own ignores it.
   */
  wake(step: Step, isUrgent?: boolean): void;
  /**
   * A task releases what it has held since it took a step, as its place inside a gate. Latches
   * report that themselves. For order graphs and footprints; other drivers have nothing to do.
   */
  released(task: TaskId, step: Step): void;
  /** Whether anybody listens to {@link tell}. Asked first, so that no fact is made for nobody. */
  readonly isTold: boolean;
  /** Reports what has happened in the code that runs now. Requires: {@link isTold}. */
  tell(fact: Fact): void;
}

/** A wait for time to pass, which another task may end early. */
export interface Sleep extends Step {
  /**
   * Ends the sleep now, for the task that waits on it or will. Both tasks declare an access of one
   * object beside it: a sleep touches none.
   */
  cut(): void;
}

/** For one task at a time: no time passes, and nobody else could wait. */
export const DIRECT_HOST: Host = {
  nowMs: () => 0,
  newObject: () => NO_OBJECT,
  touch: () => undefined,
  sleep: () => new NoStep(),
  pauseIfDue: () => null,
  wake: () => undefined,
  released: () => undefined,
  isTold: false,
  tell: () => undefined,
};

/** A sleep of no time. */
class NoStep extends Step implements Sleep {
  cut(): void {}

  override fact(): Fact {
    return { kind: "sleep", durationMs: 0 };
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }
}
