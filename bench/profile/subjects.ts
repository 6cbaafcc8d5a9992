import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  atOnceOf,
  DIRECT_DRIVER,
  Operation,
  protocolNamed,
  runToCompletion,
  taskId,
  TreeStore,
} from "../../src/index.ts";
import { type LatchworkLevel, open } from "../../src/level/index.ts";
import { assert, createPrng } from "../../src/task/index.ts";
import { type Errand, OPERATIONS_COUNTED, TRIES } from "./errand.ts";

const KEY_BYTES = 16;
const VALUE_BYTES = 100;
/** Room for every page of any run that somebody waits for: what reading costs is not asked here. */
const POOL_BYTES = 2 ** 30;

/** Operations of one kind on a database or a tree, to be measured in stretches. */
export interface Subject {
  /** Carries out so many operations, and goes on where the last call stopped. */
  run(count: number): Promise<void> | void;
  close(): Promise<void>;
}

/** Opens what an errand is about: gets find a tree of all keys, puts an empty one. */
export async function openSubject(errand: Errand): Promise<Subject> {
  const isGet = errand.name.endsWith("get");
  // A put of a key that is there already would be another operation, and a lighter one.
  const keys = randomKeys(errand, isGet ? 0 : (TRIES + 1) * OPERATIONS_COUNTED);
  const value = new Uint8Array(VALUE_BYTES).fill(7);
  if (errand.name.startsWith("memory")) return memorySubject(keys, value, isGet);
  return durableSubject(keys, value, isGet, errand.inFlight);
}

function randomKeys({ keys, seed }: Errand, more: number): readonly Uint8Array[] {
  const prng = createPrng(seed);
  return Array.from({ length: keys + more }, () =>
    Uint8Array.from({ length: KEY_BYTES }, () => prng.below(256)),
  );
}

/** The tree as `npm run bench:tree` has it: nothing is logged, and nobody waits. */
function memorySubject(keys: readonly Uint8Array[], value: Uint8Array, isGet: boolean): Subject {
  const protocol = protocolNamed("crabbing");
  const store = new TreeStore({ pageSize: 4096 });
  const op = new Operation(store, taskId(0), DIRECT_DRIVER, protocol.latchOrder(store));
  const atOnce = atOnceOf(protocol, { atOnce: true });
  const put = (key: Uint8Array): boolean =>
    atOnce?.put(op, key, value) ?? runToCompletion(protocol.put(op, key, value));
  const get = (key: Uint8Array): boolean =>
    atOnce?.get(op, key) ?? runToCompletion(protocol.get(op, key));
  if (isGet) for (const key of keys) put(key);
  const one = isGet ? get : put;
  // Keys are put in the order in which they were drawn, and so read in an order as random.
  const cursor = new Cursor(keys);
  return {
    run(count) {
      for (let i = 0; i < count; i++) one(cursor.next());
    },
    close: async () => undefined,
  };
}

/** A database on real files, as its users have it: each put is acknowledged once it is durable. */
async function durableSubject(
  keys: readonly Uint8Array[],
  value: Uint8Array,
  isGet: boolean,
  inFlight: number,
): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-profile-"));
  const level: LatchworkLevel<Uint8Array, Uint8Array> = await open(directory, {
    keyEncoding: "view",
    poolBytes: POOL_BYTES,
    valueEncoding: "view",
  });
  if (isGet) await fill(level, keys, value);
  const one = async (key: Uint8Array): Promise<void> => {
    if (!isGet) await level.put(key, value);
    else assert((await level.get(key)) !== undefined, "a key that was put is there");
  };
  const cursor = new Cursor(keys);
  return {
    async run(count) {
      let left = count;
      const worker = async (): Promise<void> => {
        // oxlint-disable-next-line no-await-in-loop -- one after another, as a client would
        while (left-- > 0) await one(cursor.next());
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
    },
    async close() {
      await level.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const BATCH = 1000;

async function fill(
  level: LatchworkLevel<Uint8Array, Uint8Array>,
  keys: readonly Uint8Array[],
  value: Uint8Array,
): Promise<void> {
  for (let from = 0; from < keys.length; from += BATCH) {
    const part = keys.slice(from, from + BATCH);
    // oxlint-disable-next-line no-await-in-loop -- one batch after another
    await level.batch(part.map((key) => ({ type: "put" as const, key, value })));
  }
}

/** Goes through the keys again and again. */
class Cursor {
  readonly #keys: readonly Uint8Array[];
  #at = 0;

  constructor(keys: readonly Uint8Array[]) {
    this.#keys = keys;
  }

  next(): Uint8Array {
    const key = this.#keys[this.#at];
    assert(key !== undefined, "there is a key");
    this.#at = this.#at + 1 === this.#keys.length ? 0 : this.#at + 1;
    return key;
  }
}
