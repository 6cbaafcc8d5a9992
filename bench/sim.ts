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
  type SchedulerOptions,
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
  readonly rounds: number;
  count: number;
}

function* simulatedTask(t: number, work: Work): Task<void> {
  for (let i = 0; i < work.rounds; i++) {
    const mutex = work.mutexes[(t + i) % 2 === 0 ? 0 : 1];
    yield mutex.lock();
    work.count++;
    mutex.unlock();
  }
}

/** W1 with the simulator's own blocks. */
function simulated(rounds: number): Setup {
  return (sim) => {
    const work: Work = { mutexes: [sim.mutex("even"), sim.mutex("odd")], rounds, count: 0 };
    for (let t = 0; t < TASKS; t++) sim.task(`task ${t}`, () => simulatedTask(t, work));
    return () => {
      if (work.count !== TASKS * rounds) throw new Error(`counted ${work.count}`);
    };
  };
}

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

/** How W1 is simulated; as by default if nothing is said. */
interface Simulated extends SchedulerOptions {
  readonly traced?: boolean;
  readonly rounds?: number;
  readonly runs?: number;
}

function simulatedSample(how: Simulated): Sample {
  const { traced = false, rounds = ROUNDS, runs = RUNS, ...options } = how;
  const scheduler = new Scheduler({ stepsMax: 2 * TASKS * rounds, ...options });
  if (traced) scheduler.trace = new Trace();
  const explorer = new Explorer(scheduler);
  const program = new SetupProgram(simulated(rounds));
  const strategies = [new RandomStrategy(createPrng(SEED))];
  return () =>
    schedulesPerSecond(() => {
      const { finding } = explorer.explore(program, strategies, { runsMax: runs });
      if (finding !== null) throw new Error(finding.failure.message);
    }, runs);
}

function schedulesPerSecond(work: () => void, runs: number = RUNS): number {
  const start = process.hrtime.bigint();
  work();
  return (runs * 1e9) / Number(process.hrtime.bigint() - start);
}

function scaled(sample: Sample, times: number): Sample {
  return async () => (await sample()) * times;
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
  { name: "W1, tracing off", releaseSteps: false, traced: false, atLeast: 0.6 },
  { name: "W1, tracing on", releaseSteps: false, traced: true, atLeast: 0.15 },
] as const;

const bench = new Bench("simulator against a bare generator loop", {
  seed: SEED,
  repeats: REPEATS,
});
for (const { name, releaseSteps, traced, atLeast } of VARIANTS) {
  const ours = simulatedSample({ releaseSteps, traced });
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
/** What something costs: the rate with it over the rate without. */
async function addCost(name: string, a: Sample, b: Sample, atLeast: number): Promise<void> {
  for (let warmUp = 0; warmUp < 20; warmUp++) {
    await a();
    await b();
  }
  const { ratio } = await measureRatio(a, b, REPEATS);
  bench.add({ name, ...ofSummary(ratio, "x"), target: { atLeast } });
}

await addCost(
  "W1, tracing on over tracing off",
  simulatedSample({ traced: true }),
  simulatedSample({}),
  0.85,
);
await addCost(
  "W1, cycles named over not named",
  simulatedSample({}),
  simulatedSample({ namesCycles: false }),
  0.95,
);
// The same number of steps, in runs of 100,000 and of 1,000.
const [LONG, SHORT] = [33_334, 334];
await addCost(
  "W1, a step of 100,000 over one of 1,000",
  scaled(simulatedSample({ rounds: LONG, runs: 1 }), LONG / SHORT),
  simulatedSample({ rounds: SHORT, runs: 100 }),
  0.8,
);
bench.add(smallestSplit());
bench.finish();
