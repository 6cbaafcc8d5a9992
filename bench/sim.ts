/**
 * `npm run bench:sim`: schedules a second of the smallest split scenario, and what the simulator
 * costs by itself: schedules a second of W1 (three tasks, a hundred times each
 * `lock m[(t + i) % 2]; c++; unlock`), as a share of a bare loop over the same generators.
 *
 * The bare loop draws as many random numbers from the same generator and offers only tasks that
 * can go on, but a step is a small integer to it: it keeps no schedule, looks for no deadlock,
 * hashes no order and could report nothing about a run.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  createPrng,
  Explorer,
  type Mutex,
  type Prng,
  RandomStrategy,
  Scheduler,
  type Setup,
  SetupProgram,
  type Task,
  Trace,
} from "../src/sim/index.ts";
import { Bench, type Measurement, measureRatio, ofSummary, type Sample } from "./harness.ts";
import { acceptWords } from "./options.ts";
import { summarize } from "./statistics.ts";

acceptWords(process.argv.slice(2), "npm run bench:sim -- [--json]");

const TASKS = 3;
const ROUNDS = 100;
const SEED = 7;
const REPEATS = 51;
const RUNS = 200;

interface Work {
  readonly mutexes: readonly [Mutex, Mutex];
  count: number;
}

function* simulatedTask(t: number, work: Work): Task<void> {
  for (let i = 0; i < ROUNDS; i++) {
    const mutex = work.mutexes[(t + i) % 2 === 0 ? 0 : 1];
    yield mutex.lock();
    work.count++;
    mutex.unlock();
  }
}

/** W1 with the simulator's own blocks. */
const simulated: Setup = (sim) => {
  const work: Work = { mutexes: [sim.mutex("even"), sim.mutex("odd")], count: 0 };
  for (let t = 0; t < TASKS; t++) sim.task(`task ${t}`, () => simulatedTask(t, work));
  return () => {
    if (work.count !== TASKS * ROUNDS) throw new Error(`counted ${work.count}`);
  };
};

/** W1 as bare as it gets: yields `m` to lock mutex m and, where that is a step, `~m` to unlock. */
function* bareTask(t: number, holders: Int8Array, unlockSteps: boolean): Generator<number> {
  for (let i = 0; i < ROUNDS; i++) {
    const mutex = (t + i) % 2;
    yield mutex;
    if (unlockSteps) yield ~mutex;
    else holders[mutex] = -1;
  }
}

function runBare(prng: Prng, unlockSteps: boolean): number {
  const holders = new Int8Array(2).fill(-1);
  const tasks: Generator<number>[] = [];
  const ops: number[] = [];
  for (let t = 0; t < TASKS; t++) {
    const task = bareTask(t, holders, unlockSteps);
    tasks.push(task);
    ops.push(Number(task.next().value));
  }
  const options: number[] = [];
  let steps = 0;
  for (;;) {
    let count = 0;
    for (let t = 0; t < TASKS; t++) {
      const op = ops[t] ?? DONE;
      if (op !== DONE && (op < 0 || holders[op] === -1)) options[count++] = t;
    }
    if (count === 0) return steps;
    const t = options[count > 1 ? prng.below(count) : 0] ?? 0;
    const op = ops[t] ?? 0;
    if (op < 0) holders[~op] = -1;
    else holders[op] = t;
    steps++;
    const next = tasks[t]?.next();
    ops[t] = next === undefined || next.done === true ? DONE : next.value;
  }
}

const DONE = 99;

function bareSample(unlockSteps: boolean): Sample {
  const prng = createPrng(SEED);
  return () =>
    schedulesPerSecond(() => {
      for (let run = 0; run < RUNS; run++) runBare(prng, unlockSteps);
    });
}

function simulatedSample(releaseSteps: boolean, traced: boolean): Sample {
  const scheduler = new Scheduler({ releaseSteps });
  if (traced) scheduler.trace = new Trace();
  const explorer = new Explorer(scheduler);
  const program = new SetupProgram(simulated);
  const strategies = [new RandomStrategy(createPrng(SEED))];
  return () =>
    schedulesPerSecond(() => {
      const { finding } = explorer.explore(program, strategies, { runsMax: RUNS });
      if (finding !== null) throw new Error(finding.failure.message);
    });
}

function schedulesPerSecond(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return (RUNS * 1e9) / Number(process.hrtime.bigint() - start);
}

const SPLITS_AIM = 100_000;

/** Measured in a process of its own, before whose code nothing else has run. */
function smallestSplit(): Measurement {
  const script = fileURLToPath(new URL("split-scenario.js", import.meta.url));
  const rates = JSON.parse(
    execFileSync(process.execPath, [script], { encoding: "utf8" }),
  ) as number[];
  const name = "smallest split under crabbing, detectors on";
  const target = { atLeast: SPLITS_AIM };
  return { name, ...ofSummary(summarize(rates), "schedules/s"), target };
}

const VARIANTS = [
  { name: "W1, releases as steps, tracing off", releaseSteps: true, traced: false, atLeast: 0.45 },
  { name: "W1, releases as steps, tracing on", releaseSteps: true, traced: true, atLeast: 0.15 },
  { name: "W1, tracing off", releaseSteps: false, traced: false, atLeast: 0.45 },
  { name: "W1, tracing on", releaseSteps: false, traced: true, atLeast: 0.15 },
] as const;

const bench = new Bench("simulator against a bare generator loop", {
  seed: SEED,
  repeats: REPEATS,
});
for (const { name, releaseSteps, traced, atLeast } of VARIANTS) {
  const ours = simulatedSample(releaseSteps, traced);
  const bare = bareSample(releaseSteps);
  for (let warmUp = 0; warmUp < 20; warmUp++) {
    await ours();
    await bare();
  }
  const { a, b, ratio } = await measureRatio(ours, bare, REPEATS);
  bench.add({ name, ...ofSummary(a, "schedules/s") });
  bench.add({ name: `${name}: bare loop`, ...ofSummary(b, "schedules/s") });
  bench.add({ name: `${name}: share`, ...ofSummary(ratio, "x"), target: { atLeast } });
}
bench.add(smallestSplit());
bench.finish();
