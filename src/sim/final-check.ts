import {
  disown,
  type ErrorCode,
  InvariantViolation,
  inWords,
  labelOf,
  LatchworkError,
  mustHaveRun,
  Step,
  type Task,
  yetToRun,
} from "../task/index.ts";
import { callOut } from "./call-out.ts";
import { type Failure, failureOfCheck } from "./failure.ts";
import { OnceSource } from "./once-source.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * Looks at the outcome of a run in which all tasks ended, and throws, or gives false, if it is
 * wrong.
 *
 * It may be a generator function: then it takes steps, as a task that runs when all others have
 * ended. Under `simulateAsync` it may be an async function, which may await anything.
 */
export type FinalCheck = () => unknown;

/** A final check on its way through one run. */
export class CheckRun {
  readonly #check: FinalCheck;
  readonly #allowsAsync: boolean;
  #verdict: Promise<unknown> | null = null;

  constructor(check: FinalCheck, allowsAsync: boolean) {
    this.#check = check;
    this.#allowsAsync = allowsAsync;
  }

  /**
   * Calls the check.
   *
   * @returns true if it is a task that is to run now.
   * @throws LatchworkError BAD_ARGUMENT or NEEDS_ASYNC for a check that cannot be run here.
   */
  begin(scheduler: Scheduler): boolean {
    const given = this.#call(scheduler);
    if (given instanceof Step) throw refused(`a step (${labelOf(given.fact())}); ${STEP_ADVICE}`);
    switch (yetToRun(given)) {
      case "a generator":
        scheduler.addTask(new CheckSource(given as Task<unknown>));
        return true;
      case "a promise":
        this.#keep(given as Promise<unknown>);
        return false;
      case "an async generator":
        throw refused("an async generator; write a function, or a generator function");
      case null:
        return false;
    }
  }

  /** What an async check came to, once it has ended; null if it passed, or is none. */
  async end(): Promise<Failure | null> {
    if (this.#verdict === null) return null;
    try {
      mustHaveRunAndPass(await this.#verdict);
      return null;
    } catch (error) {
      return failureOfCheck(error);
    }
  }

  #call(scheduler: Scheduler): unknown {
    try {
      const given = callOut(this.#check);
      mustPass(given);
      return given;
    } catch (error) {
      scheduler.fail(failureOfCheck(error));
      return undefined;
    }
  }

  #keep(verdict: Promise<unknown>): void {
    // Whatever it comes to is looked at later, if at all.
    disown(verdict);
    if (!this.#allowsAsync) {
      throw refused("a promise; an async check needs simulateAsync", "NEEDS_ASYNC");
    }
    this.#verdict = verdict;
  }
}

/** A final check that takes steps, as the last task of a run. */
class CheckSource extends OnceSource {
  readonly isCheck = true;
  readonly #code: Task<unknown>;

  constructor(code: Task<unknown>) {
    super("final check");
    this.#code = code;
  }

  override ended(value: unknown): void {
    mustHaveRunAndPass(value);
  }

  protected override code(): Task<unknown> {
    return this.#code;
  }
}

/** Checks what {@link FinalCheck setups} give. */
export function checkGivenBySetup(given: unknown): FinalCheck | null {
  if (given === undefined || given === null) return null;
  if (typeof given === "function") return given as FinalCheck;
  disown(given);
  throw new LatchworkError(
    "BAD_ARGUMENT",
    `the setup gives ${inWords(given)}; expected a function for the final check, or nothing: ` +
      SETUP_ADVICE[yetToRun(given) ?? "other"],
  );
}

const SETUP_ADVICE = {
  "a promise": "a setup is no async function; what awaits goes into sim.asyncTask",
  "a generator": "a setup is no generator function; what takes steps goes into sim.task",
  "an async generator": "a setup is no generator function; what takes steps goes into sim.task",
  other: "put the body of an arrow function into braces",
} as const;

function mustPass(given: unknown): void {
  if (given === false) throw new InvariantViolation("the final check gives false", "wrong-result");
}

function mustHaveRunAndPass(given: unknown): void {
  mustHaveRun("the final check", given);
  mustPass(given);
}

const STEP_ADVICE = "write a generator function, and yield* before the step";

function refused(found: string, code: ErrorCode = "BAD_ARGUMENT"): LatchworkError {
  return new LatchworkError(code, `the final check gives ${found}`);
}
