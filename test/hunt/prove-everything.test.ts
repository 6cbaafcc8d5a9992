import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { BUGS, prove, type Scenario, scenarioOfBug } from "../../src/hunt/index.ts";
import { budget } from "../campaign.ts";
import { runScript } from "../support/run-script.ts";
import { type NamedScenario, SMALL_DURABLE_SCENARIOS, SMALL_SCENARIOS } from "./small-scenarios.ts";

interface Told {
  readonly small: readonly { readonly state: string }[];
  readonly problems: readonly string[];
}

/** Every so manieth scenario is proved under each protocol: all of them take minutes. */
const EVERY = budget({ short: 6, campaign: 1 });
const EVERY_ON_DISK = budget({ short: 11, campaign: 1 });
/** Runs for one bug of the bank, whose scenarios are larger. */
const BUG_RUNS_MAX = budget({ short: 20, campaign: 2_000 });

function chosen(all: readonly NamedScenario[], every: number): NamedScenario[] {
  return all.filter((_, i) => i % every === 0);
}

function outcome(scenario: Scenario): object {
  const proof = prove(scenario, { runsMax: 200_000, seed: 1, probes: 0 });
  const { asleep, impossible, strayed, hurried } = proof.counts ?? {};
  return { state: proof.state, asleep, impossible, strayed, hurried };
}

const PROVED = { state: "proved", impossible: 0, strayed: 0, hurried: 0 };
/** Runs under these that are given up as they repeat others cost time, and prove as much. */
const NONE_REPEATED: Readonly<Record<string, object>> = {
  "b-link": {},
  "lanin-shasha": {},
  foster: {},
};

/** Scenarios on a disk that are too large for a protocol: a merge is three log records there. */
function isTooLarge(protocol: string, scenario: string): boolean {
  if (protocol === "foster") return /delete 30, insert|delete 10, delete/.test(scenario);
  if (protocol === "olc") return true;
  // Two attempts each, and the second ones exclude each other: more than 200,000 orders.
  if (protocol === "sx-tree") return scenario === "a full root leaf: insert 15, insert 25";
  return ["b-link", "lanin-shasha"].includes(protocol) && scenario.includes("delete");
}

/** Merges of two pages among three, which other writers and adoptions meet, have as many in foster. */
function isOfManyMerges({ tree, tasks }: Scenario): boolean {
  const deletes = tasks.filter(([first]) => first?.kind === "delete").length;
  return tree.kind === "leaves" && tree.leaves.length > 2 && deletes > 1 && tasks.length > 2;
}

/** Under olc each read of a page is several steps: three operations have millions of orders. */
function isProvable(protocol: string, scenario: Scenario): boolean {
  if (protocol === "foster") return !isOfManyMerges(scenario);
  const { tasks } = scenario;
  return protocol !== "olc" || (tasks.length === 2 && tasks.every(({ length }) => length === 1));
}

describe.each(PROTOCOLS.map(({ name }) => name))("under %s every interleaving is right", (name) => {
  const inMemory = SMALL_SCENARIOS.filter(([, scenario]) => isProvable(name, scenario));

  it.each(chosen(inMemory, EVERY))(
    "of %s",
    (_, scenario) => {
      const expected = { ...PROVED, ...(NONE_REPEATED[name] ?? { asleep: 0 }) };
      expect(outcome({ ...scenario, protocol: name })).toMatchObject(expected);
    },
    600_000,
  );

  const onDisk = SMALL_DURABLE_SCENARIOS.filter(([scenario]) => !isTooLarge(name, scenario));

  it.each(chosen(onDisk, EVERY_ON_DISK))(
    "and crash of %s",
    (_, scenario) => {
      expect(outcome({ ...scenario, protocol: name })).toMatchObject({ state: "proved" });
    },
    600_000,
  );
});

it("there are as many as docs/exploration.md says", () => {
  expect([SMALL_SCENARIOS.length, SMALL_DURABLE_SCENARIOS.length]).toEqual([63, 11]);
});

it("npm run prove:everything proves them", async () => {
  const script = new URL("prove-everything.mjs", import.meta.url);
  const words = ["--only", "memory", "--protocol", "tree-rw", "--workers", "1"];
  const { small, problems } = await runScript<Told>(script, words);
  expect(problems).toEqual([]);
  expect(small.map(({ state }) => state)).toEqual(SMALL_SCENARIOS.map(() => "proved"));
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
