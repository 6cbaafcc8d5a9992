import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { BUGS, prove, type Scenario, scenarioOfBug } from "../../src/hunt/index.ts";
import { SMALL_DURABLE_SCENARIOS, SMALL_SCENARIOS } from "./small-scenarios.ts";

/**
 * How many of the scenarios are proved under each protocol: every so manieth, as all of them take
 * minutes. 1 for all.
 */
const EVERY = Number(process.env["PROVE_EVERY"] ?? 6);
/** Runs for one bug of the bank, whose scenarios are larger. */
const BUG_RUNS_MAX = Number(process.env["PROVE_BUG_RUNS"] ?? 300);

const chosen = <T>(all: readonly T[]): T[] => all.filter((_, i) => i % EVERY === 0);

function outcome(scenario: Scenario): object {
  const proof = prove(scenario, { runsMax: 200_000, seed: 1, probes: 0 });
  const { asleep, impossible, strayed, hurried } = proof.counts ?? {};
  return { state: proof.state, asleep, impossible, strayed, hurried };
}

const PROVED = { state: "proved", asleep: 0, impossible: 0, strayed: 0, hurried: 0 };

describe.each(PROTOCOLS.map(({ name }) => name))("under %s every interleaving is right", (name) => {
  it.each(chosen(SMALL_SCENARIOS))(
    "of %s",
    (_, scenario) => {
      expect(outcome({ ...scenario, protocol: name })).toEqual(PROVED);
    },
    600_000,
  );

  it.each(chosen(SMALL_DURABLE_SCENARIOS))(
    "and crash of %s",
    (_, scenario) => {
      expect(outcome({ ...scenario, protocol: name })).toMatchObject({ state: "proved" });
    },
    600_000,
  );
});

describe("the bank", () => {
  it("no decoy is found, and what is exhausted is found if it is a bug", () => {
    const wrong: string[] = [];
    for (const bug of BUGS) {
      const options = { runsMax: BUG_RUNS_MAX, seed: 1, probes: 0, shrink: null };
      const { state } = prove(scenarioOfBug(bug), options);
      if (state === "failed" && bug.kind === "decoy") wrong.push(`${bug.id} is a decoy`);
      if (state === "proved" && bug.kind === "bug") wrong.push(`${bug.id} was not found`);
    }
    expect(wrong).toEqual([]);
  }, 600_000);
});
