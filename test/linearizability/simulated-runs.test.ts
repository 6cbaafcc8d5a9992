import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import {
  bytesOfSeed,
  emptyTally,
  judgeSeed,
  RUN_KINDS,
  RUNS_A_SEED,
} from "../support/run-campaign.ts";
import { budget } from "../campaign.ts";

const RUNS = budget({ short: 2, campaign: RUNS_A_SEED });

/** How many scenarios of each kind, four runs each. `npm run histories` judges many more. */
const SEEDS: Readonly<Record<string, number>> = {
  "in memory": 3,
  "with two values": 1,
  "on a disk": 1,
  "with a crash": 2,
  "with three crashes": 2,
  "with batches and crashes": 3,
  "with batched writes": 3,
  "with batched writes and faults": 2,
  "with faults": 2,
  "in partitions": 1,
  "with batches over partitions": 1,
};

/** Of the histories of two runs in memory and two with a crash. They change with the engine. */
const HASHES: Readonly<Record<string, string>> = {
  "tree-mutex": "1a9906dc7fb4bd8a",
  "tree-mutex-durable": "9de3bcaad0383788",
  "tree-rw": "cb41165f86a141c9",
  crabbing: "4e743980c45432e7",
  "optimistic-crabbing": "f3c2bd24800bb656",
  "lanin-shasha": "bd2f1f4c8bdf1951",
  "sx-tree": "67f0191bd7c0978b",
  "crabbing-path-cache": "72ffdf1449fa15fd",
  olc: "ec1b54cc732e837e",
  "b-link": "16828579b9228467",
  foster: "7ece8e8618ae7f28",
};

describe.each(PROTOCOLS)("simulated runs under $name", ({ name: protocol }) => {
  it.each(Object.entries(SEEDS))("%s keep every promise", (kind, seeds) => {
    const tally = emptyTally();
    const count = budget({ short: 1, campaign: seeds });
    for (let i = 0; i < count; i++) {
      judgeSeed(tally, { protocol, ...RUN_KINDS[kind] }, `${kind}/${i}`, RUNS);
    }
    expect(tally.failures).toEqual([]);
    expect(tally).toMatchObject({ runs: count * RUNS, unknown: 0 });
    expect(tally.operations / tally.histories).toBeGreaterThan(20);
  });

  it("are the same histories to the byte from the same seed", () => {
    const bytes = ["in memory", "with a crash"]
      .map((kind) => bytesOfSeed({ protocol, ...RUN_KINDS[kind] }, "bytes", 2))
      .join("");
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
    expect(hash).toBe(HASHES[protocol]);
  });
});

it("are of every kind there is", () => {
  expect(Object.keys(SEEDS)).toEqual(Object.keys(RUN_KINDS));
});
