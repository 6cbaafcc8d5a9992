import { heldOf, inWords, LatchworkError, mustBeFunction } from "../task/index.ts";
import { CheckRun, checkGivenBySetup, type FinalCheck } from "./final-check.ts";
import type { Failure } from "./failure.ts";
import type { Program, Scheduler } from "./scheduler.ts";
import { Simulation, type Start } from "./simulation.ts";

/** Makes the objects and tasks of a program, and may give its final check. */
export type Setup = (sim: Simulation) => FinalCheck | undefined | void;

/** A program given by a setup function, which is called anew for each run. */
export class SetupProgram implements Program {
  readonly #setup: Setup;
  readonly #start: Start;
  readonly #allowsAsync: boolean;
  #simulation: Simulation | null = null;
  #check: CheckRun | null = null;
  #isChecked = false;

  /**
   * @param allowsAsync Whether the run's driver can run async functions.
   * @throws LatchworkError BAD_ARGUMENT if the setup is no function.
   */
  constructor(setup: Setup, start: Start = "bare", allowsAsync: boolean = false) {
    mustBeFunction("setup", setup, "a function that is given a simulation");
    this.#setup = setup;
    this.#allowsAsync = allowsAsync;
    this.#start = start;
  }

  begin(scheduler: Scheduler): void {
    const simulation = new Simulation(scheduler, this.#allowsAsync);
    this.#simulation = simulation;
    this.#isChecked = false;
    const check = checkGivenBySetup(this.#setup(simulation));
    this.#check = check === null ? null : new CheckRun(check, this.#allowsAsync);
    simulation.startTasks(this.#start);
  }

  atRest(scheduler: Scheduler): boolean {
    if (this.#check === null || this.#isChecked) return false;
    this.#isChecked = true;
    // What is still held is reported instead of what the check would make of it.
    if (this.#stillHeld(scheduler) !== null) return false;
    return this.#check.begin(scheduler);
  }

  finish(scheduler: Scheduler): Failure | null {
    return this.#stillHeld(scheduler);
  }

  async finishAsync(): Promise<Failure | null> {
    return this.#check === null ? null : this.#check.end();
  }

  /** @throws LatchworkError BAD_ARGUMENT if the setup does not say. */
  digest(): string {
    const digest: unknown = this.#simulation?.digestNow() ?? null;
    if (typeof digest === "string") return digest;
    const advice = "call sim.digest in the setup, with a function that gives the state as a text";
    throw new LatchworkError("BAD_ARGUMENT", `digest: found ${inWords(digest)}; ${advice}`);
  }

  lookedAt(): readonly number[] {
    return this.#simulation?.lookedAt() ?? [];
  }

  describeObject(objectId: number): string {
    return this.#simulation?.describeObject(objectId) ?? `#${objectId}`;
  }

  #stillHeld(scheduler: Scheduler): Failure | null {
    for (const { id, source } of scheduler.tasks) {
      const held = scheduler.orderGraph.heldBy(id)[0];
      if (held === undefined) continue;
      const what = heldOf(held.fact(), this.describeObject(held.objectId));
      return {
        kind: "latch-held",
        message: `${source.name} ended and still holds ${what}`,
        task: id,
      };
    }
    return null;
  }
}
