/**
 * `npm run bench:cores`: how much faster a hunt is by two workers than by one, and how much faster
 * two bare loops are than one, which is what the machine allows. Time on the wall: on a machine that
 * others use, it says nothing.
 */
import { Worker } from "node:worker_threads";
import { Crew, huntInThreads } from "../src/hunt/threads/index.ts";
import type { HuntPlan } from "../src/hunt/index.ts";
import { Bench, measureRatio, ofSummary, type Sample } from "./harness.ts";
import { acceptWords } from "./options.ts";

acceptWords(process.argv.slice(2), "npm run bench:cores -- [--json]");

const SEED = 7;
const REPEATS = 11;
const RUNS = 20_000;
const RUNS_ON_DISK = 2_000;
const BARE_STEPS = 100_000_000;
const WARM_UPS = 3;

const SHAPE = { protocol: "crabbing", bug: null };

function plan(runsMax: number, isOnDisk: boolean, seed: number): HuntPlan {
  const strategies = ["portfolio"];
  const setting = { seed, runsMax, strategies, shrink: null, checkDeterminism: false };
  const shape = isOnDisk ? { ...SHAPE, crashes: 1 } : SHAPE;
  return { kind: "random", shape, setting };
}

/** Schedules a second of a hunt by a crew. */
function hunting(crew: Crew, runs: number, isOnDisk: boolean): Sample {
  return async () => {
    const startedAt = performance.now();
    const { verdict } = await huntInThreads(crew, plan(runs, isOnDisk, SEED), 0, () => undefined);
    if (verdict.finding !== null) throw new Error(verdict.finding.failure.message);
    return (verdict.runs / (performance.now() - startedAt)) * 1000;
  };
}

const BARE = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", (steps) => {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  parentPort.postMessage(x);
});`;

/** Steps a second of so many threads that each run a loop. */
function bare(threads: readonly Worker[]): Sample {
  return async () => {
    const startedAt = performance.now();
    const ended = threads.map((thread) => new Promise((done) => thread.once("message", done)));
    for (const thread of threads) thread.postMessage(BARE_STEPS, []);
    await Promise.all(ended);
    return (threads.length * BARE_STEPS) / (performance.now() - startedAt);
  };
}

const bench = new Bench("two workers against one", { seed: SEED, repeats: REPEATS });
const crews = [new Crew({ workers: 2 }), new Crew({ workers: 1 })] as const;
const threads = [new Worker(BARE, { eval: true }), new Worker(BARE, { eval: true })] as const;

async function compare(name: string, unit: string, two: Sample, one: Sample, atLeast: number) {
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) {
    await two();
    await one();
  }
  const { a, b, ratio } = await measureRatio(two, one, REPEATS);
  bench.add({ name: `${name}, two`, ...ofSummary(a, unit) });
  bench.add({ name: `${name}, one`, ...ofSummary(b, unit) });
  bench.add({ name: `${name}: two over one`, ...ofSummary(ratio, "x"), target: { atLeast } });
}

const [two, one] = crews;
await compare("bare loop", "steps/ms", bare(threads), bare(threads.slice(0, 1)), 1.9);
await compare(
  "random scenarios",
  "schedules/s",
  hunting(two, RUNS, false),
  hunting(one, RUNS, false),
  1.8,
);
await compare(
  "random scenarios on a disk",
  "schedules/s",
  hunting(two, RUNS_ON_DISK, true),
  hunting(one, RUNS_ON_DISK, true),
  1.8,
);
for (const thread of threads) await thread.terminate();
for (const crew of crews) await crew.close();
bench.finish();
