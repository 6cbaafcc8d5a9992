/**
 * `npm run bench:in-flight`: whether many operations at once cost more than few, and for how long
 * the process answers nothing.
 *
 * - CPU time of a put when 200,000 are in flight, over that of a put in portions of 5,000; and how
 *   much resident memory each pending put takes. The keys and values are there before.
 * - The longest stretch without a turn of the event loop, as `monitorEventLoopDelay` sees it, while
 *   a batch, a clear, long pages of iterators and others are under way. The call itself is listed
 *   separately: in it abstract-level encodes whatever it is given, in one go; so it decodes what a
 *   getMany brings.
 *
 * Each sample is taken in a process of its own.
 *
 *     npm run bench:in-flight -- [--repeats=5] [--puts=200000] [--rows=100000] [--json]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type LatchworkLevel, open } from "../src/level/index.ts";
import { Bench, ofSummary } from "./harness.ts";
import { acceptWords, numberOption, wordOption } from "./options.ts";
import { Progress } from "./progress.ts";
import { summarize } from "./statistics.ts";

const words = process.argv.slice(2);
const PORTION = 5_000;
const VALUE = "v".repeat(60);
const keyOf = (index: number): string => `k${String(index).padStart(8, "0")}`;

/** What one process measured, by name. */
type Sample = Record<string, number>;

async function withDatabase(work: (level: LatchworkLevel) => Promise<Sample>): Promise<Sample> {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-bench-"));
  const level = await open(directory);
  try {
    return await work(level);
  } finally {
    await level.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Puts so many keys, so many at a time; microseconds of CPU a put, and bytes a pending put. */
async function puts(count: number, portion: number): Promise<Sample> {
  const keys = Array.from({ length: count }, (_, index) => keyOf(index));
  return withDatabase(async (level) => {
    await level.put("before", VALUE);
    const rss = process.memoryUsage.rss();
    let rssMost = rss;
    const cpu = process.cpuUsage();
    for (let from = 0; from < count; from += portion) {
      const pending = keys.slice(from, from + portion).map((key) => level.put(key, VALUE));
      rssMost = Math.max(rssMost, process.memoryUsage.rss());
      await Promise.all(pending);
    }
    const { system, user } = process.cpuUsage(cpu);
    return { cpuUs: (system + user) / count, bytes: (rssMost - rss) / portion };
  });
}

/** The longest stretches, in milliseconds, by what is under way. */
async function stretches(rows: number): Promise<Sample> {
  const keys = Array.from({ length: rows }, (_, index) => keyOf(index));
  const batch = keys.map((key) => ({ type: "put" as const, key, value: VALUE }));
  return withDatabase(async (level) => {
    // What runs for the first time is slow for reasons of its own.
    await level.batch(batch);
    await level.iterator().all();
    const found: Sample = {};
    const measure = async (name: string, work: () => Promise<unknown>): Promise<void> => {
      const { call, delay } = await longestStretch(work);
      found[name] = delay;
      if (call > 1) found[`${name}, the call itself`] = call;
    };
    await measure("batch", () => level.batch(batch));
    await measure("getMany", () => level.getMany(keys));
    await measure("iterator.all", () => level.iterator().all());
    await measure("iterator.nextv", () => readPages(level, rows));
    await measure("for await over keys", () => countKeys(level));
    await measure("check", () => level.check());
    await measure("clear", () => level.clear());
    return found;
  });
}

async function longestStretch(
  work: () => Promise<unknown>,
): Promise<{ readonly call: number; readonly delay: number }> {
  // What the work before has left is not to be collected in the midst of this.
  globalThis.gc?.();
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  // Nothing is seen of what comes before its first tick.
  await sleep(50);
  histogram.reset();
  const began = performance.now();
  const done = work();
  const call = performance.now() - began;
  if (call > 1) {
    // The tick that sees the call itself.
    await sleep(1);
    histogram.reset();
  }
  await done;
  await sleep(5);
  histogram.disable();
  return { call, delay: histogram.max / 1e6 };
}

async function readPages(level: LatchworkLevel, size: number): Promise<void> {
  const iterator = level.iterator();
  while ((await iterator.nextv(size)).length > 0);
  await iterator.close();
}

async function countKeys(level: LatchworkLevel): Promise<number> {
  let count = 0;
  for await (const key of level.keys()) count += key.length > 0 ? 1 : 0;
  return count;
}

/** Takes a sample in a process of its own. */
function sampleOf(task: string): Sample {
  const file = fileURLToPath(import.meta.url);
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--expose-gc", file, `--child=${task}`],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`a sample failed: ${stderr}`);
  return JSON.parse(stdout) as Sample;
}

async function takeSample(task: string): Promise<Sample> {
  const [kind, count = "", portion = ""] = task.split(":");
  if (kind === "puts") return puts(Number(count), Number(portion));
  return stretches(Number(count));
}

const USAGE = `npm run bench:in-flight -- [--repeats=5] [--puts=200000] [--rows=100000] [--json]`;

async function main(): Promise<void> {
  const repeats = numberOption(words, "repeats", 5);
  const count = numberOption(words, "puts", 200_000);
  const rows = numberOption(words, "rows", 100_000);
  const progress = new Progress(3 * repeats, "samples");
  const atOnce: Sample[] = [];
  const inPortions: Sample[] = [];
  const turns: Sample[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    inPortions.push(sampleOf(`puts:${count}:${PORTION}`));
    progress.step("puts in portions");
    atOnce.push(sampleOf(`puts:${count}:${count}`));
    progress.step("puts at once");
    turns.push(sampleOf(`stretches:${rows}`));
    progress.step("stretches");
  }
  const bench = new Bench("many operations in flight", { seed: 0, repeats });
  const of = (samples: readonly Sample[], name: string): number[] =>
    samples.map((sample) => sample[name] ?? Number.NaN);
  const few = of(inPortions, "cpuUs");
  const many = of(atOnce, "cpuUs");
  const ratios = many.map((value, index) => value / (few[index] ?? Number.NaN));
  const kib = of(atOnce, "bytes").map((bytes) => bytes / 1024);
  const label = count.toLocaleString("en-US");
  bench.add({ name: `put, ${PORTION} in flight: CPU`, ...ofSummary(summarize(few), "us") });
  bench.add({ name: `put, ${label} in flight: CPU`, ...ofSummary(summarize(many), "us") });
  bench.add({
    name: `put, ${label} / ${PORTION} in flight`,
    ...ofSummary(summarize(ratios), "x"),
    target: { atMost: 1.3 },
  });
  bench.add({
    name: `a pending put of ${label}`,
    ...ofSummary(summarize(kib), "KiB"),
    target: { atMost: 3 },
  });
  for (const name of Object.keys(turns[0] ?? {})) {
    // The values that a getMany brings are decoded by abstract-level, in one go.
    const isOurs = !name.includes("the call itself") && !name.startsWith("getMany");
    bench.add({
      name: `${name}, ${rows.toLocaleString("en-US")} rows`,
      ...ofSummary(summarize(of(turns, name).filter(Number.isFinite)), "ms"),
      ...(isOurs ? { target: { atMost: 20 } } : {}),
    });
  }
  bench.finish(words);
}

const task = wordOption(words, "child");
if (task === undefined) acceptWords(words, USAGE);
if (task === undefined) await main();
else console.log(JSON.stringify(await takeSample(task)));
