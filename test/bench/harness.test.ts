import { afterEach, describe, expect, it, vi } from "vitest";
import {
  Bench,
  type Measurement,
  measureRatio,
  ofSummary,
  renderTable,
  rowOf,
} from "../../bench/harness.ts";
import { loadPeer } from "../../bench/peer.ts";
import { summarize } from "../../bench/statistics.ts";

const writes: Measurement = { name: "writes", value: 12_345.6, unit: "ops/s", spread: 50 };

describe("summarize", () => {
  it.each([
    [[7], 7, 0],
    [[3, 1, 2], 2, 1],
    [[4, 1, 3, 2], 2.5, 1.5],
    [[10, 9, 100, 2, 1], 9, 8],
  ])("gives %j the median %d and the spread %d", (samples, median, spread) => {
    expect(summarize(samples)).toEqual({ median, spread });
  });

  it("leaves the samples in their order", () => {
    const samples = [3, 1, 2];
    summarize(samples);
    expect(samples).toEqual([3, 1, 2]);
  });

  it("refuses no samples, and samples that are no number", () => {
    expect(() => summarize([])).toThrow("expected at least one sample");
    expect(() => summarize([1, Number.NaN])).toThrow("expected finite samples, found NaN");
  });
});

describe("measureRatio", () => {
  it("takes turns, A B A B, and pairs each with its neighbour", async () => {
    const turns: string[] = [];
    const play = (name: string, values: number[]) => () => {
      turns.push(name);
      return values.shift() ?? 0;
    };
    // The machine gets ten times slower in the last pair; the ratio must not notice.
    const comparison = await measureRatio(play("A", [20, 30, 2]), play("B", [10, 10, 1]), 3);
    expect(turns.join(" ")).toBe("A B A B A B");
    expect(comparison.a).toEqual({ median: 20, spread: 14 });
    expect(comparison.b).toEqual({ median: 10, spread: 4.5 });
    expect(comparison.ratio).toEqual({ median: 2, spread: 0.5 });
  });

  it("waits for work that takes its time", async () => {
    const { ratio } = await measureRatio(
      () => Promise.resolve(6),
      () => Promise.resolve(2),
      2,
    );
    expect(ofSummary(ratio, "x")).toEqual({ value: 3, unit: "x", spread: 0 });
  });
});

describe("rowOf", () => {
  it.each([
    [undefined, null, null],
    [{ atLeast: 10 }, 10, true],
    [{ atLeast: 11 }, 11, false],
    [{ atMost: 10 }, 10, true],
    [{ atMost: 9 }, 9, false],
  ])("judges 10 against %j", (target, bound, met) => {
    const measurement = { name: "n", value: 10, unit: "ms", spread: 1 };
    const row = rowOf(target === undefined ? measurement : { ...measurement, target });
    expect(row).toEqual({ ...measurement, target: bound, met });
  });
});

describe("Bench", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("prints exactly machine, commit and rows as JSON", () => {
    const out = vi.spyOn(console, "log").mockReturnValue();
    const err = vi.spyOn(console, "error").mockReturnValue();
    const bench = new Bench("peers", { seed: 7, repeats: 9 });
    bench.add({ ...writes, target: { atLeast: 10_000 } });
    bench.add({ ...writes, name: "reads" });
    bench.finish(["--json"]);

    expect(out).toHaveBeenCalledTimes(1);
    expect(JSON.parse(String(out.mock.calls[0]?.[0]))).toStrictEqual({
      machine: expect.stringMatching(/^.+ x \d+, \d+ GiB, node v\d+\S+, \S+ \S+$/),
      commit: expect.stringMatching(/^(?:[0-9a-f]{7,}(?:-dirty)?|unknown)$/),
      rows: [
        { name: "writes", value: 12_345.6, unit: "ops/s", spread: 50, target: 10_000, met: true },
        { name: "reads", value: 12_345.6, unit: "ops/s", spread: 50, target: null, met: null },
      ],
    });
    expect(err).toHaveBeenCalledWith("peers: seed 7, 9 repeats");
  });

  it("prints seed, repeats, machine, commit and a table for people", () => {
    const out = vi.spyOn(console, "log").mockReturnValue();
    const bench = new Bench("peers", { seed: 7, repeats: 9 });
    bench.add(writes);
    bench.finish([]);
    expect(out.mock.calls[0]?.[0]).toMatch(
      /^peers: seed 7, 9 repeats\n.+ GiB, .+\ncommit \S+\n\nname .+\nwrites .+$/,
    );
  });

  it("refuses a number that JSON cannot say", () => {
    const bench = new Bench("peers", { seed: 7, repeats: 9 });
    expect(() => bench.add({ ...writes, value: Infinity })).toThrow("row writes: expected finite");
  });
});

describe("renderTable", () => {
  it("lines rows up and marks what was missed", () => {
    const table = renderTable([
      writes,
      { name: "p99", value: 4.25, unit: "ms", spread: 0.125, target: { atMost: 4 } },
      { name: "speed-up", value: 3.5, unit: "x", spread: 0, target: { atLeast: 3 } },
    ]);
    expect(`\n${table}\n`).toBe(`
name       value  spread  unit   target  met
writes    12,350     ±50  ops/s
p99         4.25  ±0.125  ms     <= 4    NO
speed-up     3.5      ±0  x      >= 3    yes
`);
  });
});

describe("loadPeer", () => {
  it("says how to install a peer that is missing", () => {
    expect(() => loadPeer("no-such-peer")).toThrow("run npm ci in bench/ first");
  });
});
