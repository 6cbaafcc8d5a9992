import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LatchworkLevel, open, STEPS_A_TURN } from "../../src/level/index.ts";
import { WORKING_MAX } from "../../src/level/call-order.ts";
import { DoubleLevel } from "../support/engine-double.ts";

const ROWS = 20_000;
const keyOf = (index: number): string => `key ${String(index).padStart(6, "0")}`;
const KEYS = Array.from({ length: ROWS }, (_, index) => keyOf(index));
const BATCH = KEYS.map((key) => ({ type: "put" as const, key, value: "value" }));

let root = "";
let level: LatchworkLevel;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "latchwork-many-"));
  level = await open(join(root, "db"));
});

afterEach(async () => {
  await level.close();
  rmSync(root, { recursive: true, force: true });
});

/** Counts the turns of Node's event loop that come while some work is under way. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let isOver = false;
  const done = (async (): Promise<void> => {
    await work();
    isOver = true;
  })();
  let turns = 0;
  while (!isOver) {
    await turn();
    turns++;
  }
  await done;
  return turns;
}

describe("however much one call is to do", () => {
  it.each([
    ["a batch", () => level.batch(BATCH)],
    ["getMany", () => level.getMany(KEYS)],
    ["hasMany", () => level.hasMany(KEYS)],
    ["clear", () => level.clear()],
  ])("%s lets others have a turn after so many rows", async (_, work) => {
    await level.batch(BATCH);
    expect(await turnsDuring(work)).toBeGreaterThanOrEqual(Math.floor(ROWS / STEPS_A_TURN));
  });

  it.each([
    ["all", () => level.iterator().all()],
    ["for await", () => countKeys(level)],
    ["a check", () => level.check()],
  ])("%s lets others have turns", async (_, work) => {
    // Several times what a fast machine comes through in one turn.
    for (const more of ["", "a", "b"]) {
      await level.batch(BATCH.map((write) => ({ ...write, key: write.key + more })));
    }
    expect(await turnsDuring(work)).toBeGreaterThan(1);
  });

  it("a page of an iterator has its bounds, and all of the rows come", async () => {
    await level.batch(BATCH);
    const iterator = level.keys();
    const sizes: number[] = [];
    for (;;) {
      const page = await iterator.nextv(ROWS);
      if (page.length === 0) break;
      sizes.push(page.length);
    }
    await iterator.close();
    expect(Math.max(...sizes)).toBeLessThan(ROWS);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(ROWS);
  });
});

describe("all of an iterator", () => {
  it("is not cut short by a close, which waits for it", async () => {
    await level.batch(BATCH);
    const iterator = level.iterator();
    const all = iterator.all();
    const closed = iterator.close();
    expect((await all).length).toBe(ROWS);
    await closed;
    await expect(iterator.next()).rejects.toMatchObject({ code: "LEVEL_ITERATOR_NOT_OPEN" });
  });

  it("is refused beside another read, which goes on", async () => {
    await level.batch(BATCH);
    const iterator = level.iterator();
    const first = iterator.next();
    await expect(iterator.all()).rejects.toMatchObject({ code: "LEVEL_ITERATOR_BUSY" });
    expect(await first).toEqual([keyOf(0), "value"]);
    expect((await iterator.all()).length).toBe(ROWS - 1);
  });
});

describe("however many calls are in flight", () => {
  it("only so many take an operation each, and all are done", async () => {
    const double = new DoubleLevel("many-at-once");
    await double.open();
    const { engine } = double;
    if (engine === null) throw new Error("an open level has an engine");
    engine.commitMs = 0;
    await Promise.all(KEYS.map((key) => double.put(key, "value")));
    expect(engine.operationCount).toBeLessThanOrEqual(WORKING_MAX + 1);
    expect((await double.keys().all()).length).toBe(ROWS);
    await double.close();
  });

  it("closing waits for those that have not begun", async () => {
    const puts = KEYS.map((key) => level.put(key, "value"));
    await level.close();
    await Promise.all(puts);
    level = await open(join(root, "db"));
    expect((await level.keys().all()).length).toBe(ROWS);
  });
});

async function countKeys(of: LatchworkLevel): Promise<number> {
  let count = 0;
  for await (const key of of.keys()) count += key.length > 0 ? 1 : 0;
  return count;
}
