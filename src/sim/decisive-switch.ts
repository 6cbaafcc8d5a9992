import { type BugIdentity, needsConflict } from "./bug-identity.ts";
import type { SeenChoice, SeenOption } from "./choice-record.ts";
import type { FailureKind } from "./failure.ts";
import type { Schedule } from "./schedule.ts";
import { GuidedStrategy } from "./strategies/guided.ts";
import type { Strategy } from "./strategy.ts";

/**
 * The one switch that matters: the last choice of a failing run at which another decision avoids
 * the failure. It is found by trying: from the last choice to the first, each other option is taken
 * in its place, and the rest of the schedule is followed as far as it goes. So a step is moved
 * forward and nothing else is changed. Since the same change one choice later does not help, the
 * step that was taken and the one that comes before it instead are in conflict. A value that is
 * drawn counts only if no choice between tasks does.
 *
 * A failure is avoided if the run then goes well, or shows no more than a warning of another kind.
 *
 * References: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (TSE
 * 2002); Choi and Zeller, "Isolating Failure-Inducing Thread Schedules" (ISSTA 2002).
 */
export interface DecisiveSwitch {
  /** The step, from 0, at which it is; the drawn value of that step, for a value. */
  readonly step: number;
  /** Its place in the schedule. */
  readonly decision: number;
  /** What was done; for a value, what was drawn. */
  readonly taken: SeenOption | number;
  /** What avoids the failure. */
  readonly instead: SeenOption | number;
}

/** What the search for a switch came to. */
export interface SwitchSearch {
  /** Null if there is none, or none was found within the budget. */
  readonly found: DecisiveSwitch | null;
  /** Whether every choice was looked at that comes after the one found, or all of them. */
  readonly isComplete: boolean;
  readonly runs: number;
}

/** How a failing run ended, as far as a search wants to know. */
export interface Shown {
  readonly failureKind: FailureKind;
}

/**
 * Work that wants runs: yields a strategy whose run has begun, and is given how that run failed, or
 * null if it did not. So one search serves runs that are made at once and runs of promises.
 */
export type Searching<R, T> = Generator<Strategy, T, R | null>;

/** Which choices count, and how many runs may be made. */
export interface SwitchLimits {
  readonly runsMax: number;
  /** Which choices count. */
  readonly counts: (choice: SeenChoice) => boolean;
}

/** A choice of who goes on, a crash among them. */
export function isBetweenTasks({ kind }: SeenChoice): boolean {
  return kind === "task";
}

/** A choice at which a task went on: that the power fails just then is none. */
export function isOfTasks({ kind, taken, crashIndex }: SeenChoice): boolean {
  return kind === "task" && taken !== crashIndex;
}

/** A draw of a value. */
export function isDraw({ kind }: SeenChoice): boolean {
  return kind === "value";
}

/**
 * Looks for the switch that matters.
 *
 * @param choices Those of the failing run.
 * @param schedule Its schedule.
 */
export function* findingSwitch<R extends Shown>(
  kind: FailureKind,
  schedule: Schedule,
  choices: readonly SeenChoice[],
  { runsMax, counts }: SwitchLimits,
): Searching<R, SwitchSearch> {
  let runs = 0;
  for (const choice of choices.toReversed()) {
    if (!counts(choice)) continue;
    for (let option = 0; option < choice.count; option++) {
      if (option === choice.taken) continue;
      if (runs === runsMax) return { found: null, isComplete: false, runs };
      runs++;
      const strategy = new GuidedStrategy(changed(schedule, choice, option));
      strategy.beginRun();
      if (!isAvoided(kind, yield strategy)) continue;
      return { found: switchAt(choice, option), isComplete: true, runs };
    }
  }
  return { found: null, isComplete: true, runs };
}

/** An identity with the conflict that a search has found. */
export function withConflict(identity: BugIdentity, search: SwitchSearch): BugIdentity {
  if (!needsConflict(identity.kind) || !search.isComplete) return identity;
  const { found } = search;
  if (found === null) return { ...identity, accesses: [] };
  const accesses = [found.taken, found.instead].flatMap((one) =>
    typeof one === "number" ? [] : [one.access],
  );
  return { ...identity, accesses };
}

/** Whether a run does not fail in this way, nor in another. */
function isAvoided(kind: FailureKind, run: Shown | null): boolean {
  return run === null || (run.failureKind !== kind && WARNINGS.has(run.failureKind));
}

/** What a run shows that went well. */
const WARNINGS: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "potential-deadlock",
  "latch-order",
]);

function switchAt(choice: SeenChoice, option: number): DecisiveSwitch {
  const { decisionIndex: decision, stepIndex: step, taken, options } = choice;
  const at = (index: number): SeenOption | number => options[index] ?? index;
  return { step, decision, taken: at(taken), instead: at(option) };
}

/** The schedule with another option taken at one choice; a step is moved there from later on. */
function changed(
  schedule: Schedule,
  { decisionIndex, options }: SeenChoice,
  option: number,
): Schedule {
  const before = schedule.slice(0, decisionIndex);
  const task = options[option]?.task;
  if (task === undefined) return [...before, ~option, ...schedule.slice(decisionIndex + 1)];
  const after = schedule.slice(decisionIndex);
  const next = after.indexOf(task);
  if (next < 0) return [...before, task, ...after];
  // The values that a step draws are its own and move with it.
  let end = next + 1;
  while ((after[end] ?? 0) < 0) end++;
  return [...before, ...after.slice(next, end), ...after.slice(0, next), ...after.slice(end)];
}
