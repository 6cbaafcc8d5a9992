import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nameOf, phaseOf, PHASES } from "../../bench/profile/phases.ts";
import { parseRequest, Refused } from "../../bench/profile/request.ts";
import { sampleCpu, sampleHeap } from "../../bench/profile/samplers.ts";

/** Rooms that work for whoever calls them, and so have no phase of their own. */
const HELPERS = ["task"];
const ROOMS = ["btree", "latch", "storage", "wal", "engine", "drivers", "level"];

describe("phases of an operation", () => {
  it.each([
    ["search", "file:///x/dist-bench/src/btree/node-search.js", "search"],
    ["insertEntry", "file:///x/dist-bench/src/btree/node-edit.js", "edit"],
    ["checkOrder", "file:///x/dist-bench/src/latch/owner.js", "descend"],
    ["append", "file:///x/dist-bench/src/wal/log.js", "log"],
    ["write", "file:///x/dist-bench/src/drivers/file-disk.js", "disk"],
    ["#advance", "file:///x/dist-bench/src/drivers/event-loop.js", "wake-up"],
    ["put", "file:///x/node_modules/abstract-level/abstract-level.js", "interface"],
    ["(idle)", "", "wait"],
    ["(garbage collector)", "", "other"],
    ["compareRange", "file:///x/dist-bench/src/btree/bytes.js", null],
    ["writeSync", "node:fs", null],
  ])("puts %s of %s into %s", (name, url, phase) => {
    expect(phaseOf(name, url)).toBe(phase);
  });

  it("are listed, and each room under a put has one", () => {
    for (const room of ROOMS) {
      const files = readdirSync(join(import.meta.dirname, "../../src", room), { recursive: true })
        .map(String)
        .filter((file) => file.endsWith(".ts"));
      const found = files.map((file) => phaseOf("f", `/src/${room}/${file.replace(".ts", ".js")}`));
      const phases = found.filter((phase) => phase !== null);
      expect(phases.length).toBeGreaterThan(0);
      expect(PHASES).toEqual(expect.arrayContaining(phases));
    }
    for (const room of HELPERS) expect(phaseOf("f", `/src/${room}/x.js`)).toBeNull();
  });

  it("name a function by its file", () => {
    const url = "file:///x/dist-bench/src/latch/owner.js";
    expect(nameOf("acquire", url)).toBe("acquire (latch/owner)");
    expect(nameOf("", "node:fs")).toBe("(anonymous) (fs)");
    expect(nameOf("(idle)", "")).toBe("(idle)");
  });
});

describe("samplers", () => {
  it("find a function that takes time", async () => {
    const { functions, phases } = await sampleCpu(() => spinForMs(100));
    const found = [...functions].find(([name]) => name.startsWith("spinForMs"));
    expect(found?.[1]).toBeGreaterThan(20e6);
    expect([...phases.keys()].every((phase) => PHASES.includes(phase))).toBe(true);
  });

  it("find a function that allocates", async () => {
    const kept: number[][] = [];
    const allocators = await sampleHeap(() => hoard(kept));
    const found = [...allocators].filter(([name]) => name.startsWith("hoard"));
    expect(found.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeGreaterThan(1e6);
  });
});

function spinForMs(ms: number): void {
  const end = performance.now() + ms;
  let turns = 0;
  while (performance.now() < end) for (let i = 0; i < 1e4; i++) turns += i % 7;
  expect(turns).toBeGreaterThan(0);
}

function hoard(kept: number[][]): void {
  for (let i = 0; i < 20_000; i++) kept.push([i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6]);
}

describe("the command line", () => {
  it("has defaults", () => {
    const request = parseRequest([]);
    expect(request).toMatchObject({ keys: 400_000, inFlight: 64, repeats: 3, top: 12 });
    expect(request?.cases).toHaveLength(4);
    expect(parseRequest(["--help"])).toBeNull();
  });

  it.each([
    [["--keys", "12"], '--keys: expected a whole number of at least 1000, found "12"'],
    [["--repeats", "0"], '--repeats: expected a whole number of at least 1, found "0"'],
    [["--case", "put"], "--case: expected one of memory put, memory get, durable put, durable get"],
    [["--rows"], "Unknown option '--rows'"],
  ])("refuses %j in one line", (words, message) => {
    expect(() => parseRequest(words)).toThrow(Refused);
    expect(() => parseRequest(words)).toThrow(message);
  });
});
