import { describe, expect, it } from "vitest";
import { Crabbing, type Operation, type Protocol } from "../../src/btree/index.ts";
import {
  formatScenario,
  formatStory,
  huntScenario,
  parseReplay,
  parseScenario,
  replayScenario,
  type Scenario,
  tellStory,
} from "../../src/hunt/index.ts";
import { defaultPortfolio } from "../../src/sim/index.ts";
import { LatchworkError, type Task } from "../../src/task/index.ts";
import { FIRST_LEAF, mistakes, Mistaken, protocolOf } from "./mistakes.ts";

function scenarioOf({ name }: Protocol): Scenario {
  const text = "tree [10,20][30,40]\ntask get 20\ntask scan\ntask put 30\n";
  return { ...parseScenario(text).scenario, protocol: name };
}

describe.each(mistakes)("a protocol that $name", (mistake) => {
  const { kind, message, steps, hasPlace } = mistake;
  const protocol = protocolOf(mistake);
  const own = [protocol];
  const result = huntScenario(scenarioOf(protocol), {
    protocols: own,
    strategies: defaultPortfolio,
    seed: 1,
    runsMax: 500,
    shrink: { runsMax: 500 },
  });
  const { scenario, schedule } = parseReplay(result.replay ?? "");

  it("is told what to write, and where it went wrong", () => {
    const { shrunk } = result;
    expect(shrunk?.failure.kind).toBe(kind);
    expect(shrunk?.failure.message).toContain(message);
    const place = expect.stringMatching(/test\/hunt\/mistakes\.ts:\d+:\d+\)$/);
    expect(shrunk?.failure.stack?.[0]).toEqual(hasPlace ? place : undefined);
    expect(shrunk).toMatchObject({ tasks: 1, operations: 1 });
  });

  it("is replayed from its line, and from a file", () => {
    const again = replayScenario(scenario, schedule, undefined, own);
    expect(again.failure).toEqual(result.shrunk?.failure);
    expect(again.drift).toBeNull();
    expect(again.scheduler.steps).toBe(steps);
    const file = formatScenario(scenario, schedule);
    expect(file).toMatch(/\nschedule( \S+)?\n$/);
    const read = parseScenario(file);
    expect(read.schedule).toBe(schedule);
    const { failure } = replayScenario(read.scenario, read.schedule ?? "no", undefined, own);
    expect(failure).toEqual(result.shrunk?.failure);
  });

  it("has a story with the operation and what it did", () => {
    const story = tellStory(scenario, schedule, own);
    expect(story.rows).toHaveLength(Math.max(steps, 1));
    expect(story.rows.at(-1)).toMatchObject({
      kind: steps === 0 ? "start" : "latch",
      step: steps,
      fails: expect.stringContaining(message),
    });
    const text = formatStory(story, { widthMax: 400 });
    expect(text).toMatch(/\n +\d {2}> (get 20|scan)\n/);
    expect(text).toContain(`!! ${story.rows.at(-1)?.fails}\n`);
    const [place = ""] = result.shrunk?.failure.stack ?? [];
    expect(text).toContain(place);
    expect(JSON.stringify(story)).toContain(place);
    expect(/\n {2}at .*:\d+:\d+\)\n/.test(text)).toBe(hasPlace);
  });

  it("is found on a disk too, before a crash and after one", () => {
    const before = { ...scenarioOf(protocol), ...diskOf("crashes 1\n") };
    const after = { ...before, tasks: [[{ kind: "checkpoint" } as const]] };
    for (const one of [before, { ...after, ...diskOf("crashes 1\nafter get 20\nafter scan\n") }]) {
      const options = { protocols: own, strategies: defaultPortfolio, seed: 1, runsMax: 500 };
      const found = huntScenario(one, options);
      expect(found.verdict.finding?.failure.kind).toBe(kind);
      const read = parseReplay(found.replay ?? "");
      const story = tellStory(read.scenario, read.schedule, own);
      expect(story.kind).toBe(kind);
      expect(story.drift).toBeNull();
      expect(story.rows.filter(({ fails }) => fails !== null)).toHaveLength(1);
    }
  });
});

function diskOf(lines: string): Pick<Scenario, "durability"> {
  const { durability } = parseScenario(`${lines}task get 1\n`).scenario;
  return durability === undefined ? {} : { durability };
}

describe("a protocol that is none", () => {
  it.each<[string, unknown, string]>([
    ["a class", Crabbing, "expected an object, found a function; make one with new"],
    ["nothing", undefined, "expected an object, found undefined"],
    [
      "without a name",
      Object.assign(new Mistaken(() => 0), { name: undefined }),
      "its name is undefined",
    ],
    [
      "without a scan",
      Object.assign(new Mistaken(() => 0), { scan: undefined }),
      "mistaken has no scan(); expected get, put, insert, delete, scan, latchOrder, coveringLatch",
    ],
    [
      "without a promise",
      Object.assign(new Mistaken(() => 0), { scanPromise: "none" }),
      'mistaken has scanPromise "none"; expected "atomic" or "per-key"',
    ],
  ])("is refused in one line: %s", (_, given, message) => {
    const scenario = { ...parseScenario("task get 1\n").scenario, protocol: "mistaken" };
    const options = { strategies: defaultPortfolio, seed: 1, runsMax: 1 };
    const hunt = (): unknown =>
      huntScenario(scenario, { ...options, protocols: [given as Protocol] });
    expect(hunt).toThrow(`a protocol of one's own: ${message}`);
  });
});

describe("a hunt", () => {
  const scenario = parseScenario("task get 1\ntask put 1\n").scenario;
  const options = { strategies: defaultPortfolio, seed: 1, runsMax: 20 };
  it.each<[string, object, string]>([
    ["async strategies", { strategies: async () => [] }, "strategies: gave a promise"],
    ["no strategies", { strategies: () => [] }, "expected at least one, found an empty list"],
    ["a list of strategies", { strategies: [] }, "strategies: expected a function that makes them"],
    ["an async shouldStop", { shouldStop: async () => true }, "shouldStop: gave a promise"],
    ["an async onProgress", { onProgress: async () => undefined }, "onProgress: gave a promise"],
  ])("refuses %s in one line", (_, odd, message) => {
    expect(() => huntScenario(scenario, { ...options, ...odd })).toThrow(message);
    expect(() => huntScenario(scenario, { ...options, ...odd })).toThrow(LatchworkError);
  });

  it("refuses what a replay would have to await", () => {
    const prepare = (async () => undefined) as never;
    expect(() => replayScenario(scenario, "ab", prepare)).toThrow("prepare: gave a promise");
  });
});

describe("a story", () => {
  it("says once what an operation that goes in a circle does again and again", () => {
    const mistake = mistakes.find(({ name }) => name.startsWith("never goes on"));
    const own = mistake === undefined ? [] : [protocolOf(mistake)];
    const scenario = { ...parseScenario("task get 20\n").scenario, protocol: "mistaken" };
    const told = formatStory(tellStory(scenario, "a64", own));
    expect(told).toContain("holds S0 (again)");
    expect(told).toContain("the same again, 61 times, to step 63");
    expect(told.match(/while holding/g)).toHaveLength(1);
    expect(told).toContain("(63 times)");
    expect(told.split("\n").length).toBeLessThan(50);
  });

  it.each([
    ["page header", 0],
    ["slots", 48],
    ["lengths", 32],
  ])("tells of a page that was written over with rubbish: its %s", (_, from) => {
    class Rubbish extends Crabbing {
      override readonly name: string = "rubbish";

      override *delete(op: Operation): Task<boolean> {
        const page = op.exclusive(FIRST_LEAF, "leaf");
        if (page.pending) yield page;
        const change = op.change();
        change.edit(page).bytes.fill(255, from);
        change.commit();
        page.release();
        return true;
      }
    }
    const text = "tree [10,20][30]\ntask delete 10\n";
    const scenario = { ...parseScenario(text).scenario, protocol: "rubbish" };
    const story = tellStory(scenario, "a", [new Rubbish()]);
    expect(story.rows.at(-1)?.changes).toContain("2[10,20] becomes (unreadable)");
    expect(story.after.join("\n")).toContain("2(unreadable)");
    expect(story.kind).toBe("broken-tree");
  });
});
