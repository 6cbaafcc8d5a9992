import { describe, expect, it } from "vitest";
import { LatchworkError, type Task } from "../../src/task/index.ts";
import { type Log, POLICIES, policyNamed } from "../../src/wal/index.ts";
import { faultOf } from "../support/fault-of.ts";
import { BytePages } from "./changes.ts";
import { type LogFixture, openFixture, scanOf } from "./log-fixture.ts";

function syncsOf({ disk }: LogFixture): number {
  return disk.done.filter((entry) => entry.startsWith("sync log")).length - 1;
}

/** An operation: appends one group, then waits until it is durable. */
function* write(log: Log, pages: BytePages, id: number): Task<void> {
  log.writerBegan();
  try {
    yield* log.waitDurable(pages.change(log, [id], id, id));
  } finally {
    log.writerEnded();
  }
}

function startWriters(fixture: LogFixture, count: number): void {
  const pages = new BytePages();
  for (let id = 2; id < 2 + count; id++) fixture.driver.add(write(fixture.log, pages, id));
}

function codeOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    if (error instanceof LatchworkError) return error.code;
    throw error;
  }
  return "none";
}

describe("every commit policy", () => {
  it.each([...POLICIES.keys()])("%s makes all durable, in order of positions", (policy) => {
    const fixture = openFixture({ policy });
    startWriters(fixture, 20);
    const before = fixture.driver.ended.length;
    fixture.driver.run();
    expect(fixture.log.durableLsn).toBe(fixture.log.endLsn);
    const ended = fixture.driver.ended.slice(before);
    expect(ended).toEqual(ended.toSorted((a, b) => a - b));
    expect(scanOf(fixture.disk).contents.groups).toBe(20);
  });

  it("is named with its milliseconds, and no other", () => {
    expect(policyNamed("window:7.5").name).toBe("window:7.5");
    expect(() => policyNamed("sometimes")).toThrow("no commit policy sometimes; there are each,");
  });
});

describe("group commit", () => {
  it.each([
    ["each", 20],
    ["window", 1],
    ["immediate-when-alone", 1],
    ["immediate-when-one-waits", 1],
    ["adaptive", 1],
  ])("%s makes 20 writers at once durable with %i syncs", (policy, syncs) => {
    const fixture = openFixture({ policy });
    startWriters(fixture, 20);
    fixture.driver.run();
    expect(syncsOf(fixture)).toBe(syncs);
  });

  it.each([
    ["window:5", 5],
    ["immediate-when-alone", 0],
    ["immediate-when-one-waits", 0],
    ["adaptive", 0],
  ])("%s lets a lone writer wait %i ms", (policy, ms) => {
    const fixture = openFixture({ policy });
    startWriters(fixture, 1);
    fixture.driver.run();
    expect(fixture.driver.nowMs()).toBe(ms);
  });

  it("writes the next block while the disk syncs the one before", () => {
    const fixture = openFixture({ policy: "immediate-when-alone" });
    const { disk, driver, log } = fixture;
    const pages = new BytePages();
    let late = 0;
    disk.onSync = () => {
      if (late++ === 0) pages.change(log, [9], 1, 1);
    };
    driver.result(write(log, pages, 2));
    expect(log.durableLsn).toBeLessThan(log.endLsn);
    driver.result(log.flushTo(log.endLsn));
    expect(log.durableLsn).toBe(log.endLsn);
    expect(scanOf(disk).contents.groups).toBe(2);
  });

  it("expects the crowd that the last flush has served", () => {
    const fixture = openFixture({ policy: "adaptive", choose: (count) => count - 1 });
    const { disk, driver, log } = fixture;
    disk.onSync = () => driver.advance(1);
    startWriters(fixture, 8);
    driver.run();
    const before = syncsOf(fixture);
    // All come back one after the other, as promises do; the first one waits for them.
    const pages = new BytePages();
    driver.add(write(log, pages, 2));
    for (let id = 3; id < 10; id++) {
      driver.add(
        (function* (): Task<void> {
          yield driver.sleep(0);
          yield* write(log, pages, id);
        })(),
      );
    }
    driver.run();
    expect(syncsOf(fixture) - before).toBe(1);
  });
});

/** Writers that each write ten times, and work for so long before each write. */
function flushesOf(workMs: number, flushMs: number, count: number): number {
  const fixture = openFixture({ policy: "adaptive" });
  const { disk, driver, log } = fixture;
  disk.onSync = () => driver.advance(flushMs);
  const pages = new BytePages();
  for (let id = 2; id < 2 + count; id++) {
    driver.add(
      (function* (): Task<void> {
        for (let round = 0; round < 10; round++) {
          driver.advance(workMs);
          yield* write(log, pages, id);
        }
      })(),
    );
  }
  driver.run();
  return syncsOf(fixture);
}

describe("twenty writers that work and wait", () => {
  it("share each sync, all of them, if the disk is the slower part", () => {
    expect(flushesOf(0.5, 50, 20)).toBeLessThan(20);
  });

  // While a sync of 4 ms runs, 8 of the 20 can do their work, and a sync serves the other 12.
  it.each([4, 9])("take turns if they are the slower part, with a sync of %i ms", (flushMs) => {
    const flushes = flushesOf(0.5, flushMs, 20);
    expect(flushes).toBeGreaterThan(22);
    expect(flushes).toBeLessThan(32);
  });
});

describe("a failed sync", () => {
  it.each([...POLICIES.keys()])(
    "under %s fails every waiter, and is never made again",
    (policy) => {
      const fixture = openFixture({ policy });
      const { disk, driver, log } = fixture;
      disk.syncsLeft = 0;
      startWriters(fixture, 5);
      driver.run();
      expect([...driver.faults.values()].map(({ code }) => code)).toEqual(
        Array.from({ length: 5 }, () => "LOG_FAILED"),
      );
      disk.syncsLeft = 10;
      const syncs = syncsOf(fixture);
      expect(log.state).toBe("failed");
      expect(codeOf(() => driver.result(log.admitWriter()))).toBe("LOG_FAILED");
      expect(codeOf(() => driver.result(log.flushTo(log.endLsn)))).toBe("LOG_FAILED");
      expect(codeOf(() => driver.result(log.waitDurable(log.endLsn)))).toBe("LOG_FAILED");
      driver.result(log.close());
      expect(syncsOf(fixture)).toBe(syncs);
    },
  );

  it("of the page file fails whoever waits for the log", () => {
    const fixture = openFixture({ policy: "window" });
    startWriters(fixture, 3);
    fixture.log.poison(new LatchworkError("LOG_FAILED", "pages: a sync failed"));
    fixture.driver.run();
    expect(fixture.driver.faults.size).toBe(3);
    expect(fixture.driver.faults.get(1)?.message).toContain("pages: a sync failed");
    expect(fixture.log.durableLsn).toBe(1);
  });
});

describe("a full disk", () => {
  it("refuses those who wait, keeps their block, and writes it when there is room", () => {
    const fixture = openFixture();
    const { disk, driver, log } = fixture;
    disk.room = 100;
    startWriters(fixture, 3);
    driver.run();
    expect([...driver.faults.values()].map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => "NO_SPACE"),
    );
    // Who has appended is told that it stays; who asks whether to begin has nothing to be told.
    for (const { message } of driver.faults.values()) expect(message).toContain("it can be read");
    const refusal = faultOf(() => driver.result(log.admitWriter()));
    expect(refusal?.message).toBe("log-0000000000000001: no space left on the disk");
    expect(log.state).toBe("full");
    expect(codeOf(() => driver.result(log.admitWriter()))).toBe("NO_SPACE");
    disk.room = 1 << 20;
    driver.result(log.admitWriter());
    expect(log.state).toBe("open");
    expect(log.durableLsn).toBe(log.endLsn);
    expect(scanOf(disk).contents.groups).toBe(3);
  });

  it("may lack room for the next segment's header", () => {
    const { disk, driver, log } = openFixture({ segmentBytes: 64 });
    const pages = new BytePages();
    driver.result(log.waitDurable(pages.change(log, [2], 1, 1)));
    disk.room = 10;
    pages.change(log, [2], 2, 2);
    expect(codeOf(() => driver.result(log.flushTo(log.endLsn)))).toBe("NO_SPACE");
    disk.room = 1 << 20;
    driver.result(log.flushTo(log.endLsn));
    expect(scanOf(disk).contents.segments.map(({ groups }) => groups)).toEqual([1, 1]);
  });
});

describe("a batch", () => {
  it("is not written before it ends, while what came before is", () => {
    const { disk, driver, log } = openFixture();
    const pages = new BytePages();
    const before = pages.change(log, [2], 1, 1);
    log.beginBatch();
    const inside = pages.change(log, [3], 1, 1);
    driver.result(log.flushTo(before));
    expect(log.durableLsn).toBe(before);
    const waiter = driver.add(log.flushTo(inside));
    expect(() => driver.run()).toThrow("standstill: wait for the log");
    const end = pages.change(log, [4], 1, 1);
    log.endBatch();
    driver.run();
    expect(driver.ended).toContain(waiter);
    expect(log.durableLsn).toBe(end);
    const { groups } = scanOf(disk);
    expect(groups.map(({ continues }) => continues)).toEqual([false, true, false]);
  });

  it("of many blocks stays within its segment", () => {
    const { disk, driver, log } = openFixture({ segmentBytes: 64 });
    const pages = new BytePages();
    pages.change(log, [2], 1, 1);
    log.beginBatch();
    for (let id = 0; id < 5000; id++) pages.change(log, [3 + id], 1, 1);
    log.endBatch();
    driver.result(log.flushTo(log.endLsn));
    const { contents } = scanOf(disk);
    expect(contents.segments.map(({ blocks, groups }) => [blocks, groups])).toEqual([
      [1, 1],
      [3, 5000],
    ]);
    expect(contents.unfinishedGroups).toBe(0);
  });
});

describe("segments", () => {
  it("rotate, and go when a checkpoint no longer needs them", () => {
    const { disk, driver, log } = openFixture({ segmentBytes: 600 });
    const pages = new BytePages();
    const positions = [2, 3, 4].map((id) => {
      const position = pages.change(log, [id], 1, 1);
      driver.result(log.waitDurable(position));
      return position;
    });
    expect(disk.files.size).toBe(2);
    expect(driver.result(log.removeBelow(positions[0] ?? log.endLsn))).toBe(0);
    expect(driver.result(log.removeBelow(log.endLsn))).toBe(1);
    expect(scanOf(disk, positions[1]).contents.groups).toBe(1);
  });
});
