import type { Failure } from "./failure.ts";
import type { Scheduler } from "./scheduler.ts";

/** Something that the scheduler runs, over and over, each time from the start. */
export interface Program {
  /** Puts everything back to the start and adds the tasks with {@link Scheduler.addTask}. */
  begin(scheduler: Scheduler): void;
  /** All tasks ended, once or again: true if more have been added, and the run goes on. */
  atRest?(scheduler: Scheduler): boolean;
  /** The run has ended well so far: the last checks, at quiescence. Null if all is well. */
  finish(scheduler: Scheduler): Failure | null;
  /** What `finish` could not wait for; asked of drivers with promises only. */
  finishAsync?(): Promise<Failure | null>;
  /** Names a shared object in reports, as `page 4 (leaf)`. */
  describeObject(objectId: number): string;
}
