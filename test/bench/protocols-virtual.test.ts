import { describe, expect, it } from "vitest";
import { CacheLines } from "../../bench/protocols/cache-lines.ts";
import { csvOf } from "../../bench/protocols/csv.ts";
import { EventQueue } from "../../bench/protocols/event-queue.ts";
import { runStudies } from "../../bench/protocols/run-studies.ts";
import { type Measured, type Planned, planStudies } from "../../bench/protocols/studies.ts";
import { tablesOf } from "../../bench/protocols/tables.ts";

const PROTOCOLS = ["tree-mutex", "tree-rw", "crabbing", "optimistic-crabbing", "b-link"];
const TREE = { keys: 1000, pageSize: 512 };
const CORES = new Set([1, 4, 16]);

/** A few of the runs of the benchmark, on a small tree. */
function small(wanted: (plan: Planned) => boolean, operations: number): Promise<Measured[]> {
  const plans = planStudies({ protocols: PROTOCOLS, operations, scans: operations })
    .filter((plan) => CORES.has(plan.cell.cores) && wanted(plan))
    .map((plan) => ({ ...plan, tree: TREE, cell: { ...plan.cell, operations } }));
  return runStudies(plans, () => false);
}

describe("the protocols in virtual time", () => {
  it("come to the same figures on every machine, byte for byte", async () => {
    const measured = await small(
      ({ study, variant, cell }) =>
        (study === "costs" && variant === "transfer 200 ns") ||
        (study === "pool" && cell.cores === 4) ||
        (study === "sync" && cell.cores === 4) ||
        (study === "cores" && cell.cores === 16 && cell.keys !== "zipf"),
      160,
    );
    // After a change that is meant to change it: npx vitest run test/bench --update
    await expect(`${tablesOf(measured)}\n\n${csvOf(measured)}`).toMatchFileSnapshot(
      "protocols-virtual.txt",
    );
  });

  it("are the faster the less of the tree a writer keeps", async () => {
    const measured = await small(
      ({ study, cell }) =>
        study === "cores" &&
        cell.cores === 16 &&
        cell.mix.name === "50/50" &&
        cell.keys === "uniform",
      600,
    );
    const rateOf = (protocol: string): number =>
      measured.find(({ cell }) => cell.protocol === protocol)?.figures.operationsPerSecond ?? 0;
    expect(rateOf("tree-mutex")).toBeLessThan(rateOf("tree-rw"));
    expect(rateOf("tree-rw")).toBeLessThan(rateOf("crabbing"));
    expect(rateOf("crabbing")).toBeLessThan(rateOf("optimistic-crabbing"));
    expect(rateOf("optimistic-crabbing")).toBeLessThan(rateOf("b-link"));
  });

  it("end with what is complete when they are interrupted", async () => {
    const plans = planStudies({ protocols: ["crabbing"], operations: 20, scans: 20 })
      .slice(0, 5)
      .map((plan) => ({ ...plan, tree: TREE }));
    let asked = 0;
    expect(await runStudies(plans, () => ++asked > 2)).toHaveLength(2);
  });
});

describe("cache lines", () => {
  it("cost nothing to read until another core writes", () => {
    const lines = new CacheLines(4, 60);
    expect(lines.read(1, 0, 100)).toBe(100);
    expect(lines.write(1, 1, 100)).toBe(160);
    expect(lines.write(1, 1, 200)).toBe(200);
    expect(lines.read(1, 0, 300)).toBe(360);
    expect(lines.read(1, 0, 400)).toBe(400);
    expect(lines.transfers).toBe(2);
  });

  it("go to one writer after the other, and to readers all at once", () => {
    const lines = new CacheLines(8, 60);
    expect([0, 1, 2].map((core) => lines.write(1, core, 0))).toEqual([60, 120, 180]);
    expect([3, 4, 5].map((core) => lines.read(1, core, 0))).toEqual([240, 240, 240]);
  });

  it("have to be taken from readers before they are written again", () => {
    const lines = new CacheLines(2, 60);
    lines.write(1, 0, 0);
    lines.read(1, 1, 100);
    expect(lines.write(1, 0, 200)).toBe(260);
  });

  it("never move where there is one core", () => {
    const lines = new CacheLines(1, 60);
    expect(lines.write(1, 0, 5)).toBe(5);
    expect(lines.transfers).toBe(0);
  });
});

describe("what happens in virtual time", () => {
  it("happens in order, and at one moment first in, first out", () => {
    const queue = new EventQueue();
    const happened: string[] = [];
    const put = (atNs: number, name: string): void =>
      queue.put(atNs, { happen: () => happened.push(name) });
    for (const [atNs, name] of [
      [30, "e"],
      [10, "a"],
      [20, "c"],
      [10, "b"],
      [20, "d"],
      [5, "first"],
    ] as const) {
      put(atNs, name);
    }
    for (let next = queue.take(); next !== null; next = queue.take()) next.what.happen();
    expect(happened).toEqual(["first", "a", "b", "c", "d", "e"]);
  });
});
