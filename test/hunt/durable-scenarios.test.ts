import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { huntRandom, huntScenario, parseScenario } from "../../src/hunt/index.ts";
import { defaultPortfolio, parseStrategy, type Strategy } from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";

const folder = new URL("../../scenarios/", import.meta.url);
const NAMES = readdirSync(folder).filter((name) => name.startsWith("durable_"));
const onePreemption = (seed: string): Strategy[] => [parseStrategy("dfs:1", createPrng(seed))];

/** Not every such schedule of most scenarios, but those with the crash in every step of one. */
const SCHEDULES_MAX = budget({ short: 25, campaign: 10_000 });
const RANDOM_RUNS = budget({ short: 40, campaign: 600 });

// The whole of it, under every protocol, and much more: npm run hunt:crashes.
describe("a crash at every step of every schedule with one preemption", () => {
  it("has at least twelve scenarios", () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(12);
  });

  it.each(NAMES.map((name, i) => [name, PROTOCOLS[i % PROTOCOLS.length]?.name ?? ""]))(
    "loses nothing: %s under %s",
    (name, protocol) => {
      const { scenario } = parseScenario(readFileSync(new URL(name, folder), "utf8"));
      const options = { seed: 1, runsMax: SCHEDULES_MAX, strategies: onePreemption };
      const { verdict } = huntScenario({ ...scenario, protocol }, options);
      expect(verdict.finding).toBeNull();
      expect(verdict.coverage[0]?.exhausted === true || !IS_CAMPAIGN).toBe(true);
    },
  );
});

describe("random scenarios with crashes and faults", () => {
  it.each(PROTOCOLS.map(({ name }) => [name]))("lose nothing: %s", (protocol) => {
    const shape = { protocol, bug: null, crashes: 2, faults: true };
    const options = { seed: "npm test", runsMax: RANDOM_RUNS, strategies: defaultPortfolio };
    expect(huntRandom(shape, options).verdict.finding).toBeNull();
  });
});
