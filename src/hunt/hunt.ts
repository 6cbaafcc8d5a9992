import type { Protocol } from "../btree/index.ts";
import {
  type ExploreOptions,
  Explorer,
  type Finding,
  formatSchedule,
  Scheduler,
  type Strategy,
  type Verdict,
} from "../sim/index.ts";
import { createPrng } from "../task/index.ts";
import { programOf } from "./program-of.ts";
import { formatReplay } from "./replay-text.ts";
import { randomScenario, type ScenarioShape } from "./random-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { type ShrinkBudget, type Shrunk, shrink } from "./shrink.ts";

/** Makes fresh strategies for a seed; a hunt over many scenarios needs them anew for each. */
export type StrategyFactory = (seed: string) => Strategy[];

/** How a hunt is made. */
export interface HuntOptions extends ExploreOptions {
  readonly seed: string | number;
  readonly strategies: StrategyFactory;
  /** How long to look for a shorter story; null leaves the failure as it was found. */
  readonly shrink?: ShrinkBudget | null;
  /** Protocols of one's own that scenarios may name, beside those of the house. Default none. */
  readonly protocols?: readonly Protocol[];
}

/** What a hunt found. */
export interface HuntResult {
  readonly verdict: Verdict;
  /** Scenarios run; 1 for a fixed one. */
  readonly scenarios: number;
  /** The scenario of the finding, as found. */
  readonly scenario: Scenario | null;
  /** The finding at its shortest, or null if there is none or it was not to be shrunk. */
  readonly shrunk: Shrunk | null;
  /** The line that replays the finding, shrunk if it was. */
  readonly replay: string | null;
}

/**
 * Hunts in one scenario.
 *
 * @throws LatchworkError for a scenario that cannot be run.
 */
export function huntScenario(scenario: Scenario, options: HuntOptions): HuntResult {
  const scheduler = new Scheduler();
  const program = programOf(scheduler, scenario, options.protocols);
  const explorer = new Explorer(scheduler);
  const verdict = explorer.explore(program, options.strategies(String(options.seed)), options);
  return finish(scenario, verdict, 1, options);
}

/** Runs that one random scenario gets before the next is drawn. */
const RUNS_PER_SCENARIO = 200;

/** Hunts in scenarios drawn from a seed, a few hundred schedules each. */
export function huntRandom(shape: ScenarioShape, options: HuntOptions): HuntResult {
  const scheduler = new Scheduler();
  const explorer = new Explorer(scheduler);
  const prng = createPrng(`${options.seed}/scenarios`);
  let done = 0;
  let scenarios = 0;
  for (;;) {
    const scenario = randomScenario(shape, prng);
    const program = programOf(scheduler, scenario, options.protocols);
    const runsMax = Math.min(RUNS_PER_SCENARIO, options.runsMax - done);
    const strategies = options.strategies(`${options.seed}/${scenarios}`);
    const verdict = explorer.explore(program, strategies, { ...options, runsMax });
    scenarios++;
    done = verdict.runs;
    const isOver = done >= options.runsMax || verdict.interrupted;
    if (isOver || verdict.finding !== null) return finish(scenario, verdict, scenarios, options);
  }
}

function finish(
  scenario: Scenario,
  verdict: Verdict,
  scenarios: number,
  options: HuntOptions,
): HuntResult {
  const { finding } = verdict;
  if (finding === null) {
    return { verdict, scenarios, scenario: null, shrunk: null, replay: null };
  }
  const budget = options.shrink ?? null;
  const shrunk = budget === null ? null : shrink(scenario, finding, budget, options.protocols);
  const replay = replayLine(scenario, finding, shrunk);
  return { verdict, scenarios, scenario, shrunk, replay };
}

function replayLine(scenario: Scenario, finding: Finding, shrunk: Shrunk | null): string {
  if (shrunk !== null) return formatReplay(shrunk.scenario, formatSchedule(shrunk.schedule));
  return formatReplay(scenario, formatSchedule(finding.schedule));
}
