import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { type LatchworkDatabaseOptions, LevelError } from "../../src/level/index.ts";
import { InvariantViolation, LatchworkError } from "../../src/task/index.ts";
import { type EngineDouble, DoubleLevel } from "../support/engine-double.ts";

let made = 0;

async function opened(
  options: LatchworkDatabaseOptions<string, string> = {},
): Promise<{ level: DoubleLevel; engine: EngineDouble }> {
  const level = new DoubleLevel(`double-${made++}`, options);
  await level.open();
  const { engine } = level;
  if (engine === null) throw new Error("an open level has an engine");
  return { level, engine };
}

/** Keys that ascend as their numbers do. */
function keyOf(index: number): string {
  return `key-${String(index).padStart(5, "0")}`;
}

async function fill(level: DoubleLevel, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, index) => keyOf(index));
  await Promise.all(keys.map((key) => level.put(key, key)));
}

async function refusalOf(promise: Promise<unknown>): Promise<LevelError> {
  const reason = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (reason instanceof LevelError) return reason;
  throw new Error(`not refused with a LevelError: ${String(reason)}`);
}

describe("insert", () => {
  it("adds what is not there, once, however many try at the same moment", async () => {
    const { level, engine } = await opened();
    engine.commitMs = 0;
    const tries = Array.from({ length: 50 }, (_, index) => level.insert("key", `value ${index}`));
    const added = (await Promise.all(tries)).flatMap((isNew, index) => (isNew ? [index] : []));
    expect(added.length).toBe(1);
    expect(await level.get("key")).toBe(`value ${added[0]}`);
    await level.close();
  });

  it("encodes as put does, defers until the level is open, and tells the listeners", async () => {
    const level = new DoubleLevel<string, unknown>(`double-${made++}`, { valueEncoding: "json" });
    const writes: unknown[] = [];
    level.on("write", (operations: unknown) => writes.push(operations));
    expect(await level.insert("a", { b: 1 })).toBe(true);
    expect(await level.insert("a", { b: 2 })).toBe(false);
    expect(await level.get("a")).toEqual({ b: 1 });
    expect(await level.insert("x", "y", { valueEncoding: "utf8" })).toBe(true);
    expect(await level.get<string, string>("x", { valueEncoding: "utf8" })).toBe("y");
    expect(writes).toMatchObject([
      [{ type: "put", key: "a", value: { b: 1 } }],
      [{ type: "put", key: "x", value: "y" }],
    ]);
    await level.close();
  });

  it("refuses what put refuses", async () => {
    const level = new DoubleLevel<string | null, string | null>(`double-${made++}`);
    await level.open();
    expect((await refusalOf(level.insert(null, ""))).code).toBe("LEVEL_INVALID_KEY");
    expect((await refusalOf(level.insert("", null))).code).toBe("LEVEL_INVALID_VALUE");
    await level.close();
  });
});

describe("remove", () => {
  it("finds what is there, once, however many try at the same moment", async () => {
    const { level, engine } = await opened();
    engine.commitMs = 0;
    await level.put("key", "value");
    const found = await Promise.all(Array.from({ length: 50 }, () => level.remove("key")));
    expect(found.filter(Boolean).length).toBe(1);
    expect(await level.get("key")).toBeUndefined();
    await level.close();
  });

  it("encodes as del does, defers until the level is open, and tells the listeners", async () => {
    const level = new DoubleLevel<unknown>(`double-${made++}`, { keyEncoding: "json" });
    const writes: unknown[] = [];
    level.on("write", (operations: unknown) => writes.push(operations));
    expect(await level.remove({ a: 1 })).toBe(false);
    await level.put({ a: 1 }, "x");
    expect(await level.remove({ a: 1 })).toBe(true);
    expect(writes).toMatchObject([[{ type: "put" }], [{ type: "del", key: { a: 1 } }]]);
    expect((await refusalOf(level.remove(null))).code).toBe("LEVEL_INVALID_KEY");
    await level.close();
  });
});

describe("a key", () => {
  it("may be empty, and comes first", async () => {
    const { level } = await opened();
    await level.batch([
      { type: "put", key: "b", value: "2" },
      { type: "put", key: "", value: "1" },
    ]);
    expect(await level.get("")).toBe("1");
    expect(await level.keys().all()).toEqual(["", "b"]);
    await level.del("");
    expect(await level.has("")).toBe(false);
    await level.close();
  });

  it("or its value may be too long, which is one clear line with both codes", async () => {
    const { level } = await opened({ pageSize: 512 });
    const long = await refusalOf(level.put("k".repeat(65), ""));
    expect(long.code).toBe("LEVEL_INVALID_KEY");
    expect(long.message).toBe(
      "a key may have at most 64 bytes, not 65, with pageSize 512; 128 with 1024, 256 with 2048, " +
        "512 with 4096, 1024 with 8192, 2048 with 16384, 4096 with 32768; " +
        "it is chosen when a database is made",
    );
    expect(long.cause).toMatchObject({ code: "KEY_TOO_LONG" });
    const large = await refusalOf(level.put("k", "v".repeat(999)));
    expect(large.code).toBe("LEVEL_INVALID_VALUE");
    expect(large.message).toBe(
      "a value beside a key of 1 bytes may have at most 93 bytes, not 999, with pageSize 512; " +
        "221 with 1024, 477 with 2048, 989 with 4096, 2013 with 8192, 4061 with 16384, " +
        "8157 with 32768; it is chosen when a database is made",
    );
    expect(large.cause).toMatchObject({ code: "VALUE_TOO_LONG" });
    await level.close();
  });
});

describe("a fault", () => {
  it.each([
    ["DISK_ERROR", "LEVEL_IO_ERROR"],
    ["BAD_PAGE", "LEVEL_CORRUPTION"],
    ["NO_SPACE", "NO_SPACE"],
    ["LOG_FAILED", "LOG_FAILED"],
  ] as const)("%s reaches the caller as %s, and the next operation works", async (ours, theirs) => {
    const { level, engine } = await opened();
    engine.fault = new LatchworkError(ours, "what, where");
    const refusal = await refusalOf(level.put("a", "1"));
    expect([refusal.code, refusal.message]).toEqual([theirs, "what, where"]);
    expect(refusal.cause).toMatchObject({ code: ours });
    await level.put("a", "2");
    await level.close();
  });

  it("of the options is told before anything is opened", async () => {
    const bad = new DoubleLevel(`double-${made++}`, { protocol: "none", poolPages: 3 });
    const refusal = await bad.open().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "LEVEL_DATABASE_NOT_OPEN" });
    expect((refusal as Error).cause).toMatchObject({ code: "UNKNOWN_NAME" });
    const small = new DoubleLevel(`double-${made++}`, { poolPages: 3 });
    const message = "the pool must have room for 8 pages or more, not 3";
    await expect(small.open()).rejects.toMatchObject({ cause: { code: "BAD_ARGUMENT", message } });
  });
});

describe("close", () => {
  it("passes over a fault of the last checkpoint, which the log makes good", async () => {
    const { level, engine } = await opened();
    engine.close = function* close() {
      throw new LatchworkError("NO_SPACE", "pages: no room");
    };
    await level.close();
    expect(level.status).toBe("closed");
  });

  it("tells of a bug that it meets", async () => {
    const { level, engine } = await opened();
    engine.close = function* close() {
      throw new InvariantViolation("a planted bug");
    };
    const reason = await level.close().then(
      () => null,
      (error: unknown) => error,
    );
    expect(reason).toMatchObject({ code: "LEVEL_CORRUPTION", cause: { code: "BAD_PAGE" } });
    expect(String(reason)).toMatch(/a planted bug/);
    expect(level.status).toBe("closed");
    await level.open();
    await level.put("a", "1");
    await level.close();
  });

  it("lets nobody in once it was called, of our own methods neither, and so ends", async () => {
    const { level, engine } = await opened();
    engine.commitMs = 5;
    const write = level.put("a", "1");
    const closing = level.close();
    const late: Promise<LevelError>[] = [];
    for (let turn = 0; level.status === "closing" && turn < 10_000; turn++) {
      const calls = [level.insert(`late ${turn}`, "1"), level.check(), level.checkpoint()];
      late.push(...calls.map(refusalOf));
      expect(() => level.stats()).toThrow("Database is not open");
      // oxlint-disable-next-line no-await-in-loop -- a few calls each turn, as long as it lasts
      await new Promise(setImmediate);
    }
    await Promise.all([write, closing]);
    const codes = (await Promise.all(late)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(["LEVEL_DATABASE_NOT_OPEN"]));
    expect(engine.stats()).toMatchObject({ checkpoints: 0, closed: true });
  });

  it("waits for what an iterator is reading", async () => {
    const { level } = await opened();
    await fill(level, 1_000);
    const all = level.keys().all();
    await level.close();
    expect((await all).length).toBe(1_000);
  });

  it("tells each listener that it is closed before it rejects", async () => {
    const { level, engine } = await opened();
    engine.close = function* close() {
      throw new InvariantViolation("a planted bug");
    };
    const heard: string[] = [];
    level.on("closed", () => heard.push(level.status));
    expect((await refusalOf(level.close())).code).toBe("LEVEL_CORRUPTION");
    expect(heard).toEqual(["closed"]);
    await level.close();
  });

  it("waits for what is in flight, refuses what comes after, and can be undone", async () => {
    const { level, engine } = await opened();
    engine.commitMs = 5;
    const settled: string[] = [];
    const writes = Array.from({ length: 100 }, async (_, index) => {
      await level.put(keyOf(index), "kept");
      settled.push("write");
    });
    const closing = level.close().then(() => settled.push("close"));
    await expect(level.put("late", "x")).rejects.toMatchObject({ code: "LEVEL_DATABASE_NOT_OPEN" });
    await Promise.all([...writes, closing]);
    expect(settled).toEqual([...writes.map(() => "write"), "close"]);
    expect(engine.stats().closed).toBe(true);
    for (const late of [level.get("x"), level.insert("x", "y"), level.check()]) {
      await expect(late).rejects.toMatchObject({ code: "LEVEL_DATABASE_NOT_OPEN" });
    }
    expect(() => level.stats()).toThrow("Database is not open");
    await level.open();
    expect((await level.keys().all()).length).toBe(100);
    await level.close();
  });

  it("ends the background, and is not held up by its pause", async () => {
    const { level } = await opened();
    await level.close();
    expect(level.loop.pendingCount).toBe(0);
  });
});

describe("the background", () => {
  it("makes a checkpoint when one is due, and keeps the last fault for stats", async () => {
    const { level, engine } = await opened();
    engine.wantsCheckpoint = true;
    await expect.poll(() => level.stats().checkpoints).toBe(1);
    expect(level.stats().backgroundFault).toBeNull();
    engine.fault = new LatchworkError("NO_SPACE", "the disk is full");
    engine.wantsCheckpoint = true;
    const told = "NO_SPACE: the disk is full";
    await expect.poll(() => level.stats().backgroundFault).toBe(told);
    await level.close();
  });
});

describe("an iterator", () => {
  it("gives a long range in few reads, forwards and backwards, limits and halves of it", async () => {
    const { level, engine } = await opened();
    await fill(level, 1_000);
    const keys = Array.from({ length: 1_000 }, (_, index) => keyOf(index));
    expect(await level.keys().all()).toEqual(keys);
    expect(engine.stats().scans).toBeLessThanOrEqual(6);
    expect(await level.values({ reverse: true }).all()).toEqual(keys.toReversed());
    expect(await level.keys({ gt: keyOf(9), limit: 300 }).all()).toEqual(keys.slice(10, 310));
    const iterator = level.iterator({ gte: keyOf(100), lt: keyOf(700) });
    const some = [await iterator.next(), ...(await iterator.nextv(400)), ...(await iterator.all())];
    expect(some.map((entry) => entry?.[0])).toEqual(keys.slice(100, 700));
    await level.close();
  });

  it.each([1, 7, 100, 700])("loses no row by reads that fail, in steps of %d", async (size) => {
    const { level, engine } = await opened();
    await fill(level, 600);
    const scan = engine.scan.bind(engine);
    let scans = 0;
    engine.scan = (...args) => {
      // Every other read fails, of those of a first row too.
      if (scans++ % 2 === 0) throw new LatchworkError("DISK_ERROR", "the disk would not");
      return scan(...args);
    };
    const iterator = level.keys();
    const keys: string[] = [];
    const codes = new Set<string>();
    for (;;) {
      try {
        const some = await iterator.nextv(size);
        if (some.length === 0) break;
        keys.push(...some);
      } catch (error) {
        codes.add((error as LevelError).code);
      }
    }
    expect(keys).toEqual(Array.from({ length: 600 }, (_, index) => keyOf(index)));
    expect([...codes]).toEqual(["LEVEL_IO_ERROR"]);
    await level.close();
  });

  it("tells of a fault that stays, also when all is asked for", async () => {
    const { level, engine } = await opened();
    await fill(level, 600);
    const scan = engine.scan.bind(engine);
    engine.scan = (op, range, sink) => {
      if (range.start !== undefined) throw new LatchworkError("BAD_PAGE", "page 7 is damaged");
      return scan(op, range, sink);
    };
    expect((await refusalOf(level.keys().all())).code).toBe("LEVEL_CORRUPTION");
    await level.close();
  });

  it("sees writes behind its read-ahead, and never a key twice or out of order", async () => {
    const { level } = await opened();
    await fill(level, 300);
    const seen: string[] = [];
    for await (const key of level.keys()) {
      seen.push(key);
      if (key === keyOf(0)) {
        await level.put(keyOf(999), "new");
        await level.del(keyOf(200));
        await level.put("a-before", "new");
      }
    }
    expect(seen.at(-1)).toBe(keyOf(999));
    expect(seen).not.toContain(keyOf(200));
    expect(seen).not.toContain("a-before");
    expect(seen).toEqual([...new Set(seen)].toSorted());
    await level.close();
  });
});

describe("clear", () => {
  it.each([
    ["all", {}, 0, 0],
    ["a limit of the last", { reverse: true, limit: 600 }, 0, 400],
    ["a range", { gte: keyOf(100), lt: keyOf(900) }, 0, 100],
    ["nothing", { limit: 0 }, 0, 1_000],
  ])("removes %s", async (_, range, first, until) => {
    const { level } = await opened();
    await fill(level, 1_000);
    await level.clear(range);
    const left = await level.keys({ lt: keyOf(900) }).all();
    const kept = Array.from({ length: Math.min(until, 900) - first }, (__, i) => keyOf(first + i));
    expect(left).toEqual(kept);
    await level.close();
  });
});

describe("a batch", () => {
  it("is one for the engine, but a batch of one is a plain write", async () => {
    const { level, engine } = await opened();
    await level.batch([{ type: "put", key: "a", value: "1" }]);
    await level.batch([{ type: "del", key: "b" }]);
    expect(engine.stats().batches).toBe(0);
    await level.batch().put("c", "3").del("a").write();
    expect(engine.stats().batches).toBe(1);
    expect(await level.iterator().all()).toEqual([["c", "3"]]);
    await level.close();
  });

  it("reaches sublevels, which keep to themselves", async () => {
    const { level } = await opened();
    const left = level.sublevel("left");
    const right = level.sublevel("right");
    await level.batch([
      { type: "put", sublevel: left, key: "k", value: "l" },
      { type: "put", sublevel: right, key: "k", value: "r" },
    ]);
    expect([await left.get("k"), await right.get("k"), await level.get("k")]).toEqual([
      "l",
      "r",
      undefined,
    ]);
    await level.close();
  });
});

describe.each(PROTOCOLS.map(({ name }) => name))("many in flight under %s", (protocol) => {
  it("leave a right tree with everything in it", async () => {
    const { level, engine } = await opened({ protocol, pageSize: 512 });
    engine.commitMs = 0;
    const count = 500;
    await Promise.all([
      fill(level, count),
      ...Array.from({ length: 20 }, () => level.iterator().all()),
      ...Array.from({ length: count }, (_, i) => level.put(`gone-${i}`, "x")),
      ...Array.from({ length: count }, (_, i) => level.del(`gone-${i}`)),
    ]);
    expect(await level.getMany([keyOf(0), keyOf(count - 1), "gone-7"])).toEqual([
      keyOf(0),
      keyOf(count - 1),
      undefined,
    ]);
    expect((await level.check()).problems).toEqual([]);
    await level.close();
  });
});
