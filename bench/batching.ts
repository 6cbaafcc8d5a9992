/**
 * `npm run bench:batching`: single writes by themselves and batched, on real files, in turn.
 *
 *     npm run bench:batching -- --rounds=5 --seconds=1 --folder=/var/tmp --writers=64
 *
 * Each combination has a database of its own with 100,000 keys. In each round every combination
 * gets its seconds, one after the other; the median of the rounds is printed, and of the ratios to
 * the first column of the same round. `random` writes any key, old or new; `ascending` writes keys
 * that follow each other, as ids made of the time do.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LatchworkLevel, open, type WriteBatching } from "../src/level/index.ts";
import { createPrng, type Prng } from "../src/task/index.ts";
import { machineLine, commitName } from "./origin.ts";
import { acceptWords, numberOption, wordOption } from "./options.ts";
import { summarize } from "./statistics.ts";

type Level = LatchworkLevel<Uint8Array, Uint8Array>;
type Keys = "random" | "ascending";

interface Variant {
  readonly name: string;
  readonly writeBatching?: Partial<WriteBatching>;
}

/** The first is what the others are compared with. */
const VARIANTS: readonly Variant[] = [
  { name: "by themselves" },
  { name: "batched, 0 ms", writeBatching: { operationsMax: 512 } },
  { name: "batched, 1 ms", writeBatching: { operationsMax: 512, windowMs: 1 } },
];
const KEY_SPACE = 200_000;
const FILL_ROWS = 1000;
const VALUE = new Uint8Array(100).fill(7);

/** What one combination did in its seconds of one round. */
interface Sample {
  readonly writesASecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
  readonly logBytes: number;
  readonly descents: number;
  readonly writesASync: number;
}

function keyOf(number: number): Uint8Array {
  const key = new Uint8Array(12);
  new DataView(key.buffer).setUint32(4, number);
  return key;
}

async function fill(level: Level): Promise<void> {
  for (let from = 0; from < KEY_SPACE; from += 2 * FILL_ROWS) {
    const rows = Array.from({ length: FILL_ROWS }, (_, i) => keyOf(from + 2 * i));
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    await level.batch(rows.map((key) => ({ type: "put" as const, key, value: VALUE })));
  }
  await level.checkpoint();
}

/** One combination: a database, who writes to it, and which keys. */
class Competitor {
  readonly samples: Sample[] = [];
  readonly #level: Level;
  readonly #writers: number;
  readonly #prng: Prng;
  readonly #keys: Keys;
  #next = KEY_SPACE;

  constructor(level: Level, writers: number, keys: Keys) {
    this.#level = level;
    this.#writers = writers;
    this.#keys = keys;
    this.#prng = createPrng("batching");
  }

  async run(seconds: number): Promise<void> {
    const level = this.#level;
    const before = level.stats();
    const latenciesMs: number[] = [];
    const cpu = process.cpuUsage();
    const startedMs = performance.now();
    const endMs = startedMs + seconds * 1000;
    const writer = async (): Promise<void> => {
      for (let beganMs = startedMs; beganMs < endMs;) {
        // oxlint-disable-next-line no-await-in-loop -- a writer makes one write after the other
        await level.put(this.#key(), VALUE);
        const nowMs = performance.now();
        latenciesMs.push(nowMs - beganMs);
        beganMs = nowMs;
      }
    };
    await Promise.all(Array.from({ length: this.#writers }, writer));
    const took = performance.now() - startedMs;
    const { user, system } = process.cpuUsage(cpu);
    const after = level.stats();
    const writes = latenciesMs.length;
    latenciesMs.sort((a, b) => a - b);
    const runs = (after.batching?.leafRuns ?? 0) - (before.batching?.leafRuns ?? 0);
    const alone = (after.batching?.alone ?? 0) - (before.batching?.alone ?? 0);
    this.samples.push({
      writesASecond: (1000 * writes) / took,
      p50Ms: latenciesMs[Math.floor(writes * 0.5)] ?? 0,
      p99Ms: latenciesMs[Math.floor(writes * 0.99)] ?? 0,
      cpuUs: (user + system) / writes,
      logBytes: (after.log.bytes - before.log.bytes) / writes,
      descents: after.batching === undefined ? 1 : (runs + alone) / writes,
      writesASync: writes / (after.log.flushes - before.log.flushes),
    });
  }

  close(): Promise<void> {
    return this.#level.close();
  }

  #key(): Uint8Array {
    return keyOf(this.#keys === "random" ? this.#prng.below(KEY_SPACE) : this.#next++);
  }
}

const USAGE = `npm run bench:batching -- [--rounds=5] [--seconds=1] [--folder=DIR] [--writers=64]
                          [--protocol=NAME] [--policy=NAME] [--json]`;
const words = process.argv.slice(2);
acceptWords(words, USAGE);
const rounds = numberOption(words, "rounds", 5);
const seconds = numberOption(words, "seconds", 1);
const only = wordOption(words, "writers");
const crowds = only === undefined ? [1, 64, 1024] : [numberOption(words, "writers", 64)];
const protocols = wordOption(words, "protocol")?.split(",") ?? [
  "tree-mutex-durable",
  "optimistic-crabbing",
];
const commitPolicy = wordOption(words, "policy") ?? "adaptive";
const root = mkdtempSync(join(wordOption(words, "folder") ?? tmpdir(), "latchwork-batching-"));

function median(samples: readonly Sample[], of: keyof Sample): number {
  return summarize(samples.map((sample) => sample[of])).median;
}

function lineOf(name: string, one: readonly Sample[], first: readonly Sample[]): string {
  const ratios = one.map((sample, i) => sample.writesASecond / (first[i]?.writesASecond ?? 1));
  const { median: ratio, spread } = summarize(ratios);
  const cells = [
    Math.round(median(one, "writesASecond")).toLocaleString("en").padStart(9),
    `${ratio.toFixed(2)} ±${spread.toFixed(2)}`.padStart(11),
    median(one, "p50Ms").toFixed(2).padStart(8),
    median(one, "p99Ms").toFixed(2).padStart(8),
    median(one, "cpuUs").toFixed(1).padStart(7),
    median(one, "logBytes").toFixed(0).padStart(9),
    median(one, "descents").toFixed(2).padStart(8),
    median(one, "writesASync").toFixed(1).padStart(8),
  ];
  return `${name.padEnd(16)}${cells.join("  ")}`;
}

async function compete(protocol: string, writers: number, keys: Keys): Promise<void> {
  const competitors: Competitor[] = [];
  for (const [i, { writeBatching }] of VARIANTS.entries()) {
    const place = join(root, `${protocol}-${writers}-${keys}-${i}`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are measured
    const level: Level = await open(place, {
      protocol,
      commitPolicy,
      keyEncoding: "view",
      valueEncoding: "view",
      ...(writeBatching === undefined ? {} : { writeBatching }),
    });
    // oxlint-disable-next-line no-await-in-loop -- likewise
    await fill(level);
    competitors.push(new Competitor(level, writers, keys));
  }
  for (let round = 0; round < rounds; round++) {
    // oxlint-disable-next-line no-await-in-loop -- they are measured in turn
    for (const competitor of competitors) await competitor.run(seconds);
  }
  console.log(`\n${protocol}, ${commitPolicy}, ${writers} writers, ${keys} keys`);
  console.log(
    "                 writes/s        ratio    p50 ms    p99 ms   CPU us  log bytes  descents  a sync",
  );
  const first = competitors[0]?.samples ?? [];
  for (const [i, { name }] of VARIANTS.entries()) {
    console.log(lineOf(name, competitors[i]?.samples ?? [], first));
  }
  for (const competitor of competitors) await competitor.close();
}

console.log(`write batching: ${rounds} rounds of ${seconds} s\n${machineLine()}`);
console.log(`commit ${commitName()}; files in ${root}`);
try {
  for (const protocol of protocols) {
    for (const writers of crowds) {
      for (const keys of ["random", "ascending"] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await compete(protocol, writers, keys);
      }
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
