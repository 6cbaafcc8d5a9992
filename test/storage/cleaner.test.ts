import { describe, expect, it } from "vitest";
import {
  DIRECT_DRIVER,
  EXCLUSIVE,
  LatchGuard,
  latchId,
  LatchOwner,
} from "../../src/latch/index.ts";
import { lsn, pageId } from "../../src/storage/index.ts";
import {
  DIRECT_HOST,
  InvariantViolation,
  LatchworkError,
  runToCompletion,
  type Step,
  type Task,
  taskId,
} from "../../src/task/index.ts";
import { PoolBench } from "./pool-bench.ts";

const OTHER = taskId(1);

function changed(pages: readonly number[], bench: PoolBench = new PoolBench(20)): PoolBench {
  for (const id of pages) {
    bench.pin(id);
    bench.change(id, 100 + id, 10 * id + 10);
    bench.unpin(id);
  }
  return bench;
}

/** Runs a task up to the step at which it waits, as a driver that takes what is enabled. */
function runUntilWaiting(task: Task<unknown>): Step | null {
  for (let next = task.next(); next.done !== true; next = task.next()) {
    if (!next.value.isEnabled(OTHER) || !next.value.take(OTHER)) return next.value;
  }
  return null;
}

describe("Cleaner", () => {
  it("flushes the log up to the page's LSN, then writes the page sealed", () => {
    const bench = changed([3]);
    const storedAtFlush: number[] = [];
    bench.onFlush = () => storedAtFlush.push(bench.stored(3));
    bench.clean(3);
    expect(bench.flushed).toEqual([lsn(40)]);
    expect(storedAtFlush).toEqual([3]);
    expect(bench.stored(3)).toBe(103);
    expect(bench.pool.dirtyPages()).toEqual([]);
    for (let id = 4; id < 20; id++) {
      bench.pin(id);
      bench.unpin(id);
    }
    expect(bench.pool.isResident(pageId(3))).toBe(false);
    bench.pin(3);
    expect(bench.valueOf(3)).toBe(103);
  });

  it("does nothing for a page that is clean or not in memory", () => {
    const bench = new PoolBench(20);
    bench.clean(3);
    bench.pin(4);
    bench.clean(4);
    expect(bench.cleanOne()).toBe(false);
    expect(bench.flushed).toEqual([]);
  });

  it("cleans one page after another, the pinned ones last", () => {
    const bench = changed([2, 3, 4, 5]);
    bench.pin(3);
    const order: number[] = [];
    bench.onFlush = (position) => order.push(position / 10 - 1);
    while (bench.cleanOne());
    expect(order).toHaveLength(4);
    expect(order.at(-1)).toBe(3);
    expect(order.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5]);
  });

  it("keeps a change that comes during the write", () => {
    const bench = changed([3]);
    bench.onFlush = () => {
      bench.pin(3);
      bench.change(3, 999, 77, 70);
      bench.unpin(3);
    };
    bench.clean(3);
    expect(bench.stored(3)).toBe(103);
    expect(bench.pool.dirtyPages()).toEqual([3]);
    expect(bench.pool.oldestRecLsn()).toBe(lsn(70));
  });

  it("leaves the page dirty from where it was, and no latch held, when the log fails", () => {
    const bench = changed([3]);
    bench.onFlush = () => {
      bench.pin(3);
      bench.change(3, 999, 77, 70);
      bench.unpin(3);
      throw new LatchworkError("LOG_FAILED", "log: a sync failed");
    };
    expect(() => bench.clean(3)).toThrow("a sync failed");
    expect(bench.stored(3)).toBe(3);
    expect(bench.pool.isWriting(pageId(3))).toBe(false);
    expect(bench.pool.oldestRecLsn()).toBe(lsn(39));
    expect(bench.latches.firstInUse()).toBeNull();
    bench.onFlush = () => undefined;
    bench.clean(3);
    expect(bench.stored(3)).toBe(999);
  });

  it("waits for the page's latch, and copies what it protects", () => {
    const bench = changed([3]);
    const writer = new LatchOwner(OTHER, DIRECT_DRIVER);
    const guard = new LatchGuard(writer);
    writer.acquire(guard, bench.latches.latch(latchId(3)), EXCLUSIVE, "leaf");
    const task = bench.cleaner.clean(bench.owner, pageId(3));
    const waiting = runUntilWaiting(task);
    expect(waiting?.fact()).toMatchObject({ kind: "latch-ask", mode: "S" });
    bench.pin(3);
    bench.change(3, 888, 90);
    bench.unpin(3);
    guard.release();
    expect(waiting?.take(OTHER)).toBe(true);
    expect(runUntilWaiting(task)).toBeNull();
    expect(bench.stored(3)).toBe(888);
    expect(bench.flushed).toEqual([lsn(90)]);
  });

  it("finds nothing to do when the page is freed while it waits for the latch", () => {
    const bench = changed([3]);
    const writer = new LatchOwner(OTHER, DIRECT_DRIVER);
    const guard = new LatchGuard(writer);
    writer.acquire(guard, bench.latches.latch(latchId(3)), EXCLUSIVE, "leaf");
    const task = bench.cleaner.clean(bench.owner, pageId(3));
    const waiting = runUntilWaiting(task);
    guard.release();
    bench.pool.discard(pageId(3));
    expect(waiting?.take(OTHER)).toBe(true);
    expect(runUntilWaiting(task)).toBeNull();
    expect(bench.flushed).toEqual([]);
    expect(bench.latches.firstInUse()).toBeNull();
  });

  it("never has two writes of one page under way", () => {
    const woken: Step[] = [];
    const host = { ...DIRECT_HOST, wake: (step: Step) => void woken.push(step) };
    const bench = changed([3], new PoolBench(20, {}, undefined, host));
    const write = bench.pool.beginWrite(pageId(3));
    bench.pin(3);
    bench.change(3, 777, 80, 70);
    expect(bench.pool.dirtyPages()).toEqual([3]);
    expect(bench.pool.pickDirty()).toBeNull();
    const task = bench.cleaner.clean(bench.owner, pageId(3));
    const waiting = runUntilWaiting(task);
    expect(waiting?.fact().kind).toBe("page-write-wait");
    waiting?.park(OTHER);
    expect(woken).toEqual([]);
    bench.pool.endWrite(write, true);
    expect(woken).toEqual([waiting]);
    expect(waiting?.take(OTHER)).toBe(true);
    expect(runUntilWaiting(task)).toBeNull();
    expect(bench.stored(3)).toBe(777);
  });

  it("waits for the writes under way, and not for those begun later", () => {
    const woken: Step[] = [];
    const host = { ...DIRECT_HOST, wake: (step: Step) => void woken.push(step) };
    const bench = changed([3, 4, 5], new PoolBench(20, {}, undefined, host));
    runToCompletion(bench.cleaner.waitForWrites());
    const [three, four] = [bench.pool.beginWrite(pageId(3)), bench.pool.beginWrite(pageId(4))];
    const waiting = runUntilWaiting(bench.cleaner.waitForWrites());
    waiting?.park(OTHER);
    const five = bench.pool.beginWrite(pageId(5));
    bench.pool.endWrite(four, true);
    expect(woken).toEqual([]);
    expect(waiting?.isEnabled(OTHER)).toBe(false);
    bench.pool.endWrite(three, false);
    expect(woken).toEqual([waiting]);
    expect(waiting?.isEnabled(OTHER)).toBe(true);
    bench.pool.endWrite(five, true);
    expect(() => bench.pool.endWrite(five, true)).toThrow(InvariantViolation);
    expect(bench.pool.dirtyPages()).toEqual([3]);
  });
});
