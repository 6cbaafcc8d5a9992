import { programOf, type Scenario } from "../../../src/hunt/index.ts";
import {
  compareCosts,
  type Cost,
  film,
  judge,
  type Level,
  Reel,
  type RunAttempt,
  scenarioOf,
} from "../../../src/lab/index.ts";
import { formatScenario } from "../../../src/hunt/index.ts";
import {
  DepthFirstStrategy,
  hiddenFailure,
  Scheduler,
  type Schedule,
} from "../../../src/sim/index.ts";

/** A schedule of a level as an attempt that was seen to its end. */
export function attemptOf(level: Level, schedule: Schedule): RunAttempt {
  const scenario = scenarioOf(level);
  const made = film(scenario, { schedule, rule: "exact", goOn: null });
  const reel = new Reel(made, scenario);
  const seenTo = reel.length - 1;
  return { kind: "run", scenario: formatScenario(scenario), reel, seenTo, isGiven: false };
}

/** What the cheapest schedule costs that solves a level with at most so many preemptions. */
export interface Measured {
  /** Null if none solves it. */
  readonly cost: Cost | null;
  readonly runs: number;
  /** Whether every schedule within the bound was run. */
  readonly isExhausted: boolean;
}

/** Runs every schedule within a bound of preemptions, as far as `runsMax` goes. */
export function measure(level: Level, preemptionsMax: number, runsMax: number): Measured {
  const scheduler = new Scheduler();
  const program = programOf(scheduler, scenarioOf(level) satisfies Scenario);
  const strategy = new DepthFirstStrategy(preemptionsMax);
  let cost: Cost | null = null;
  let runs = 0;
  for (; runs < runsMax && strategy.beginRun(); runs++) {
    scheduler.run(program, strategy);
    strategy.endRun();
    const found = costOf(level, scheduler);
    if (found !== null && (cost === null || compareCosts(found, cost) < 0)) cost = found;
  }
  return { cost, runs, isExhausted: runs < runsMax };
}

/** What a run cost if it solves the level. A run that fails rightly is told without filming it. */
function costOf(level: Level, scheduler: Scheduler): Cost | null {
  if (level.goal.kind === "fails") {
    const failure = scheduler.failure ?? hiddenFailure(scheduler);
    if (failure === null || !level.goal.failures.includes(failure.kind)) return null;
  }
  return judge(level, attemptOf(level, [...scheduler.schedule])).cost;
}
