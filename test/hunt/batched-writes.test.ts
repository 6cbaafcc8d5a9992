import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import {
  formatReplay,
  formatScenario,
  huntRandom,
  huntScenario,
  parseReplay,
  parseScenario,
  type Scenario,
} from "../../src/hunt/index.ts";
import { defaultPortfolio, parseStrategy } from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";
import { budget } from "../campaign.ts";

const folder = new URL("../../scenarios/", import.meta.url);
const SCENARIOS = readdirSync(folder)
  .map((name) => ({ name, ...parseScenario(readFileSync(new URL(name, folder), "utf8")) }))
  .filter(({ scenario }) => (scenario.durability?.batching ?? null) !== null);

/** Half of the random scenarios have no batches: so many schedules have half of them with. */
const RANDOM_RUNS = budget({ short: 60, campaign: 800 });
const SAMPLED_RUNS = budget({ short: 12, campaign: 150 });
const PREEMPTIONS = budget({ short: 1, campaign: 2 });

describe.each(PROTOCOLS)("batched writes under $name", ({ name: protocol }) => {
  it("lose and mix up nothing in random scenarios with crashes and faults", () => {
    const shape = { protocol, bug: null, crashes: 2, faults: true, batching: true };
    const options = { seed: "batched", runsMax: RANDOM_RUNS, strategies: defaultPortfolio };
    expect(huntRandom(shape, options).verdict.finding).toBeNull();
  });

  it.each(SCENARIOS)("pass the samplers: $name", ({ scenario }) => {
    for (const strategy of ["random", "pct2", "pct3", "urw"]) {
      const options = {
        seed: 1,
        runsMax: SAMPLED_RUNS,
        strategies: (seed: string) => [parseStrategy(strategy, createPrng(seed))],
      };
      const { verdict } = huntScenario({ ...scenario, protocol }, options);
      expect(verdict.finding).toBeNull();
      expect(verdict.runs).toBe(SAMPLED_RUNS);
    }
  });

  it(`pass every schedule with preemptions: ${PREEMPTIONS}, where two write and one reads`, () => {
    const text =
      "capacity 3\ntree [10,20][30]\ntask put 10\ntask insert 30 then get 30\ntask get 10\n" +
      "crashes 0\nbatching 0,2,4096\n";
    const options = {
      seed: 1,
      runsMax: 40_000,
      strategies: (seed: string) => [parseStrategy(`dfs:${PREEMPTIONS}`, createPrng(seed))],
    };
    const { verdict } = huntScenario({ ...parseScenario(text).scenario, protocol }, options);
    expect(verdict.finding).toBeNull();
    expect(verdict.coverage).toMatchObject([{ exhausted: true }]);
  });
});

describe("the batching of a scenario", () => {
  const withBatching = (line: string): string => `tree [10]\ntask put 10\n${line}\n`;
  const read = (line: string): Scenario => parseScenario(withBatching(line)).scenario;

  it("is read, written and replayed", () => {
    const scenario = read("batching 2,16,4096");
    expect(scenario.durability?.batching).toEqual({
      windowMs: 2,
      operationsMax: 16,
      bytesMax: 4096,
    });
    expect(formatScenario(scenario)).toContain("\nbatching 2,16,4096\n");
    expect(parseReplay(formatReplay(scenario, "a3")).scenario).toEqual(scenario);
  });

  it("makes the scenario one on a disk", () => {
    expect(read("batching 0,1,1").durability?.crashes).toBe(1);
    expect(read("crashes 0").durability?.batching).toBeNull();
  });

  it.each(["", "1", "1,2", "1,2,3,4", "1,0,4096", "2000,1,1", "0.5,1,1", "a,b,c"])(
    "is refused in one line: %s",
    (text) => {
      expect(() => read(`batching ${text}`)).toThrow(
        /^scenario line 3: batching ".*"; expected 0,16,4096: a window of 0 to 1000 ms, /,
      );
    },
  );
});
