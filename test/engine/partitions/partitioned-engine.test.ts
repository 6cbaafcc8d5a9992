import { describe, expect, it } from "vitest";
import { compareBytes, protocolNamed, type ScanRange } from "../../../src/btree/index.ts";
import {
  Engine,
  openPartitioned,
  openTable,
  Partition,
  PartitionedEngine,
  type PartitionedOptions,
  partitionOfKey,
} from "../../../src/engine/index.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import { RowCopies } from "../../../src/level/range.ts";
import { MemoryDisk } from "../../../src/storage/index.ts";
import {
  createPrng,
  DIRECT_HOST,
  type Disk,
  LatchworkError,
  runToCompletion,
} from "../../../src/task/index.ts";
import { policyNamed } from "../../../src/wal/index.ts";

type Asked = Partial<PartitionedOptions>;

function optionsOf(disk: Disk, asked: Asked = {}): PartitionedOptions {
  return {
    disk,
    host: DIRECT_HOST,
    latches: DIRECT_DRIVER,
    protocol: protocolNamed("optimistic-crabbing"),
    policy: policyNamed("each"),
    pageSize: 512,
    ...asked,
  };
}

const opened = (disk: Disk, asked?: Asked): PartitionedEngine =>
  runToCompletion(openPartitioned(optionsOf(disk, asked)));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function keyOf(number: number): Uint8Array {
  return bytes(String(number).padStart(6, "0"));
}

function fill(engine: PartitionedEngine, numbers: readonly number[]): void {
  const session = engine.borrow();
  for (const number of numbers) {
    runToCompletion(engine.put(session, keyOf(number), bytes(`value ${number}`)));
  }
  engine.giveBack(session);
}

/** The same as one batch, over all partitions. */
function fillAtOnce(engine: PartitionedEngine, numbers: readonly number[]): void {
  const writes = numbers.map((number) => {
    return { kind: "put", key: keyOf(number), value: bytes(`value ${number}`) } as const;
  });
  runToCompletion(engine.batch(engine.borrow(), writes));
}

function scanned(engine: PartitionedEngine, range: ScanRange): string[] {
  const rows = new RowCopies(true);
  const count = runToCompletion(engine.scan(engine.borrow(), range, rows));
  expect(count).toBe(rows.keys.length);
  const text = new TextDecoder();
  const isRight = rows.keys.every((key, at) => {
    return text.decode(rows.values[at]) === `value ${Number(text.decode(key))}`;
  });
  expect(isRight).toBe(true);
  return rows.keys.map((key) => text.decode(key));
}

/** What a scan has to give, by another way. */
function expectedOf(numbers: readonly number[], range: ScanRange): string[] {
  const { start, end, limit = Number.POSITIVE_INFINITY } = range;
  const { startInclusive = true, endInclusive = false, reverse = false } = range;
  const keys = numbers.map(keyOf).toSorted(compareBytes);
  const within = keys.filter((key) => {
    const toStart = start === undefined ? 1 : compareBytes(key, start);
    const toEnd = end === undefined ? -1 : compareBytes(key, end);
    return (
      (toStart > 0 || (toStart === 0 && startInclusive)) &&
      (toEnd < 0 || (toEnd === 0 && endInclusive))
    );
  });
  const inOrder = reverse ? within.toReversed() : within;
  return inOrder.slice(0, limit).map((key) => new TextDecoder().decode(key));
}

describe("a scan over partitions", () => {
  it.each([1, 2, 3, 8])(
    "of %i gives what a sorted list gives, whatever the range",
    (partitions) => {
      const prng = createPrng(`scan ${partitions}`);
      const numbers = [...new Set(Array.from({ length: 700 }, () => prng.below(2_000)))];
      const engine = opened(new MemoryDisk(), { partitions });
      fill(engine, numbers);
      for (let run = 0; run < 60; run++) {
        const from = prng.below(2_000);
        const range: ScanRange = {
          ...(prng.below(3) > 0 ? { start: keyOf(from) } : {}),
          ...(prng.below(3) > 0 ? { end: keyOf(from + prng.below(900)) } : {}),
          ...(prng.below(2) > 0 ? { limit: prng.below(60) } : {}),
          startInclusive: prng.below(2) > 0,
          endInclusive: prng.below(2) > 0,
          reverse: prng.below(2) > 0,
        };
        expect(scanned(engine, range)).toEqual(expectedOf(numbers, range));
      }
    },
  );

  it("with a limit reads about as many rows, and holds few of a long range in memory", () => {
    let read = 0;
    let most = 0;
    class Counting extends Partition {
      override *scan(
        ...[session, range, sink]: Parameters<Engine["scan"]>
      ): ReturnType<Engine["scan"]> {
        const count = yield* super.scan(session, range, sink);
        read += count;
        most = Math.max(most, count);
        return count;
      }
    }
    const engine = opened(new MemoryDisk(), {
      partitions: 4,
      pageSize: 4096,
      partitionParts: { makePartition: (state) => new Counting(state) },
    });
    const numbers = Array.from({ length: 4_000 }, (_, number) => number);
    fillAtOnce(engine, numbers);
    for (const reverse of [false, true]) {
      read = 0;
      expect(scanned(engine, { limit: 10, reverse })).toHaveLength(10);
      expect(read).toBeLessThanOrEqual(50);
      read = 0;
      expect(scanned(engine, { limit: 0, reverse })).toHaveLength(0);
      expect(read).toBe(0);
    }
    most = 0;
    expect(scanned(engine, {})).toHaveLength(4_000);
    expect(most).toBeLessThanOrEqual(256);
    expect(most).toBeGreaterThan(100);
  });
});

describe("the pool of a table in partitions", () => {
  const ofPartition = (index: number, count: number): number[] => {
    const all = Array.from({ length: 6 * count }, (_, number) => number);
    return all.filter((number) => partitionOfKey(keyOf(number), 4) === index).slice(0, count);
  };
  const framesOf = ({ state }: PartitionedEngine): number[] =>
    state.partitions.map((partition) => partition.stats().pool.resident);

  it("gives nearly all frames to the one partition that is used", () => {
    const engine = opened(new MemoryDisk(), { partitions: 4, poolFrames: 64 });
    for (const index of [0, 1, 2, 3]) fillAtOnce(engine, ofPartition(index, 1_200));
    const session = engine.borrow();
    runToCompletion(engine.checkpoint(session));
    const { framesMax, resident } = engine.stats().pool;
    expect(framesMax).toBe(64);
    expect(resident).toBeLessThanOrEqual(64);
    for (const index of [2, 0]) {
      for (const number of ofPartition(index, 1_200)) {
        runToCompletion(engine.get(session, keyOf(number)));
      }
      const frames = framesOf(engine);
      expect(frames[index]).toBeGreaterThan(50);
      expect(frames.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(64);
    }
  });

  it("comes back to its size though all that is dirty is another partition's", () => {
    const engine = opened(new MemoryDisk(), { partitions: 4, poolFrames: 16 });
    // Nothing cleans in the background here: only whoever finds the pool too large.
    for (const index of [0, 1, 2, 3]) {
      fill(engine, ofPartition(index, 400));
      expect(engine.stats().pool.resident).toBeLessThanOrEqual(16 + 8);
    }
    expect(engine.stats().pool.overdraftMax).toBeLessThanOrEqual(12);
  });

  it("counts poolBytes for all partitions together", () => {
    const bytesOfPool = 64 * (512 + 700);
    const whole = opened(new MemoryDisk(), { partitions: 1, poolBytes: bytesOfPool });
    const divided = opened(new MemoryDisk(), { partitions: 8, poolBytes: bytesOfPool });
    expect(divided.stats().pool.framesMax).toBe(whole.stats().pool.framesMax);
    fill(
      divided,
      Array.from({ length: 3_000 }, (_, number) => number),
    );
    expect(divided.stats().pool.bytes).toBeLessThanOrEqual(bytesOfPool);
  });
});

describe("a table in partitions", () => {
  it("is found again, with all that was written, and is sound", () => {
    const disk = new MemoryDisk();
    const engine = opened(disk, { partitions: 5 });
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    fill(engine, numbers);
    const session = engine.borrow();
    const writes = numbers
      .slice(0, 40)
      .map((number) => ({ kind: "delete", key: keyOf(number) }) as const);
    runToCompletion(engine.batch(session, writes));
    // Not closed: the next opening recovers each.
    const again = opened(disk);
    expect(again.state.partitions).toHaveLength(5);
    expect(scanned(again, {})).toEqual(expectedOf(numbers.slice(40), {}));
    expect(runToCompletion(again.check(again.borrow()))).toEqual({ ok: true, problems: [] });
    runToCompletion(again.close(again.borrow()));
    const once = runToCompletion(openTable(optionsOf(disk)));
    expect(once).toBeInstanceOf(PartitionedEngine);
  });

  it("sums figures, and keeps those of each", () => {
    const engine = opened(new MemoryDisk(), { partitions: 3 });
    fill(
      engine,
      Array.from({ length: 100 }, (_, number) => number),
    );
    const { partitions = [], pages, log, pool, latching } = engine.stats();
    expect(partitions).toHaveLength(3);
    expect(pages).toBe(partitions.reduce((sum, one) => sum + one.pages, 0));
    expect(log.groups).toBe(partitions.reduce((sum, one) => sum + one.log.groups, 0));
    expect(pool.resident).toBe(partitions.reduce((sum, one) => sum + one.pool.resident, 0));
    expect(pool.framesMax).toBe(partitions[0]?.pool.framesMax);
    expect(latching.heldMax).toBeGreaterThan(1);
    expect(latching.heldMax).toBe(Math.max(...partitions.map((one) => one.latching.heldMax)));
  });

  it("fails as a whole if the log of one partition does", () => {
    const engine = opened(new MemoryDisk(), { partitions: 3 });
    const session = engine.borrow();
    fill(engine, [1, 2, 3, 4, 5, 6]);
    const [, second] = engine.state.partitions;
    second?.poison(new LatchworkError("LOG_FAILED", "the sync of one log failed"));
    for (let number = 0; number < 9; number++) {
      const put = (): unknown => runToCompletion(engine.put(session, keyOf(number), bytes("x")));
      expect(faultOf(put)).toBe(
        "LOG_FAILED: the sync of one log failed; reopen the database to recover what is durable",
      );
    }
    expect(engine.stats().log.state).toBe("failed");
  });

  it("has a key that is astray found by a check", () => {
    const disk = new MemoryDisk();
    const engine = opened(disk, { partitions: 2 });
    const key = keyOf(1);
    const wrong = engine.state.partitions[1 - partitionOfKey(key, 2)];
    if (wrong === undefined) throw new Error("there are two");
    runToCompletion(wrong.put(engine.borrow(), key, bytes("x")));
    const { ok, problems } = runToCompletion(engine.check(engine.borrow()));
    expect(ok).toBe(false);
    expect(problems).toEqual([
      expect.stringMatching(
        /^partition [01]: 1 key is in the wrong partition, as 0x303030303031, /u,
      ),
    ]);
  });

  it.each([
    [
      { partitions: 8 },
      "partitions is 8, but the database was made with 4; leave it out, or run latchwork repartition DIR --partitions 8",
    ],
    [
      { partitions: 1 },
      "partitions is 1, but the database was made with 4; leave it out, or run latchwork repartition DIR --partitions 1",
    ],
    [{ partitions: 0 }, "partitions must be a whole number from 1 to 256, not 0"],
    [{ partitions: 257 }, "partitions must be a whole number from 1 to 256, not 257"],
    [{ partitions: 1.5 }, "partitions must be a whole number from 1 to 256, not 1.5"],
    [
      { pageSize: 1024 },
      "partition-1-0: pageSize is 1024, but the database was made with 512; leave it out",
    ],
  ])("is refused when it is asked for with %j", (asked, message) => {
    const disk = new MemoryDisk();
    runToCompletion(opened(disk, { partitions: 4 }).close(opened(disk).borrow()));
    expect(faultOf(() => runToCompletion(openTable(optionsOf(disk, asked))))).toBe(
      `BAD_ARGUMENT: ${message}`,
    );
  });

  it("is not made of a database that is not divided", () => {
    const disk = new MemoryDisk();
    runToCompletion(openTable(optionsOf(disk)));
    expect(faultOf(() => opened(disk, { partitions: 2 }))).toBe(
      "BAD_ARGUMENT: partitions is 2, but the database was made with 1; leave it out, or run latchwork repartition DIR --partitions 2",
    );
    expect(runToCompletion(openTable(optionsOf(disk)))).toBeInstanceOf(Engine);
  });
});

function faultOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { code, message } = error as LatchworkError;
    return `${code}: ${message}`;
  }
  return "no fault";
}
