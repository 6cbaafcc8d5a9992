/**
 * `npm run bench:tree`: gets and puts of the latched tree in memory against lmdb, in one run.
 *
 * A million random 16-byte keys with 100-byte values. Ours: `crabbing`, one operation a call, at once
 * where it can be and else under runToCompletion, every page latched and released. lmdb: its fastest calls from Node, gets by
 * getBinaryFast (no copy), puts 1,000 to a transaction without any sync, its file in a temporary
 * folder. Ours copies the value out of the page, as a get under latches must.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  atOnceOf,
  DIRECT_DRIVER,
  Operation,
  type Protocol,
  protocolNamed,
  runToCompletion,
  taskId,
  TreeStore,
} from "../src/index.ts";
import { createPrng, type Prng } from "../src/task/index.ts";
import { Bench, measureRatio, ofSummary } from "./harness.ts";
import { acceptWords } from "./options.ts";
import { loadPeer } from "./peer.ts";

acceptWords(process.argv.slice(2), "npm run bench:tree -- [--json]");

const SEED = 1;
const REPEATS = 5;
const KEYS = 1_000_000;
const KEY_BYTES = 16;
const VALUE_BYTES = 100;
const GETS_A_SAMPLE = 300_000;
const PUTS_A_TRANSACTION = 1000;
const GETS_AIM = 1.2;
const PUTS_AIM = 2;

/** The few calls of lmdb that are used here. */
interface Lmdb {
  getBinaryFast(key: Uint8Array): Uint8Array | undefined;
  putSync(key: Uint8Array, value: Uint8Array): boolean;
  transactionSync(work: () => void): void;
  close(): Promise<void>;
}

interface LmdbModule {
  open(options: Record<string, unknown>): Lmdb;
}

/** An engine, as this benchmark uses it. */
interface Engine {
  put(from: number, to: number): void;
  get(key: Uint8Array): boolean;
}

const keys = randomKeys(createPrng(SEED));
const value = new Uint8Array(VALUE_BYTES).fill(7);

function randomKeys(prng: Prng): Uint8Array[] {
  return Array.from({ length: KEYS }, () =>
    Uint8Array.from({ length: KEY_BYTES }, () => prng.below(256)),
  );
}

function openTree(protocol: Protocol): Engine {
  const store = new TreeStore({ pageSize: 4096 });
  const op = new Operation(store, taskId(0), DIRECT_DRIVER, protocol.latchOrder(store));
  const atOnce = atOnceOf(protocol, { atOnce: true });
  const put = (key: Uint8Array): boolean =>
    atOnce?.put(op, key, value) ?? runToCompletion(protocol.put(op, key, value));
  return {
    put(from, to) {
      for (let i = from; i < to; i++) put(keyAt(i));
    },
    get: (key) => atOnce?.get(op, key) ?? runToCompletion(protocol.get(op, key)),
  };
}

function openLmdb(folder: string): Engine & { readonly db: Lmdb } {
  const lmdb = loadPeer("lmdb") as LmdbModule;
  const db = lmdb.open({
    path: folder,
    encoding: "binary",
    keyEncoding: "binary",
    compression: false,
    noSync: true,
    mapSize: 2 ** 31,
  });
  return {
    db,
    put(from, to) {
      for (let start = from; start < to; start += PUTS_A_TRANSACTION) {
        db.transactionSync(() => {
          const end = Math.min(start + PUTS_A_TRANSACTION, to);
          for (let i = start; i < end; i++) db.putSync(keyAt(i), value);
        });
      }
    },
    get: (key) => db.getBinaryFast(key) !== undefined,
  };
}

function keyAt(index: number): Uint8Array {
  return keys[index % KEYS] ?? value;
}

function perSecond(count: number, work: () => void): number {
  const start = performance.now();
  work();
  return (count / (performance.now() - start)) * 1000;
}

/** A sample of random gets, all of which must find their key. */
function gets(engine: Engine, prng: Prng): number {
  const wanted = Array.from({ length: GETS_A_SAMPLE }, () => keyAt(prng.below(KEYS)));
  return perSecond(GETS_A_SAMPLE, () => {
    for (const key of wanted)
      if (!engine.get(key)) throw new Error("a key that was put is missing");
  });
}

const folder = mkdtempSync(join(tmpdir(), "latchwork-bench-"));
try {
  const bench = new Bench("the latched tree against lmdb, in memory", {
    seed: SEED,
    repeats: REPEATS,
  });
  const tree = openTree(protocolNamed("crabbing"));
  const lmdb = openLmdb(folder);
  const slice = KEYS / REPEATS;
  let treeDone = 0;
  let lmdbDone = 0;
  const puts = await measureRatio(
    () => perSecond(slice, () => tree.put(treeDone, (treeDone += slice))),
    () => perSecond(slice, () => lmdb.put(lmdbDone, (lmdbDone += slice))),
    REPEATS,
  );
  const prng = createPrng(SEED + 1);
  const reads = await measureRatio(
    () => gets(tree, prng),
    () => gets(lmdb, prng),
    REPEATS,
  );
  bench.add({ name: "gets, latchwork", ...ofSummary(reads.a, "/s") });
  bench.add({ name: "gets, lmdb", ...ofSummary(reads.b, "/s") });
  bench.add({
    name: "gets, latchwork / lmdb",
    ...ofSummary(reads.ratio, "x"),
    target: { atLeast: GETS_AIM },
  });
  bench.add({ name: "puts, latchwork", ...ofSummary(puts.a, "/s") });
  bench.add({ name: "puts, lmdb", ...ofSummary(puts.b, "/s") });
  bench.add({
    name: "puts, latchwork / lmdb",
    ...ofSummary(puts.ratio, "x"),
    target: { atLeast: PUTS_AIM },
  });
  bench.finish();
  await lmdb.db.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
