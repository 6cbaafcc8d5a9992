import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { type LatchworkLevel, open } from "../../src/level/index.ts";
import { createPrng, type Prng } from "../../src/task/index.ts";
import { budget } from "../campaign.ts";

const KEYS = 300;
const OPERATIONS = budget({ short: 1_000, campaign: 6_000 });
/** With the last of them, single writes go down together. */
const SEEDS = budget({ short: ["1", "batched"], campaign: ["1", "2", "batched"] });

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-order-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const keyOf = (index: number): string => `key ${String(index).padStart(4, "0")}`;

/** A map that does what the database has to do, at the moment of the call. */
class Model {
  readonly rows = new Map<string, string>();

  sorted(): [string, string][] {
    return [...this.rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  clear(from: string, to: string, reverse: boolean, limit: number): void {
    const hit = this.sorted().filter(([key]) => key >= from && key < to);
    if (reverse) hit.reverse();
    for (const [key] of hit.slice(0, limit)) this.rows.delete(key);
  }
}

/** An answer that was asked for, and the one it has to be. */
interface Asked {
  readonly what: string;
  readonly answer: Promise<unknown>;
  readonly right: unknown;
}

/** Calls one operation drawn by lot, and does the same to the model. */
function callOne(level: LatchworkLevel, model: Model, prng: Prng, number: number): Asked {
  // Half of all go to a few keys, so that long queues form on them.
  const key = keyOf(prng.below(prng.below(2) === 0 ? 4 : KEYS));
  const value = `value ${number} ${"x".repeat(prng.below(60))}`;
  const drawn = prng.below(100);
  if (drawn < 35) {
    model.rows.set(key, value);
    return { what: `put ${key}`, answer: level.put(key, value), right: undefined };
  }
  if (drawn < 50) {
    model.rows.delete(key);
    return { what: `del ${key}`, answer: level.del(key), right: undefined };
  }
  if (drawn < 60) {
    const right = !model.rows.has(key);
    if (right) model.rows.set(key, value);
    return { what: `insert ${key}`, answer: level.insert(key, value), right };
  }
  if (drawn < 80) {
    return { what: `get ${key}`, answer: level.get(key), right: model.rows.get(key) };
  }
  if (drawn < 85) return { what: `has ${key}`, answer: level.has(key), right: model.rows.has(key) };
  if (drawn < 90) {
    const keys = Array.from({ length: 5 }, () => keyOf(prng.below(KEYS)));
    const right = keys.map((one) => model.rows.get(one));
    return { what: `getMany ${keys.join()}`, answer: level.getMany(keys), right };
  }
  if (drawn < 97) return callBatch(level, model, prng, number);
  return callClear(level, model, prng);
}

function callBatch(level: LatchworkLevel, model: Model, prng: Prng, number: number): Asked {
  const writes = Array.from({ length: 1 + prng.below(6) }, (_, index) => {
    const key = keyOf(prng.below(KEYS));
    const value = `batch ${number} ${index}`;
    if (prng.below(3) === 0) {
      model.rows.delete(key);
      return { type: "del" as const, key };
    }
    model.rows.set(key, value);
    return { type: "put" as const, key, value };
  });
  return { what: "batch", answer: level.batch(writes), right: undefined };
}

function callClear(level: LatchworkLevel, model: Model, prng: Prng): Asked {
  const from = prng.below(KEYS);
  const gte = keyOf(from);
  const lt = keyOf(from + prng.below(40));
  const reverse = prng.below(2) === 0;
  const limit = prng.below(3) === 0 ? prng.below(8) : -1;
  model.clear(gte, lt, reverse, limit < 0 ? Number.POSITIVE_INFINITY : limit);
  const answer = level.clear({ gte, lt, reverse, limit });
  return { what: `clear ${gte} to ${lt}`, answer, right: undefined };
}

describe("calls that are not awaited", () => {
  it.each(PROTOCOLS.flatMap(({ name }) => SEEDS.map((seed) => [name, seed] as const)))(
    "answer as if each were over before the next began, under %s, seed %s",
    async (protocol, seed) => {
      // A pool smaller than the tree, so that calls wait for pages and could overtake each other.
      // The baseline syncs once for each write of its own.
      const count = protocol === "tree-mutex-durable" ? OPERATIONS / 4 : OPERATIONS;
      const rest = seed === "batched" ? { writeBatching: { operationsMax: 64 } } : {};
      const options = { protocol, pageSize: 512, poolPages: 16, checkpointBytes: 200_000, ...rest };
      const level = await open(join(root, "db"), options);
      const model = new Model();
      const prng = createPrng(`${protocol} ${seed}`);
      const asked = Array.from({ length: count }, (_, i) => callOne(level, model, prng, i));
      const atEnd = level.iterator().all();
      for (const { what, answer, right } of asked)
        expect([what, await answer]).toEqual([what, right]);
      expect(await atEnd).toEqual(model.sorted());
      expect((await level.check()).problems).toEqual([]);
      await level.close();
      const again = await open(join(root, "db"));
      expect(await again.iterator().all()).toEqual(model.sorted());
      await again.close();
    },
  );

  it("leave the last of a thousand puts of one key, right after opening", async () => {
    for (let round = 0; round < 3; round++) {
      const level = await open(join(root, `round ${round}`));
      const puts = Array.from({ length: 1_000 }, (_, index) => level.put("key", `${index}`));
      const read = level.get("key");
      await Promise.all(puts);
      expect([await read, await level.get("key")]).toEqual(["999", "999"]);
      await level.close();
    }
  });

  it("are shown by an iterator that is made after them", async () => {
    const level = await open(join(root, "db"), { poolPages: 16, pageSize: 512 });
    const puts = Array.from({ length: 3_000 }, (_, index) => level.put(keyOf(index), "value"));
    const dels = Array.from({ length: 1_000 }, (_, index) => level.del(keyOf(3 * index)));
    expect((await level.keys().all()).length).toBe(2_000);
    await Promise.all([...puts, ...dels]);
    const more = Array.from({ length: 500 }, (_, index) =>
      level.put(keyOf(5_000 + index), "value"),
    );
    const cleared = level.clear();
    expect((await level.keys().all()).length).toBe(0);
    await Promise.all([...more, cleared]);
    await level.close();
  });
});

describe("calls of a sublevel", () => {
  it("have their place in the order once it is open", async () => {
    const level = await open(join(root, "db"));
    const sublevel = level.sublevel("below");
    await sublevel.open();
    for (let round = 0; round < 20; round++) {
      const put = sublevel.put("a", "1");
      const clear = level.clear();
      const read = sublevel.get("a");
      await Promise.all([put, clear]);
      expect(await read).toBeUndefined();
    }
    await level.close();
  });

  it("before that come after those of its parent, but for batches that name it", async () => {
    const level = await open(join(root, "db"));
    const early = level.sublevel("early");
    const put = early.put("a", "1");
    const clear = level.clear();
    await Promise.all([put, clear]);
    expect(await early.get("a")).toBe("1");
    const named = level.sublevel("named");
    const batch = level.batch([{ type: "put", key: "a", value: "1", sublevel: named }]);
    await Promise.all([batch, level.clear()]);
    expect(await named.get("a")).toBeUndefined();
    await level.close();
  });
});
