import {
  compareRuns,
  type Failure,
  type Program,
  ReplayStrategy,
  Scheduler,
  Trace,
} from "../../sim/index.ts";

/**
 * A program that runs every schedule a second time and compares: the same decisions must give the
 * same events. Runs that fail are not repeated here; a replay repeats them.
 */
export class RepeatedProgram implements Program {
  readonly #first: Program;
  readonly #again: Program;
  readonly #scheduler: Scheduler;
  readonly #trace = new Trace();
  readonly #traceAgain = new Trace();

  /**
   * @param make Makes the program for a scheduler; called twice, so that the two share nothing.
   */
  constructor(scheduler: Scheduler, make: (scheduler: Scheduler) => Program) {
    this.#first = make(scheduler);
    this.#scheduler = new Scheduler({
      releaseSteps: scheduler.releaseSteps,
      stepsMax: scheduler.stepsMax,
    });
    this.#scheduler.trace = this.#traceAgain;
    this.#again = make(this.#scheduler);
  }

  begin(scheduler: Scheduler): void {
    scheduler.trace = this.#trace;
    this.#first.begin(scheduler);
  }

  finish(scheduler: Scheduler): Failure | null {
    return this.#first.finish(scheduler) ?? this.#compare(scheduler);
  }

  describeObject(object: number): string {
    return this.#first.describeObject(object);
  }

  #compare(scheduler: Scheduler): Failure | null {
    const strategy = new ReplayStrategy(scheduler.schedule);
    strategy.beginRun();
    this.#scheduler.run(this.#again, strategy);
    return compareRuns(scheduler, this.#scheduler);
  }
}
