import { InvariantViolation } from "../task/index.ts";
import { type Failure, failureFromError } from "./failure.ts";
import type { Program, Scheduler } from "./scheduler.ts";
import { Simulation, type Start } from "./simulation.ts";

/** Checks the outcome of a run in which all tasks ended; throws if it is wrong. */
export type FinalCheck = () => void;

/** Makes the objects and tasks of a program, and may return its final check. */
export type Setup = (sim: Simulation) => FinalCheck | undefined | void;

/** A program given by a setup function, which is called anew for each run. */
export class SetupProgram implements Program {
  readonly #setup: Setup;
  readonly #start: Start;
  readonly #allowsAsync: boolean;
  #simulation: Simulation | null = null;
  #check: FinalCheck | undefined = undefined;

  constructor(setup: Setup, start: Start = "bare", allowsAsync: boolean = false) {
    this.#setup = setup;
    this.#allowsAsync = allowsAsync;
    this.#start = start;
  }

  begin(scheduler: Scheduler): void {
    const simulation = new Simulation(scheduler, this.#allowsAsync);
    this.#simulation = simulation;
    this.#check = this.#setup(simulation) ?? undefined;
    simulation.startTasks(this.#start);
  }

  finish(scheduler: Scheduler): Failure | null {
    return this.#stillHeld(scheduler) ?? this.#runCheck();
  }

  describeObject(objectId: number): string {
    return this.#simulation?.describeObject(objectId) ?? `#${objectId}`;
  }

  #stillHeld(scheduler: Scheduler): Failure | null {
    for (const { id, source } of scheduler.tasks) {
      const held = scheduler.orderGraph.heldBy(id)[0];
      if (held === undefined) continue;
      const what = held.describeHeld(this.describeObject(held.objectId));
      return {
        kind: "latch-held",
        message: `${source.name} ended and still holds ${what}`,
        task: id,
      };
    }
    return null;
  }

  #runCheck(): Failure | null {
    try {
      this.#check?.();
      return null;
    } catch (error) {
      const failure = failureFromError(error, null);
      return error instanceof InvariantViolation ? failure : { ...failure, kind: "wrong-result" };
    }
  }
}
