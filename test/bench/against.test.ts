import { describe, expect, it } from "vitest";
import { Children, Interrupted, lastWord } from "../../bench/against/children.ts";
import { BENCHES, parseRequest, Refused } from "../../bench/against/command-line.ts";
import { coversLock } from "../../bench/against/locks.ts";
import { type Pair, pairUp, type RatioRow, rowsUnder, sumUp } from "../../bench/against/ratios.ts";
import { readReport, readTiming } from "../../bench/against/readings.ts";
import { type Outcome, renderJson, renderTable } from "../../bench/against/render.ts";

describe("parseRequest", () => {
  it("has a default for all but the revision", () => {
    const defaults = { rows: BENCHES, rounds: 3, least: null, clock: "wall", json: false };
    expect(parseRequest(["HEAD~1"])).toEqual({ revision: "HEAD~1", ...defaults });
  });

  it("reads every option, and rows in the order in which they are run", () => {
    const words = ["--rows", "tree,sim", "--rounds=5", "--least=0.95", "--clock=cpu", "--json"];
    expect(parseRequest([...words, "main"])).toEqual({
      revision: "main",
      rows: ["sim", "tree"],
      rounds: 5,
      least: 0.95,
      clock: "cpu",
      json: true,
    });
  });

  it("gives help to whoever asks", () => {
    expect(parseRequest(["main", "--help"])).toBeNull();
  });

  it.each([
    [[], "expected a revision"],
    [["a", "b"], "expected one revision, found a b"],
    [["a", "--rows", "sim,wal"], 'expected some of sim, tree, check, storage, found "wal"'],
    [["a", "--rounds", "1.5"], 'expected a whole number above 0, found "1.5"'],
    [["a", "--least", "much"], 'expected a number above 0, found "much"'],
    [["a", "--clock", "sun"], 'expected wall or cpu, found "sun"'],
    [["a", "--fast"], "Unknown option '--fast'"],
  ])("refuses %j in one line", (words, message) => {
    expect(() => parseRequest(words)).toThrow(Refused);
    expect(() => parseRequest(words)).toThrow(message);
    expect(() => parseRequest(words)).not.toThrow("\n");
  });
});

describe("coversLock", () => {
  const lock = (packages: Record<string, unknown>): string => JSON.stringify({ packages });
  const abc = { version: "1.0.0", integrity: "sha512-abc" };

  it.each([
    [
      "the same packages",
      { "": {}, "node_modules/a": abc },
      { "": {}, "node_modules/a": abc },
      true,
    ],
    [
      "fewer packages",
      { "node_modules/a": abc, "node_modules/b": abc },
      { "node_modules/b": abc },
      true,
    ],
    ["a package that is not here", {}, { "node_modules/a": abc }, false],
    [
      "another version",
      { "node_modules/a": abc },
      { "node_modules/a": { ...abc, version: "2.0.0" } },
      false,
    ],
    [
      "other bytes",
      { "node_modules/a": abc },
      { "node_modules/a": { ...abc, integrity: "x" } },
      false,
    ],
    ["a folder", { "node_modules/a": { link: true } }, { "node_modules/a": { link: true } }, false],
    ["another name of the project", { "": { name: "a" } }, { "": { name: "b" } }, true],
  ])("judges %s", (_, ours, theirs, isCovered) => {
    expect(coversLock(lock(ours), lock(theirs))).toBe(isCovered);
  });
});

describe("readReport", () => {
  const row = { name: "gets", value: 10, unit: "/s", spread: 1, target: null, met: null };

  it("takes the figures, and the setting from the heading", () => {
    const stdout = JSON.stringify({ machine: "m", commit: "c", rows: [row] });
    expect(readReport(stdout, "a warning\nthe tree: in memory: seed 1, 5 repeats\n")).toEqual({
      readings: [{ name: "gets", value: 10, unit: "/s" }],
      setting: "seed 1, 5 repeats",
    });
  });

  it("refuses what is no report", () => {
    expect(() => readReport("name  value", "")).toThrow('one line of JSON, found "name  value"');
    expect(() => readReport("[]", "")).toThrow("expected rows");
    expect(() => readReport("7", "")).toThrow("expected one line of JSON");
  });
});

describe("readTiming", () => {
  it("takes the median of the checks after the first, and names the verdict", () => {
    const text = JSON.stringify({ kind: "linearizable", ms: [900, 3, 1, 2] });
    const reading = { name: "kv 2x2, linearizable", value: 2, unit: "ms" };
    expect(readTiming("kv 2x2", text)).toEqual([reading]);
  });

  it("refuses a case that was checked only once", () => {
    const text = JSON.stringify({ kind: "linearizable", ms: [900] });
    expect(() => readTiming("kv 2x2", text)).toThrow("kv 2x2: expected times of several checks");
  });
});

describe("pairUp", () => {
  it("pairs by name and unit, leaves ratios out, and names what is unpaired", () => {
    const here = [
      { name: "get", value: 1, unit: "/s" },
      { name: "put", value: 2, unit: "ns" },
      { name: "share", value: 3, unit: "x" },
      { name: "scan", value: 4, unit: "/s" },
    ];
    const there = [
      { name: "get", value: 5, unit: "/s" },
      { name: "put", value: 6, unit: "ms" },
      { name: "share", value: 7, unit: "x" },
    ];
    expect(pairUp("b", here, there)).toEqual({
      pairs: [{ bench: "b", name: "get", unit: "/s", here: 1, there: 5 }],
      unpaired: [
        "b: put: only in this one",
        "b: scan: only in this one",
        "b: put: only in the other one",
      ],
    });
  });
});

function pairsOf(name: string, unit: string, values: readonly (readonly [number, number])[]) {
  return values.map(([here, there]): Pair => ({ bench: "bench:x", name, unit, here, there }));
}

describe("sumUp", () => {
  it("takes the median of the ratios, not the ratio of the medians", () => {
    // The machine gets ten times slower in the last pair; the ratio must not notice.
    const [row] = sumUp(
      pairsOf("get", "/s", [
        [20, 10],
        [30, 10],
        [2, 1],
      ]),
    );
    expect(row).toMatchObject({ ratio: 2, min: 2, max: 3, pairs: 3, here: 20, there: 10 });
  });

  it("turns times around: half the time is twice as fast", () => {
    const [row] = sumUp(pairsOf("put", "ns", [[5, 10]]));
    expect(row).toMatchObject({ ratio: 2, min: 2, max: 2, pairs: 1 });
  });

  it("keeps rows apart, in the order in which they appear", () => {
    const one = pairsOf("a", "/s", [[1, 1]]);
    const other = pairsOf("b, lmdb", "/s", [[1, 2]]);
    const rows = sumUp([...one, ...other, ...one]);
    expect(rows.map(({ name, pairs }) => [name, pairs])).toEqual([
      ["a", 2],
      ["b, lmdb", 1],
    ]);
    expect(rows.map(({ isControl }) => isControl)).toEqual([false, true]);
  });

  it("has no row without a pair", () => {
    expect(sumUp([])).toEqual([]);
  });
});

describe("rowsUnder", () => {
  it("judges medians, and no controls", () => {
    const pairs = [
      ...pairsOf("met", "/s", [[95, 100]]),
      ...pairsOf("missed", "/s", [[94, 100]]),
      ...pairsOf("W1: bare loop", "/s", [[50, 100]]),
    ];
    expect(rowsUnder(sumUp(pairs), 0.95).map(({ name }) => name)).toEqual(["missed"]);
  });
});

function outcomeOf(rows: readonly RatioRow[], more: Partial<Outcome> = {}): Outcome {
  return {
    machine: "a machine",
    here: { commit: "aaaaaaa", changed: 2 },
    there: { commit: "bbbbbbb", changed: 0 },
    rows,
    settings: new Map([["bench:x", "seed 1, 5 repeats"]]),
    notes: [],
    roundsAsked: 3,
    clock: "wall",
    isInterrupted: false,
    ...more,
  };
}

describe("renderTable", () => {
  it("names both sides, lines rows up, sets controls apart, and says what all pairs agree on", () => {
    const rows = sumUp([
      ...pairsOf("gets", "/s", [
        [1200, 1000],
        [1100, 1000],
        [1300, 1000],
      ]),
      ...pairsOf("puts a row", "ns", [
        [50, 40],
        [45, 40],
        [41, 40],
      ]),
      ...pairsOf("gets, lmdb", "/s", [
        [10, 10],
        [9, 10],
        [11, 10],
      ]),
    ]);
    const outcome = outcomeOf(rows, { notes: ["bench:y: the other one has none"] });
    expect(`\n${renderTable(outcome)}\n`).toBe(`
this   aaaaaaa, and 2 files changed since
other  bbbbbbb
a machine
3 rounds, time on the wall; ratio: how many times as fast this one is, by the median pair

bench:x: seed 1, 5 repeats
               this  other  unit  ratio      min..max   best  pairs
  gets        1,200  1,000  /s    1.200  1.100..1.300  1.300      3  faster in each pair
  puts a row     45     40  ns    0.889  0.800..0.976  0.976      3  slower in each pair

the same code on both sides, so what is not 1 is noise
               this  other  unit  ratio      min..max   best  pairs
  gets, lmdb     10     10  /s    1.000  0.900..1.100  1.100      3

note: bench:y: the other one has none
`);
  });

  it("says that it was interrupted, even before the first pair", () => {
    const text = renderTable(outcomeOf([], { isInterrupted: true }));
    expect(text).toContain("interrupted: these are the pairs that were complete");
    expect(text).toContain("no pair is complete");
  });
});

describe("renderJson", () => {
  it("has exactly these keys, in one line", () => {
    const text = renderJson(outcomeOf(sumUp(pairsOf("gets", "/s", [[2, 1]]))));
    expect(text).not.toContain("\n");
    expect(JSON.parse(text)).toStrictEqual({
      machine: "a machine",
      this: { commit: "aaaaaaa", changed: 2 },
      other: { commit: "bbbbbbb" },
      rounds: 3,
      clock: "wall",
      interrupted: false,
      settings: { "bench:x": "seed 1, 5 repeats" },
      rows: [
        {
          bench: "bench:x",
          name: "gets",
          unit: "/s",
          this: 2,
          other: 1,
          ratio: 2,
          min: 2,
          max: 2,
          best: 2,
          pairs: 1,
          control: false,
        },
      ],
      notes: [],
    });
  });
});

describe("Children", () => {
  const place = { cwd: import.meta.dirname };
  const node = (code: string): [string, ...string[]] => [process.execPath, "-e", code];

  it("gives both outputs", async () => {
    const code = "console.log(1); console.error(2)";
    const output = await new Children().run("it", node(code), place);
    expect(output).toEqual({ stdout: "1\n", stderr: "2\n" });
  });

  it("refuses a program that fails, with the line that says why", async () => {
    const run = new Children().run("it", node("throw new RangeError('too far')"), place);
    await expect(run).rejects.toThrow("it ended with 1: RangeError: too far");
    const missing = new Children().run("it", ["no-such-program"], place);
    await expect(missing).rejects.toThrow("it ended with spawn no-such-program ENOENT");
  });

  it("ends what runs when it is stopped, and lets nothing run after", async () => {
    const children = new Children();
    const run = children.run("it", node("setInterval(() => {}, 1000)"), place);
    children.stop();
    children.stop();
    await expect(run).rejects.toThrow(Interrupted);
    await expect(children.run("it", node(""), place)).rejects.toThrow(Interrupted);
  });

  it("prefers a line that speaks of an error", () => {
    expect(lastWord({ stdout: "", stderr: "a\n error TS1: b\nc\n" })).toBe("error TS1: b");
    expect(lastWord({ stdout: "a\nb\n", stderr: "" })).toBe("b");
    expect(lastWord({ stdout: "", stderr: "" })).toBe("no word");
  });
});
