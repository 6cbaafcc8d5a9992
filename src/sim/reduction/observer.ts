import {
  mustBeFunction,
  optionNames,
  refuseUnknownOptions,
  type TaskId,
} from "../../task/index.ts";
import type { Event } from "./event.ts";
import type { Race } from "./races.ts";

/** Why a run was given up. */
export type GivenUp =
  /**
   * Whoever could go on was asleep, or waited for a twin: all that the run could come to has been
   * run. Rare, and only where a reversal was possible that could not be compared before it ran.
   */
  | "asleep"
  /** The last event of a reversal was not possible where it was to be run. */
  | "impossible"
  /** An event that was to be repeated did not do what it had done, so some access is undeclared. */
  | "strayed"
  /** A task that is to be another's twin did something else, so the two are not exchangeable. */
  | "unlike";

/** Why a race is not reversed anew. */
export type Refused =
  /** What it would lead to has been explored, from a task that sleeps. */
  | "asleep"
  /** A sequence that leads to the same is planned already. */
  | "planned"
  /** It was tried, and turned out to be impossible. */
  | "impossible";

/**
 * Is shown every decision of a reduction, in order. All methods are optional; depths count the
 * events of a run from 0.
 */
export interface ReductionObserver {
  /** A run begins; it repeats the one before up to this depth and goes another way there. */
  began?(depth: number): void;
  /** An event was run that was not in the run before. */
  visited?(depth: number, event: Event): void;
  /** Two events of a run that has ended could come in the other order. */
  raced?(race: Race): void;
  /** A sequence was planned, to be run at this depth. */
  reversed?(depth: number, tasks: readonly TaskId[], race: Race): void;
  /** A race is not reversed at this depth. */
  refused?(depth: number, why: Refused, race: Race): void;
  /** Everything that begins with this event at this depth has been explored. */
  slept?(depth: number, event: Event): void;
  /** The run was given up at this depth. */
  abandoned?(depth: number, why: GivenUp): void;
  /** There is nothing left to explore. */
  exhausted?(): void;
}

const NAMES = optionNames<ReductionObserver>({
  began: true,
  visited: true,
  raced: true,
  reversed: true,
  refused: true,
  slept: true,
  abandoned: true,
  exhausted: true,
});

/** @throws LatchworkError BAD_ARGUMENT for a method that there is not, or that is no function. */
export function mustBeObserver(given: ReductionObserver): void {
  refuseUnknownOptions("an observer of a reduction", given, NAMES);
  for (const name of NAMES) {
    const method: unknown = Reflect.get(given, name);
    if (method !== undefined) mustBeFunction(`observer: ${name}`, method, "a function");
  }
}
