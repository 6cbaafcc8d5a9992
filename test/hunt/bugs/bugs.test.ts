import { describe, expect, it } from "vitest";
import {
  bugNamed,
  huntRandom,
  type HuntResult,
  huntScenario,
  type Scenario,
  scenarioOfBug,
  type StrategyFactory,
} from "../../../src/hunt/index.ts";
import { defaultPortfolio, parseStrategy } from "../../../src/sim/index.ts";
import { createPrng } from "../../../src/task/index.ts";
import { budget, IS_CAMPAIGN } from "../../campaign.ts";
import { expectWholeSentences } from "../story/whole-sentences.ts";
import { BUG_TABLE } from "./bug-table.ts";

const SCHEDULES_MAX = 10_000;
const RANDOM_SCHEDULES_MAX = 50_000;
/** Rare in random scenarios: a parent has to be split between two pages just then. */
const RARE = new Map([["E3", 400_000]]);
const RIGHT_SCHEDULES = budget({ short: 200, campaign: 2000 });
const SEEDS = budget({ short: [1], campaign: [1, 2, 3] });
const SHRINK = { runsMax: 2500 };

function only(name: string): StrategyFactory {
  return (seed) => [parseStrategy(name, createPrng(seed))];
}

function hunt(scenario: Scenario, strategy: string, runsMax = SCHEDULES_MAX): HuntResult {
  return huntScenario(scenario, { seed: 1, runsMax, strategies: only(strategy) });
}

/** Whether random scenarios show the bug; asked of a few seeds, as some bugs are rare there. */
function isFoundAtRandom(id: string): boolean {
  const shape = { protocol: bugNamed(id).protocol, bug: id };
  return SEEDS.some((seed) => {
    const options = {
      seed,
      runsMax: RARE.get(id) ?? RANDOM_SCHEDULES_MAX,
      strategies: defaultPortfolio,
    };
    return huntRandom(shape, options).verdict.finding !== null;
  });
}

describe.each(BUG_TABLE)("bug $id", ({ id, kind, preemptions, schedules, warning }) => {
  const scenario = scenarioOfBug(bugNamed(id));
  const right: Scenario = { ...scenario, bug: null };

  it(`is found by the portfolio after ${schedules} schedules with seed 1`, () => {
    const strategies = defaultPortfolio;
    const found = SEEDS.map((seed) =>
      huntScenario(scenario, { seed, runsMax: SCHEDULES_MAX, strategies }),
    );
    for (const { verdict } of found) expect(verdict.finding?.failure.kind).toBe(kind);
    expect(found[0]?.verdict.finding?.runs).toBe(schedules);
    expectWholeSentences(scenario, found[0]?.verdict.finding?.schedule ?? []);
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

  it.runIf(IS_CAMPAIGN)("shrinks to a story no longer than it must be", () => {
    const options = { seed: 1, runsMax: SCHEDULES_MAX, strategies: defaultPortfolio };
    const { shrunk } = huntScenario(scenario, { ...options, shrink: SHRINK });
    expect(shrunk?.kind).toBe(kind);
    expect(shrunk?.tasks).toBeLessThanOrEqual(4);
    expect(shrunk?.preemptions).toBeLessThanOrEqual(preemptions + 1);
  });

  it("is gone from the right protocol", () => {
    const { finding, coverage } = hunt(right, "dfs:2").verdict;
    expect(finding).toBeNull();
    expect(coverage).toMatchObject([{ exhausted: true }]);
    expect(hunt(right, "random", RIGHT_SCHEDULES).verdict.finding).toBeNull();
  });

  it.runIf(IS_CAMPAIGN)("shows in random scenarios", () => {
    expect(isFoundAtRandom(id)).toBe(true);
  });
});
