import { describe, expect, it } from "vitest";
import { BlockCache, openRun, type Run, writeRun } from "../../../src/lsm/run/index.ts";
import type { Entry } from "../../../src/lsm/index.ts";
import { MemoryDisk } from "../../../src/storage/index.ts";
import { DIRECT_HOST, runToCompletion, type Task } from "../../../src/task/index.ts";
import { restOf, text, TINY, value } from "./run-fixture.ts";
import { SortedCursor } from "./sorted-cursor.ts";

const list: Entry[] = Array.from({ length: 60 }, (_, i) =>
  value(`key ${String(i).padStart(2, "0")}`, i, "12345678901234567890"),
);

/** Two runs of the same contents, and the cache that they share. */
function twoRuns(bytesMax: number): { cache: BlockCache; one: Run; other: Run } {
  const disk = new MemoryDisk();
  const cache = new BlockCache(DIRECT_HOST, bytesMax);
  const open = function* (name: string): Task<Run> {
    yield* writeRun(disk, name, new SortedCursor(list), TINY);
    return yield* openRun(disk, name, cache);
  };
  return { cache, one: runToCompletion(open("a")), other: runToCompletion(open("b")) };
}

function get(run: Run, index: number): void {
  const found = runToCompletion(run.get(list[index]?.key ?? text(""), 1000));
  expect(found).toEqual(list[index]);
}

describe("a cache of blocks", () => {
  it("gives a block that was read before", () => {
    const { cache, one } = twoRuns(1 << 20);
    get(one, 7);
    get(one, 7);
    expect(cache.stats).toMatchObject({ hits: 1, misses: 1, blocks: 1 });
  });

  it("is within its budget after every read, whatever that is", () => {
    for (const bytesMax of [0, 1, 300, 500, 1000, 5000]) {
      const { cache, one, other } = twoRuns(bytesMax);
      for (let i = 0; i < 200; i++) {
        get(i % 3 === 0 ? other : one, (i * 17) % list.length);
        expect(cache.stats.bytes).toBeLessThanOrEqual(bytesMax);
      }
      expect(cache.stats.hits + cache.stats.misses).toBe(200);
    }
  });

  it("keeps the blocks that are in use while others are read once", () => {
    const { cache, one, other } = twoRuns(8 * 350);
    for (let round = 0; round < 5; round++) {
      get(one, 0);
      get(one, 20);
    }
    const cursor = other.cursor();
    for (let i = 0; i < list.length; i++) {
      expect(runToCompletion(cursor.next())).toBe(true);
      if (i % 4 !== 0) continue;
      const { misses } = cache.stats;
      get(one, 0);
      get(one, 20);
      expect(cache.stats.misses).toBe(misses);
    }
  });

  it("serves cursors that go on with blocks that it has forgotten", () => {
    const { cache, one, other } = twoRuns(400);
    const cursors = [one.cursor(), other.cursor(), one.cursor()];
    for (const entry of list) {
      for (const cursor of cursors) {
        expect(runToCompletion(cursor.next())).toBe(true);
        expect(cursor.entry).toEqual(entry);
      }
    }
    expect(cache.stats.blocks).toBeLessThanOrEqual(1);
  });

  it("forgets the blocks of a run that is closed, and no others", () => {
    const { cache, one, other } = twoRuns(1 << 20);
    restOf(one.cursor());
    const { blocks, bytes } = cache.stats;
    restOf(other.cursor());
    expect(cache.stats).toMatchObject({ blocks: 2 * blocks, bytes: 2 * bytes });
    runToCompletion(one.close());
    expect(cache.stats).toMatchObject({ blocks, bytes });
    get(other, 3);
    runToCompletion(other.close());
    expect(cache.stats).toMatchObject({ blocks: 0, bytes: 0 });
  });
});
