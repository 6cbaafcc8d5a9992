import { assert } from "../task/index.ts";
import { identityText } from "./bug-identity.ts";
import type { Searching } from "./decisive-switch.ts";
import { type Finding, hiddenFailure } from "./explore.ts";
import type { FailedRun } from "./failed-run.ts";
import type { Failure } from "./failure.ts";
import { BugSearch } from "./identify.ts";
import { formatSchedule } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import { type BudgetPart, shrinkingSchedule } from "./shrink-schedule.ts";
import { ReplayStrategy } from "./strategies/exact-replay.ts";
import { switchText } from "./switch-text.ts";

/** A finding at its shortest: another schedule that shows the same bug. */
export interface ShrunkFinding {
  /** What `replay` takes. */
  readonly schedule: string;
  /** How that run fails: as the finding did, but with its own numbers. */
  readonly failure: Failure;
  readonly preemptions: number;
  /** Whether every schedule with fewer preemptions was run and does not show it. */
  readonly isMinimal: boolean;
  /** Whether each preemption and each switch is needed: without any one, the run goes otherwise. */
  readonly isOneMinimal: boolean;
  /** Which parts of the budget were used up; empty if shrinking came to its end. */
  readonly cutBy: readonly BudgetPart[];
  /** Which bug it is: kind, rule, and the accesses in conflict, see docs/simulator.md. */
  readonly bug: string;
  /** The last choice at which another decision avoids the failure, in words; null for none. */
  readonly switch: string | null;
  /** Runs that it took. */
  readonly runs: number;
}

/** A finding that was looked at closely. */
export interface Explained {
  /** As it was; or, if it did not come again along its schedule, that as a failure. */
  readonly finding: Finding;
  readonly shrunk: ShrunkFinding | null;
}

/** Most runs that shrinking takes by default; of long runs fewer. */
const RUNS_MAX = 1000;
/** With this many steps in all it takes well under a second. */
const STEPS_MAX = 200_000;
/** With fewer runs there is no use in trying. */
const RUNS_LEAST = 20;

/** How many runs shrinking a finding may take: so many that a second is more than enough. */
export function shrinkRunsFor({ steps }: Finding): number {
  const runs = Math.min(RUNS_MAX, Math.floor(STEPS_MAX / Math.max(steps, 1)));
  return runs < RUNS_LEAST ? 0 : runs;
}

/**
 * Replays a finding, makes it shorter, and looks for the switch that matters.
 *
 * @param scheduler Makes the runs that are asked for.
 * @param runsMax Most runs for shrinking; 0 leaves it out.
 */
export function* explainingFinding(
  finding: Finding,
  scheduler: Scheduler,
  runsMax: number,
): Searching<FailedRun, Explained> {
  if (finding.failure.kind === "nondeterminism") return { finding, shrunk: null };
  const strategy = new ReplayStrategy(finding.schedule);
  strategy.beginRun();
  const again = yield strategy;
  const fault = notAgain(finding.failure, scheduler.failure ?? hiddenFailure(scheduler));
  if (fault !== null) return { finding: { ...finding, failure: fault }, shrunk: null };
  if (runsMax === 0 || again === null) return { finding, shrunk: null };
  const bug = new BugSearch(scheduler);
  const half = Math.ceil(runsMax / 2);
  const budget = { searchRunsMax: half, changeRunsMax: half, bug };
  const shrunk = yield* shrinkingSchedule(again, budget);
  const { found, runs } = yield* bug.switchOf(shrunk);
  const last = new ReplayStrategy(shrunk.schedule);
  last.beginRun();
  yield last;
  const failure = scheduler.failure ?? hiddenFailure(scheduler);
  assert(failure !== null, "a shrunk schedule fails when it is replayed");
  const nameOf = (task: number): string => scheduler.tasks[task]?.source.name ?? `task ${task}`;
  return {
    finding,
    shrunk: {
      schedule: formatSchedule(shrunk.schedule),
      failure,
      preemptions: shrunk.preemptions,
      isMinimal: shrunk.isMinimal,
      isOneMinimal: shrunk.isOneMinimal,
      cutBy: shrunk.cutBy,
      bug: shrunk.identity === undefined ? shrunk.failureKind : identityText(shrunk.identity),
      switch: found === null ? null : switchText(found, nameOf),
      runs: 2 + shrunk.runs + runs,
    },
  };
}

/**
 * What is wrong if a failure does not come again along its schedule, as a fault of determinism;
 * null if it does.
 */
export function notAgain(failure: Failure, again: Failure | null): Failure | null {
  if (again !== null && again.kind === failure.kind && again.message === failure.message) {
    return null;
  }
  const came = again === null ? "no failure" : `"${again.kind}: ${again.message}"`;
  const message =
    `nondeterminism: a run failed, and its replay did not fail so: the first ended with ` +
    `"${failure.kind}: ${failure.message}", the second with ${came}; ` +
    "something outside of the simulation decides what the program does";
  // Where it was thrown says most: it may be a strategy, which a replay does not ask.
  const { stack, places } = failure;
  const where = stack === undefined || places === undefined ? {} : { stack, places };
  return { kind: "nondeterminism", message, task: null, ...where };
}
