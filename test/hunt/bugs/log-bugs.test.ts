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
import { LOG_BUG_TABLE } from "./bug-table.ts";

// A run with a crash and a recovery takes a millisecond: `latchwork bugs --hunt` does the long runs.
const SCHEDULES_MAX = 10_000;
const RIGHT_SCHEDULES = 250;
const DECOY_SCHEDULES = 300;
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

    it(`is found by the portfolio after ${schedules} schedules and shrinks to its least`, () => {
      const options = { seed: 1, runsMax: SCHEDULES_MAX, strategies: defaultPortfolio };
      const { verdict, shrunk } = huntScenario(scenario, { ...options, shrink: SHRINK });
      expect(verdict.finding?.failure.kind).toBe(kind);
      expect(verdict.finding?.runs).toBe(schedules);
      expect(shrunk?.kind).toBe(kind);
      expect(shrunk?.tasks).toBeLessThanOrEqual(4);
      expect(shrunk?.scenario.durability?.crashes).toBe(crashes);
      expect(shrunk?.preemptions).toBeLessThanOrEqual(preemptions + 1);
    });

    it(`takes ${preemptions} preemptions and no fewer`, () => {
      const { finding } = hunt(scenario, `dfs:${preemptions}`).verdict;
      expect(finding?.failure.kind).toBe(kind);
      expect(finding?.preemptions).toBe(preemptions);
      if (preemptions === 0) return;
      const fewer = hunt(scenario, `dfs:${preemptions - 1}`).verdict;
      expect(fewer.coverage).toMatchObject([{ exhausted: true }]);
      expect(fewer.finding?.failure.kind ?? null).toBe(warning);
    });

    it("is gone from the right engine", () => {
      const { finding, coverage } = hunt(right, `dfs:${preemptions}`).verdict;
      expect(finding).toBeNull();
      expect(coverage).toMatchObject([{ exhausted: true }]);
      expect(hunt(right, "random", RIGHT_SCHEDULES).verdict.finding).toBeNull();
    });
  },
);

const decoys = BUGS.filter((bug) => bug.kind === "decoy" && bug.parts !== undefined);

describe.each(decoys)("decoy $id, $title", (decoy) => {
  const scenario = scenarioOfBug(decoy);

  it("is clean within one preemption", () => {
    const { finding, coverage } = hunt(scenario, "dfs:1").verdict;
    expect(finding).toBeNull();
    expect(coverage).toMatchObject([{ exhausted: true }]);
  });

  it.each(DEFAULT_PORTFOLIO)(`is clean in ${DECOY_SCHEDULES} schedules of %s`, (name) => {
    expect(hunt(scenario, name, DECOY_SCHEDULES).verdict.finding).toBeNull();
  });
});
