import { describe, expect, it } from "vitest";
import {
  asEditor,
  checksumOf,
  lsn,
  pageId,
  setVersion,
  versionOf,
} from "../../src/storage/index.ts";
import { InvariantViolation, runToCompletion, taskId } from "../../src/task/index.ts";
import { FetchStep } from "./fetch-step.ts";
import { PoolBench } from "./pool-bench.ts";

const A = taskId(0);
const B = taskId(1);

/** Uses a page for a moment. */
function touch(bench: PoolBench, id: number): void {
  bench.pin(id);
  bench.unpin(id);
}

describe("BufferPool", () => {
  it("reads a page once and then shows it as the same frame", () => {
    const bench = new PoolBench(20);
    bench.pin(5);
    const frame = bench.pool.frame(pageId(5));
    expect(bench.valueOf(5)).toBe(5);
    for (let id = 6; id < 20; id++) touch(bench, id);
    expect(bench.pool.frame(pageId(5))).toBe(frame);
    expect(bench.pool.peek(pageId(5))).toBe(frame);
    expect(bench.pool.stats()).toEqual({
      hits: 0,
      misses: 15,
      evictions: 7,
      writes: 0,
      overdraftMax: 0,
      resident: 8,
      dirty: 0,
      framesMax: 8,
      bytes: 4096,
    });
  });

  it("has no checksum in memory", () => {
    const bench = new PoolBench(4);
    bench.pin(3);
    expect(checksumOf(bench.pool.frame(pageId(3)))).toBe(0);
  });

  it("redoes a page from its first change since it was written", () => {
    const bench = new PoolBench(4);
    bench.pin(3);
    bench.change(3, 1, 30, 20);
    bench.change(3, 2, 50, 40);
    expect(bench.pool.oldestRecLsn()).toBe(20);
    expect(bench.pool.stats().dirty).toBe(1);
    bench.clean(3);
    expect(bench.pool.oldestRecLsn()).toBeNull();
    bench.change(3, 3, 70, 60);
    expect(bench.pool.oldestRecLsn()).toBe(60);
  });

  it("counts a pin as a hit only if the page was there already", () => {
    const bench = new PoolBench(4);
    touch(bench, 1);
    touch(bench, 1);
    touch(bench, 2);
    expect(bench.pool.stats()).toMatchObject({ hits: 1, misses: 2 });
  });

  it("keeps a page used since the hand came by, and evicts one that was not", () => {
    const bench = new PoolBench(20);
    for (let id = 0; id < 9; id++) touch(bench, id);
    expect(bench.pool.isResident(pageId(0))).toBe(false);
    touch(bench, 1);
    touch(bench, 9);
    touch(bench, 10);
    expect(bench.pool.isResident(pageId(1))).toBe(true);
    expect(bench.pool.stats().resident).toBe(8);
  });

  it("goes over its limit while all is pinned, and comes back at the unpins", () => {
    const bench = new PoolBench(20);
    for (let id = 0; id < 12; id++) bench.pin(id);
    expect(bench.pool.isOver).toBe(true);
    expect(bench.pool.stats()).toMatchObject({ resident: 12, overdraftMax: 4 });
    for (let id = 0; id < 12; id++) bench.unpin(id);
    expect(bench.pool.isOver).toBe(false);
    expect(bench.pool.stats()).toMatchObject({ resident: 8, evictions: 4 });
    for (let id = 0; id < 20; id++) {
      bench.pin(id);
      expect(bench.valueOf(id)).toBe(id);
      bench.unpin(id);
    }
    expect(bench.pool.stats().overdraftMax).toBe(4);
  });

  it("goes over its limit while all is dirty, and comes back as pages are cleaned", () => {
    const bench = new PoolBench(20);
    for (let id = 0; id < 12; id++) {
      bench.pin(id);
      bench.change(id, 100 + id, id + 1);
      bench.unpin(id);
    }
    expect(bench.pool.stats()).toMatchObject({ resident: 12, dirty: 12 });
    let cleaned = 0;
    while (bench.pool.isOver && bench.cleanOne()) cleaned++;
    expect(cleaned).toBe(4);
    expect(bench.pool.stats()).toMatchObject({ resident: 8, dirty: 8, writes: 4 });
  });

  it("serves two tasks that wait for one read with that read", () => {
    const bench = new PoolBench(20);
    const first = new FetchStep(bench.pool.fetch(pageId(3)));
    const second = new FetchStep(bench.pool.fetch(pageId(3)));
    expect(bench.pool.isResident(pageId(3))).toBe(false);
    expect(second.take(B)).toBe(true);
    // Others crowd the pool before the first waiter gets to run; its page is still there.
    for (let id = 4; id < 20; id++) touch(bench, id);
    expect(first.take(A)).toBe(true);
    expect(bench.pool.pin(pageId(3))).toBe(true);
    expect(bench.valueOf(3)).toBe(3);
    expect(bench.pool.stats().misses).toBe(17);
    bench.unpin(3);
    for (let id = 4; id < 20; id++) touch(bench, id);
    expect(bench.pool.isResident(pageId(3))).toBe(false);
  });

  it("gives every waiter the error of a read, and reads anew for the next", () => {
    const bench = new PoolBench(20);
    bench.damage(3);
    const fetch = bench.pool.fetch(pageId(3));
    expect(bench.pool.fetch(pageId(3))).toBe(fetch);
    expect(() => fetch.take(A)).toThrow("pages: page 3 (offset 1536): checksum");
    expect(() => fetch.take(B)).toThrow("the page is damaged");
    expect(bench.pool.stats().resident).toBe(0);
    bench.damage(3);
    bench.pin(3);
    expect(bench.valueOf(3)).toBe(3);
  });

  it("refuses pages beyond the end of the file, cut by it, never written or misplaced", () => {
    const bench = new PoolBench(6);
    expect(() => bench.pin(9)).toThrow(
      "pages: page 9 (offset 4608): the file ends after 0 of its 512 bytes",
    );
    expect(() => bench.pin(4_000_000_000)).toThrow("the file ends after 0");
    const contents = bench.disk.files.get("pages");
    contents?.bytes.fill(0, 2 * 512, 3 * 512);
    contents?.bytes.copyWithin(3 * 512, 4 * 512, 5 * 512);
    contents?.resize(5 * 512 + 100);
    expect(() => bench.pin(2)).toThrow("it was never written");
    expect(() => bench.pin(3)).toThrow("page 4 is stored here, expected page 3");
    expect(() => bench.pin(5)).toThrow("the file ends after 100 of its 512 bytes");
    expect(bench.pool.stats()).toMatchObject({ resident: 0, misses: 5 });
  });

  it("lets recovery have a bad page as zeros that wait for an image", () => {
    const bench = new PoolBench(6);
    bench.damage(3);
    for (const id of [2, 3, 8]) runToCompletion(fetchForRedo(bench, id));
    expect([2, 3, 8].map((id) => bench.pool.needsImage(pageId(id)))).toEqual([false, true, true]);
    expect(bench.pool.damageOf(pageId(3))?.code).toBe("BAD_PAGE");
    expect(bench.pool.frame(pageId(3)).bytes.every((byte) => byte === 0)).toBe(true);
    expect(bench.pool.capacity).toBe(9);
    bench.pool.imageRestored(pageId(3));
    expect(bench.pool.needsImage(pageId(3))).toBe(false);
  });
});

function* fetchForRedo(bench: PoolBench, id: number): Generator<FetchStep, void, void> {
  yield new FetchStep(bench.pool.fetchForRedo(pageId(id)));
}

describe("a page made fresh", () => {
  it("is pinned, zero, and reads nothing", () => {
    const bench = new PoolBench(4);
    bench.pool.fresh(pageId(7));
    expect(bench.pool.capacity).toBe(8);
    expect(bench.pool.frame(pageId(7)).bytes.every((byte) => byte === 0)).toBe(true);
    expect(bench.pool.stats().misses).toBe(0);
    for (let id = 0; id < 4; id++) touch(bench, id);
    bench.unpin(7);
    expect(() => bench.unpin(7)).toThrow(InvariantViolation);
  });

  it("keeps its version, in memory and out of it", () => {
    const bench = new PoolBench(20);
    bench.pool.fresh(pageId(7));
    setVersion(asEditor(bench.pool.frame(pageId(7))), 40);
    bench.unpin(7);
    bench.pool.fresh(pageId(7));
    expect(versionOf(bench.pool.frame(pageId(7)))).toBe(40);
    bench.unpin(7);
    bench.pool.discard(pageId(7));
    expect(bench.pool.isResident(pageId(7))).toBe(false);
    bench.pool.fresh(pageId(7));
    expect(versionOf(bench.pool.frame(pageId(7)))).toBe(40);
  });

  it("begins with the low half of the version floor", () => {
    const bench = new PoolBench(4, { versionFloor: () => 2 ** 32 + 77 });
    bench.pool.fresh(pageId(7));
    expect(versionOf(bench.pool.frame(pageId(7)))).toBe(77);
  });

  it("overtakes a read of what the page was before", () => {
    const bench = new PoolBench(20);
    bench.damage(7);
    const stale = bench.pool.fetch(pageId(7));
    bench.pool.fresh(pageId(7));
    bench.change(7, 700, 5);
    bench.unpin(7);
    bench.clean(7);
    for (let id = 8; id < 20; id++) touch(bench, id);
    expect(stale.take(A)).toBe(true);
    expect(bench.valueOf(7)).toBe(700);
    for (let id = 8; id < 20; id++) touch(bench, id);
    expect(bench.pool.stats().resident).toBe(8);
    expect(bench.pool.isResident(pageId(7))).toBe(false);
  });
});

describe("a page discarded", () => {
  it("need not be written and leaves at once", () => {
    const bench = new PoolBench(20);
    bench.pin(3);
    bench.change(3, 300, 9);
    bench.unpin(3);
    bench.pool.discard(pageId(3));
    expect(bench.pool.stats()).toMatchObject({ resident: 0, dirty: 0 });
    expect(bench.pool.oldestRecLsn()).toBeNull();
    bench.pool.discard(pageId(3));
  });

  it("during its write is not dirty again when that fails, but stays until it has ended", () => {
    const bench = new PoolBench(20);
    bench.pin(3);
    bench.change(3, 300, 9);
    bench.unpin(3);
    const write = bench.pool.beginWrite(pageId(3));
    bench.pool.discard(pageId(3));
    expect(bench.pool.isWriting(pageId(3))).toBe(true);
    expect(bench.pool.oldestRecLsn()).toBeNull();
    bench.pool.fresh(pageId(3));
    bench.change(3, 301, 20, 15);
    expect(() => bench.pool.beginWrite(pageId(3))).toThrow(InvariantViolation);
    bench.pool.endWrite(write, false);
    expect(bench.pool.oldestRecLsn()).toBe(lsn(15));
  });
});
