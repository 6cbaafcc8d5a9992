import { describe, expect, it } from "vitest";
import {
  bugNamed,
  BUGS,
  type HuntResult,
  huntScenario,
  type Scenario,
  scenarioOfBug,
  type StrategyFactory,
} from "../../../src/hunt/index.ts";
import { DEFAULT_PORTFOLIO, defaultPortfolio, parseStrategy } from "../../../src/sim/index.ts";
import { createPrng } from "../../../src/task/index.ts";
import { budget, IS_CAMPAIGN } from "../../campaign.ts";
import { expectWholeSentences } from "../story/whole-sentences.ts";
import { LOG_BUG_TABLE } from "./bug-table.ts";

// A run with a crash and a recovery takes a millisecond: `latchwork bugs --hunt` does the long runs.
const SCHEDULES_MAX = 10_000;
const PORTFOLIO_MAX = budget({ short: 60, campaign: SCHEDULES_MAX });
/** How those that take portfolio or depth-first search longer are found within a few schedules. */
const SOONEST: ReadonlyMap<string, readonly [strategy: string, seed: number]> = new Map([
  ["A7", ["pct2", 8]],
  ["P6", ["random", 1]],
  ["W3", ["pct3", 5]],
  ["W4", ["swarm", 3]],
  ["W6", ["pct3", 11]],
  ["W9", ["pct2", 6]],
  ["W20", ["swarm", 10]],
  ["W26", ["swarm", 1]],
  ["W35", ["swarm", 4]],
]);
const SOON = 20;
const RIGHT_SCHEDULES = budget({ short: 15, campaign: 250 });
const DECOY_SCHEDULES = budget({ short: 20, campaign: 300 });
// So little that each must be short soon; the test of the command shrinks all to the very end.
const SHRINK = { runsMax: 600 };

function only(name: string): StrategyFactory {
  return (seed) => [parseStrategy(name, createPrng(seed))];
}

function hunt(scenario: Scenario, strategy: string, runsMax = SCHEDULES_MAX): HuntResult {
  return huntScenario(scenario, { seed: 1, runsMax, strategies: only(strategy) });
}

describe.each(LOG_BUG_TABLE)(
  "bug $id",
  ({ id, kind, preemptions, schedules, warning, crashes }) => {
    const scenario = scenarioOfBug(bugNamed(id));
    const right: Scenario = { ...scenario, bug: null };

    it.runIf(schedules <= PORTFOLIO_MAX)(
      `is found by the portfolio after ${schedules} schedules, and told in whole sentences`,
      () => {
        const options = { seed: 1, runsMax: schedules, strategies: defaultPortfolio };
        const { finding } = huntScenario(scenario, options).verdict;
        expect(finding?.failure.kind).toBe(kind);
        expect(finding?.runs).toBe(schedules);
        expectWholeSentences(scenario, finding?.schedule ?? []);
      },
    );

    it.runIf(IS_CAMPAIGN)("shrinks to its least", () => {
      const options = { seed: 1, runsMax: schedules, strategies: defaultPortfolio };
      const { shrunk } = huntScenario(scenario, { ...options, shrink: SHRINK });
      expect(shrunk?.kind).toBe(kind);
      expect(shrunk?.tasks).toBeLessThanOrEqual(4);
      expect(shrunk?.scenario.durability?.crashes).toBe(crashes);
      expect(shrunk?.preemptions).toBeLessThanOrEqual(preemptions + 1);
    });

    const soonest = SOONEST.get(id);
    it.runIf(soonest !== undefined)("is found soonest by one strategy", () => {
      const [name, seed] = soonest ?? ["random", 1];
      const options = { seed, runsMax: SOON, strategies: only(name) };
      const { finding } = huntScenario(scenario, options).verdict;
      expect(finding?.failure.kind).toBe(kind);
      expectWholeSentences(scenario, finding?.schedule ?? []);
    });

    it.runIf(IS_CAMPAIGN || soonest === undefined)(`shows with ${preemptions} preemptions`, () => {
      const { finding } = hunt(scenario, `dfs:${preemptions}`).verdict;
      expect(finding?.failure.kind).toBe(kind);
      expect(finding?.preemptions).toBe(preemptions);
    });

    it.runIf(IS_CAMPAIGN && preemptions > 0)("shows with no fewer", () => {
      const fewer = hunt(scenario, `dfs:${preemptions - 1}`).verdict;
      expect(fewer.coverage).toMatchObject([{ exhausted: true }]);
      expect(fewer.finding?.failure.kind ?? null).toBe(warning);
    });

    it("is gone from the right engine", () => {
      const runsMax = budget({ short: RIGHT_SCHEDULES, campaign: SCHEDULES_MAX });
      const { finding, coverage } = hunt(right, `dfs:${preemptions}`, runsMax).verdict;
      expect(finding).toBeNull();
      expect(coverage[0]?.exhausted === true || !IS_CAMPAIGN).toBe(true);
      expect(hunt(right, "random", RIGHT_SCHEDULES).verdict.finding).toBeNull();
    });
  },
);

const decoys = BUGS.filter((bug) => bug.kind === "decoy" && bug.parts !== undefined);

describe.each(decoys)("decoy $id, $title", (decoy) => {
  const scenario = scenarioOfBug(decoy);

  it.runIf(IS_CAMPAIGN)("is clean within one preemption", () => {
    const { finding, coverage } = hunt(scenario, "dfs:1").verdict;
    expect(finding).toBeNull();
    expect(coverage).toMatchObject([{ exhausted: true }]);
  });

  it.each(DEFAULT_PORTFOLIO)(`is clean in ${DECOY_SCHEDULES} schedules of %s`, (name) => {
    expect(hunt(scenario, name, DECOY_SCHEDULES).verdict.finding).toBeNull();
  });
});
