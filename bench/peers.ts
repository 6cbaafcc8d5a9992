/**
 * `npm run bench:peers`: durable puts a second with 64 and with 1,024 in flight, beside lmdb and
 * classic-level, in one run.
 *
 * So many writers each put one entry after another, random 16-byte keys with 100-byte values, and
 * wait until it is acknowledged. Ours: `open(directory)` with nothing but its defaults. lmdb:
 * `put`, which resolves once the transaction is committed but before it is synced, and the same
 * with `flushed` awaited, which is when it is durable as ours is. classic-level: `sync: true`.
 *
 * Each sample opens a new database in a folder of its own, warms it up, and counts for a fixed time.
 * The engines take turns within each round, and ratios are taken within a round: what slows down the
 * disk or the machine slows all of them.
 *
 *     npm run bench:peers -- [--json] [--rounds=N] [--seconds=S] [--directory=DIR]
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "../src/level/index.ts";
import { createPrng } from "../src/task/index.ts";
import { Bench, ofSummary } from "./harness.ts";
import { acceptWords, numberOption, wordOption } from "./options.ts";
import { loadPeer } from "./peer.ts";
import { Progress } from "./progress.ts";
import { summarize } from "./statistics.ts";

const SEED = 1;
const ROUNDS = 7;
const SECONDS = 2;
const WARM_UP_SHARE = 0.25;
const IN_FLIGHT = [64, 1024];
const KEYS = 500_000;
const KEY_BYTES = 16;
const VALUE_BYTES = 100;
const RATIO_AIM = 2;

/** One engine, opened for one sample. */
interface Store {
  /** Resolves when the engine says that the entry is written. */
  put(key: Uint8Array, value: Uint8Array): Promise<unknown>;
  close(): Promise<void>;
}

interface Engine {
  readonly name: string;
  open(folder: string): Promise<Store>;
  /** What the ratio ours / this has to reach. */
  readonly aim: number | null;
}

interface Lmdb extends Store {
  readonly flushed: Promise<unknown>;
}

interface LmdbModule {
  open(options: Record<string, unknown>): Lmdb;
}

interface ClassicLevel {
  open(): Promise<void>;
  put(key: Uint8Array, value: Uint8Array, options: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

interface ClassicLevelModule {
  readonly ClassicLevel: new (folder: string, options: Record<string, unknown>) => ClassicLevel;
}

const BYTES_AS_THEY_ARE = { keyEncoding: "view", valueEncoding: "view" };

const OURS: Engine = {
  name: "latchwork",
  aim: null,
  async open(folder) {
    return open<Uint8Array, Uint8Array>(folder, BYTES_AS_THEY_ARE);
  },
};

const PEERS: readonly Engine[] = [
  { name: "lmdb", aim: RATIO_AIM, open: async (folder) => openLmdb(folder) },
  {
    name: "lmdb, flushed awaited",
    aim: RATIO_AIM,
    async open(folder) {
      const db = openLmdb(folder);
      return {
        async put(key, value) {
          await db.put(key, value);
          await db.flushed;
        },
        close: () => db.close(),
      };
    },
  },
  {
    name: "classic-level, sync",
    aim: null,
    async open(folder) {
      const { ClassicLevel } = loadPeer("classic-level") as ClassicLevelModule;
      const db = new ClassicLevel(folder, BYTES_AS_THEY_ARE);
      await db.open();
      return {
        put: (key, value) => db.put(key, value, { sync: true }),
        close: () => db.close(),
      };
    },
  },
];

function openLmdb(folder: string): Lmdb {
  const lmdb = loadPeer("lmdb") as LmdbModule;
  return lmdb.open({
    path: folder,
    encoding: "binary",
    keyEncoding: "binary",
    compression: false,
    mapSize: 2 ** 31,
  });
}

const keys = randomKeys();
const value = new Uint8Array(VALUE_BYTES).fill(7);

function randomKeys(): Uint8Array[] {
  const prng = createPrng(SEED);
  return Array.from({ length: KEYS }, () =>
    Uint8Array.from({ length: KEY_BYTES }, () => prng.below(256)),
  );
}

/** Puts a second with so many in flight, after a warm-up that is not counted. */
async function putsPerSecond(
  engine: Engine,
  folder: string,
  inFlight: number,
  seconds: number,
): Promise<number> {
  const store = await engine.open(folder);
  let next = 0;
  let done = 0;
  let isOver = false;
  const writer = async (): Promise<void> => {
    while (!isOver) {
      await store.put(keys[next++ % KEYS] ?? value, value);
      done++;
    }
  };
  const writers = Array.from({ length: inFlight }, writer);
  await sleep(seconds * WARM_UP_SHARE);
  const [doneBefore, startedMs] = [done, performance.now()];
  await sleep(seconds);
  const rate = ((done - doneBefore) / (performance.now() - startedMs)) * 1000;
  isOver = true;
  await Promise.all(writers);
  await store.close();
  return rate;
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}

const USAGE = `npm run bench:peers -- [--rounds=N] [--seconds=S] [--directory=DIR] [--json]`;

async function main(words: readonly string[]): Promise<void> {
  acceptWords(words, USAGE);
  const rounds = numberOption(words, "rounds", ROUNDS);
  const seconds = numberOption(words, "seconds", SECONDS);
  const parent = wordOption(words, "directory") ?? tmpdir();
  const folder = mkdtempSync(join(parent, "latchwork-peers-"));
  const bench = new Bench("durable puts beside other engines", { seed: SEED, repeats: rounds });
  const engines = [OURS, ...PEERS];
  const progress = new Progress(rounds * engines.length * IN_FLIGHT.length, "samples");
  try {
    for (const inFlight of IN_FLIGHT) {
      const samples = engines.map((): number[] => []);
      for (let round = 0; round < rounds; round++) {
        for (const [i, engine] of engines.entries()) {
          const place = join(folder, `${inFlight}-${round}-${i}`);
          mkdirSync(place);
          samples[i]?.push(await putsPerSecond(engine, place, inFlight, seconds));
          rmSync(place, { recursive: true, force: true });
          progress.step(`${engine.name}, ${inFlight} in flight`);
        }
      }
      report(bench, inFlight, engines, samples);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  bench.finish(words);
}

function report(
  bench: Bench,
  inFlight: number,
  engines: readonly Engine[],
  samples: readonly (readonly number[])[],
): void {
  const [ours = []] = samples;
  for (const [i, { name }] of engines.entries()) {
    bench.add({ name: `${inFlight}: ${name}`, ...ofSummary(summarize(samples[i] ?? []), "/s") });
  }
  for (const [i, { name, aim }] of engines.entries()) {
    if (i === 0) continue;
    const ratios = ours.map((rate, round) => rate / (samples[i]?.[round] ?? Number.NaN));
    const target = aim === null ? {} : { target: { atLeast: aim } };
    const summary = ofSummary(summarize(ratios), "x");
    bench.add({ name: `${inFlight}: latchwork / ${name}`, ...summary, ...target });
  }
}

await main(process.argv.slice(2));
