import { describe, expect, it } from "vitest";
import { BUGS, huntRandom, huntScenario, scenarioOfBug } from "../../../src/hunt/index.ts";
import { DEFAULT_PORTFOLIO, defaultPortfolio, parseStrategy } from "../../../src/sim/index.ts";
import { createPrng } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";

const RUNS = budget({ short: 200, campaign: 5000 });
const RANDOM_RUNS = budget({ short: 300, campaign: 10_000 });
const PREEMPTIONS = budget({ short: 1, campaign: 2 });
const samplers = DEFAULT_PORTFOLIO.filter((name) => !name.startsWith("dfs"));
const decoys = BUGS.filter((bug) => bug.kind === "decoy" && bug.parts === undefined);

describe.each(decoys)("decoy $id, $title", (decoy) => {
  const scenario = scenarioOfBug(decoy);

  it(`is clean within preemptions: ${PREEMPTIONS}`, () => {
    const { verdict } = huntScenario(scenario, {
      seed: 1,
      runsMax: 100_000,
      strategies: (seed) => [parseStrategy(`dfs:${PREEMPTIONS}`, createPrng(seed))],
    });
    expect(verdict.finding).toBeNull();
    expect(verdict.coverage).toMatchObject([{ exhausted: true }]);
  });

  it.each(samplers)(`is clean in ${RUNS} schedules of %s`, (name) => {
    const { verdict } = huntScenario(scenario, {
      seed: 1,
      runsMax: RUNS,
      strategies: (seed) => [parseStrategy(name, createPrng(seed))],
    });
    expect(verdict.finding).toBeNull();
    expect(verdict.runs).toBe(RUNS);
  });

  it(`is clean in ${RANDOM_RUNS} schedules of random scenarios`, () => {
    const { verdict } = huntRandom(
      { protocol: decoy.protocol, bug: decoy.id },
      { seed: 1, runsMax: RANDOM_RUNS, strategies: defaultPortfolio },
    );
    expect(verdict.finding).toBeNull();
  });
});
