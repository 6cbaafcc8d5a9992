import { describe, expect, it } from "vitest";
import { Crabbing, type Operation, type Protocol, PROTOCOLS } from "../../src/btree/index.ts";
import {
  type Engine,
  type EngineOptions,
  EventLoop,
  openEngine,
  type WriteBatching,
  writeBatchingOf,
} from "../../src/level/index.ts";
import { MemoryDisk } from "../../src/storage/index.ts";
import {
  createPrng,
  type Disk,
  InvariantViolation,
  type LatchworkError,
  type Prng,
  type Task,
} from "../../src/task/index.ts";
import { policyNamed } from "../../src/wal/index.ts";
import { FailingDisk } from "../support/failing-disk.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array): string => new TextDecoder().decode(read);

interface Write {
  readonly kind: "put" | "insert" | "delete";
  readonly key: string;
  readonly value: string;
}

/** An engine in memory on an event loop, with its writes batched. */
class Batched {
  readonly loop: EventLoop;
  readonly #engine: Engine;

  private constructor(engine: Engine, loop: EventLoop) {
    this.#engine = engine;
    this.loop = loop;
  }

  static async open(
    protocol: Protocol,
    writeBatching: Partial<WriteBatching>,
    more: Partial<EngineOptions> = {},
    disk: Disk = new MemoryDisk(),
  ): Promise<Batched> {
    const loop = new EventLoop();
    const policy = policyNamed("adaptive");
    const options = { disk, host: loop, latches: loop, protocol, policy, writeBatching, ...more };
    return new Batched(await loop.run(openEngine(options)), loop);
  }

  get batching(): NonNullable<ReturnType<Engine["stats"]>["batching"]> {
    const { batching } = this.#engine.stats();
    if (batching === undefined) throw new Error("writes are batched");
    return batching;
  }

  get groups(): number {
    return this.#engine.stats().log.groups;
  }

  write({ kind, key, value }: Write): Promise<boolean> {
    const engine = this.#engine;
    if (kind === "delete") return this.loop.run(engine.delete(null, bytes(key)));
    return this.loop.run(engine[kind](null, bytes(key), bytes(value)));
  }

  put(key: string, value: string): Promise<boolean> {
    return this.write({ kind: "put", key, value });
  }

  async get(key: string): Promise<string | null> {
    const session = this.#engine.borrow();
    const found = await this.loop.run(this.#engine.get(session, bytes(key)));
    const value = found ? text(session.copyValue()) : null;
    this.#engine.giveBack(session);
    return value;
  }

  async rows(): Promise<[string, string][]> {
    const rows: [string, string][] = [];
    const session = this.#engine.borrow();
    const sink = {
      row: (key: Uint8Array, value: Uint8Array) => rows.push([text(key), text(value)]),
    };
    await this.loop.run(this.#engine.scan(session, {}, sink));
    this.#engine.giveBack(session);
    return rows;
  }

  async problems(): Promise<readonly string[]> {
    const session = this.#engine.borrow();
    const { problems } = await this.loop.run(this.#engine.check(session));
    this.#engine.giveBack(session);
    return problems;
  }
}

function drawWrites(count: number, keys: number, prng: Prng): Write[] {
  const kinds = ["put", "put", "insert", "delete"] as const;
  return Array.from({ length: count }, (_, i) => ({
    kind: kinds[prng.below(kinds.length)] ?? "put",
    key: `key ${String(prng.below(keys)).padStart(4, "0")}`,
    value: `value ${i} ${"v".repeat(prng.below(40))}`,
  }));
}

/** What a write answers and does, in a map. */
function makeIn(model: Map<string, string>, { kind, key, value }: Write): boolean {
  const had = model.has(key);
  if (kind === "delete") return model.delete(key);
  if (kind === "put" || !had) model.set(key, value);
  return !had;
}

const fate = async (call: Promise<boolean>): Promise<string> => {
  try {
    return String(await call);
  } catch (error) {
    return (error as LatchworkError).code;
  }
};

const inWordsOf = (failing: Promise<boolean>): Promise<string> =>
  failing.then(String, (error: Error) => error.message);

const WINDOWS = [
  { windowMs: 0 },
  { windowMs: 1, operationsMax: 16 },
  { windowMs: 0, bytesMax: 200 },
];

describe.each(PROTOCOLS)("batched writes under $name", (protocol) => {
  it.each(WINDOWS)("answer as one after another would: %j", async (settings) => {
    const prng = createPrng(`batched ${protocol.name}`);
    const engine = await Batched.open(protocol, settings, { pageSize: 512 });
    const model = new Map<string, string>();
    for (let round = 0; round < 12; round++) {
      const writes = drawWrites(1 + prng.below(120), 20 + 60 * round, prng);
      const expected = writes.map((write) => makeIn(model, write));
      // oxlint-disable-next-line no-await-in-loop -- a round is what is in flight together
      expect(await Promise.all(writes.map((write) => engine.write(write)))).toEqual(expected);
    }
    expect(await engine.rows()).toEqual([...model].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    expect(await engine.problems()).toEqual([]);
    expect(engine.batching.alone).toBeGreaterThan(0);
    expect(engine.batching.batches).toBeLessThan(engine.batching.writes / 2);
  });

  it("keep the order of writes of one key, each with its own answer", async () => {
    const engine = await Batched.open(protocol, { windowMs: 0 });
    const kinds = ["insert", "insert", "delete", "delete", "insert", "put", "insert"] as const;
    const writes = kinds.map((kind, i) => ({ kind, key: "k", value: String(i) }));
    const answers = await Promise.all(writes.map((write) => engine.write(write)));
    expect(answers).toEqual([true, false, true, false, true, false, false]);
    expect(await engine.get("k")).toBe("5");
    expect(engine.batching).toMatchObject({ batches: 1, writes: 7, leafRuns: 1, alone: 0 });
  });

  it("put the writes of one leaf into one change group", async () => {
    const engine = await Batched.open(protocol, { windowMs: 0 });
    await engine.put("a", "0");
    const before = engine.groups;
    await Promise.all(["d", "b", "c", "a"].map((key) => engine.put(key, key)));
    expect(engine.groups - before).toBe(1);
    expect(engine.batching).toMatchObject({ batches: 2, leafRuns: 2, largestBatch: 4 });
  });

  it("fail by themselves, if they can never be made", async () => {
    const engine = await Batched.open(protocol, { windowMs: 0 });
    const long = "x".repeat(5000);
    const calls = [engine.put("a", "1"), engine.put("b", long), engine.put("c", "3")];
    expect(await Promise.all(calls.map(fate))).toEqual(["true", "VALUE_TOO_LONG", "true"]);
  });

  it("fail by themselves, if their page cannot be read", async () => {
    const disk = new FailingDisk(new MemoryDisk());
    const options = { pageSize: 512, poolFrames: 8 };
    const engine = await Batched.open(protocol, { windowMs: 0 }, options, disk);
    const keys = Array.from({ length: 60 }, (_, i) => `key ${String(i).padStart(4, "0")}`);
    await Promise.all(keys.map((key) => engine.put(key, "v".repeat(60))));
    expect(await engine.problems()).toEqual([]);
    disk.failNextReadOf = "pages";
    const fates = await Promise.all(keys.map((key) => fate(engine.put(key, "w".repeat(60)))));
    expect(fates.filter((one) => one === "DISK_ERROR")).toHaveLength(1);
    expect(fates.filter((one) => one === "false")).toHaveLength(keys.length - 1);
    expect(await engine.problems()).toEqual([]);
  });

  it("fail all, if the sync that they share does", async () => {
    const disk = new FailingDisk(new MemoryDisk());
    const engine = await Batched.open(protocol, { windowMs: 0 }, {}, disk);
    disk.failNextSyncOf = "log";
    const calls = ["a", "b", "c"].map((key) => fate(engine.put(key, "1")));
    expect(await Promise.all(calls)).toEqual(["LOG_FAILED", "LOG_FAILED", "LOG_FAILED"]);
    expect(await fate(engine.put("d", "1"))).toBe("LOG_FAILED");
  });
});

describe("a batch of writes", () => {
  const protocol = new Crabbing();

  it("waits no longer once it is full", async () => {
    const engine = await Batched.open(protocol, { windowMs: 1000, operationsMax: 4 });
    const began = performance.now();
    await Promise.all(["a", "b", "c", "d", "e", "f", "g", "h"].map((key) => engine.put(key, "1")));
    expect(performance.now() - began).toBeLessThan(900);
    expect(engine.batching).toMatchObject({ batches: 2, writes: 8, largestBatch: 4 });
  });

  it("waits no longer once it has as many bytes as it may", async () => {
    const engine = await Batched.open(protocol, { windowMs: 1000, bytesMax: 30 });
    const began = performance.now();
    await Promise.all(["a", "b", "c", "d"].map((key) => engine.put(key, "v".repeat(14))));
    expect(performance.now() - began).toBeLessThan(900);
    expect(engine.batching).toMatchObject({ batches: 2, writes: 4, largestBatch: 2 });
  });

  it("has what comes within its window", async () => {
    const engine = await Batched.open(protocol, { windowMs: 60 });
    const first = engine.put("a", "1");
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, engine.put("b", "2")]);
    expect(engine.batching).toMatchObject({ batches: 1, writes: 2 });
  });

  it("without a window has what comes within a turn", async () => {
    const engine = await Batched.open(protocol, { windowMs: 0 });
    const first = engine.put("a", "1");
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, engine.put("b", "2")]);
    expect(engine.batching).toMatchObject({ batches: 2, writes: 2 });
  });

  it("ends with the engine, if a bug ends that", async () => {
    const engine = await Batched.open(new BreaksAtX(), { windowMs: 0 });
    const calls = ["a", "x", "y"].map((key) => inWordsOf(engine.put(key, "1")));
    const [a, x, y] = await Promise.all(calls);
    expect(a).toContain("a planted bug");
    expect([x, y]).toEqual([expect.stringContaining("another write"), x]);
    expect(await inWordsOf(engine.put("b", "1"))).toMatch(/the engine broke down: a planted bug/);
  });
});

/** Meets a bug of its own where a run comes to x. */
class BreaksAtX extends Crabbing {
  override *writeRun(op: Operation, run: Parameters<Crabbing["writeRun"]>[1]): Task<void> {
    yield* this.leafToWrite(op, run.next);
    throw new InvariantViolation("a planted bug");
  }
}

describe("the settings of write batching", () => {
  it("have defaults", () => {
    const all = { windowMs: 0, operationsMax: 256, bytesMax: 1024 * 1024 };
    expect(writeBatchingOf({})).toEqual(all);
    expect(writeBatchingOf({ windowMs: 2.5 })).toEqual({ ...all, windowMs: 2.5 });
  });

  it.each([
    [{ windowMs: -1 }, "windowMs must be 0 to 1000 milliseconds, not -1"],
    [{ windowMs: "2" }, 'windowMs must be 0 to 1000 milliseconds, not "2"'],
    [{ windowMs: Number.NaN }, "windowMs must be 0 to 1000 milliseconds, not NaN"],
    [{ operationsMax: 0 }, "operationsMax must be a whole number, 1 to 65536, not 0"],
    [{ bytesMax: 1.5 }, "bytesMax must be a whole number, 1 to 1073741824, not 1.5"],
    [{ window: 1 }, "expected windowMs, operationsMax, bytesMax"],
    [true, "writeBatching must be an object such as { windowMs: 1 }, not true"],
    [null, "writeBatching must be an object such as { windowMs: 1 }, not null"],
  ])("are refused in one line: %j", (given, message) => {
    expect(() => writeBatchingOf(given as object)).toThrow(message);
  });
});
