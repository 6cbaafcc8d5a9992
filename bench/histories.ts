/**
 * `npm run histories`: the long campaign of test/linearizability. For each protocol so many runs of
 * the engine under the simulator, in memory, on a disk, with crashes and with a failing disk, in
 * turn; each run's history is asked for every promise. Then real runs, with 64 clients at once and
 * so many operations each. Exits with 1 if anything was refuted.
 *
 *     npm run histories -- --protocol crabbing --runs 10000 --seed 1 --real 80
 *     npm run histories -- --protocol crabbing --only "with a crash/1/17" --save refuted.jsonl
 *
 * The same seed simulates the same on every machine and finds the same; only the rate differs. What
 * was refuted names the seed for `--only`, which judges those runs again, and saves the first
 * history that is not what was promised.
 */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PROTOCOLS } from "../src/btree/index.ts";
import { type CheckOptions, jsonLinesOf } from "../src/linearizability/index.ts";
import { judgeReal } from "../test/support/real-campaign.ts";
import {
  emptyTally,
  judgeSeed,
  RUN_KINDS,
  RUNS_A_SEED,
  type Tally,
} from "../test/support/run-campaign.ts";
import { parseWords } from "./options.ts";

/** What judging the runs of one kind came to. */
interface Outcome {
  readonly protocol: string;
  readonly kind: string;
  readonly tally: Tally;
  readonly seconds: number;
}

const CLIENTS = 64;

/** Of one question about one run. */
const BUDGET: CheckOptions = {
  timeMs: 60_000,
  clock: { nowMs: () => performance.now() },
  memoryBytes: 1_000_000_000,
};

function optionsOf(words: readonly string[]) {
  const usage =
    "npm run histories -- [--protocol P] [--runs N] [--seed S] [--workers N] [--real N]\n" +
    "                     [--only RUN] [--save FILE]";
  const options = {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(availableParallelism()) },
    protocol: { type: "string" },
    real: { type: "string", default: "80" },
    only: { type: "string" },
    save: { type: "string" },
    /** Of the parent only: judge in this process, and print the outcomes as JSON. */
    worker: { type: "boolean", default: false },
  } as const;
  const values = parseWords(usage, options, words);
  for (const name of ["runs", "workers", "real"] as const) {
    if (/^[1-9]\d{0,8}$/.test(values[name])) continue;
    throw new RangeError(`--${name}: expected a whole number from 1, found ${values[name]}`);
  }
  const names = PROTOCOLS.map(({ name }) => name);
  if (values.protocol !== undefined && !names.includes(values.protocol)) {
    throw new RangeError(`--protocol: expected ${names.join(", ")}, found ${values.protocol}`);
  }
  const kind = values.only?.split("/")[0] ?? "";
  if (values.only !== undefined && !(kind in RUN_KINDS)) {
    throw new RangeError(`--only: expected a seed as a failure names it, found ${values.only}`);
  }
  return values;
}

type Options = ReturnType<typeof optionsOf>;

/** As many runs of each kind as of any other. */
function* campaign(protocol: string, { runs, seed }: Options): Generator<Outcome> {
  const kinds = Object.entries(RUN_KINDS);
  const seeds = Math.ceil(Number(runs) / kinds.length / RUNS_A_SEED);
  for (const [kind, shape] of kinds) {
    const began = performance.now();
    const tally = emptyTally();
    for (let i = 0; i < seeds; i++) {
      judgeSeed(tally, { protocol, ...shape }, `${kind}/${seed}/${i}`, RUNS_A_SEED, BUDGET);
    }
    yield { protocol, kind, tally, seconds: (performance.now() - began) / 1000 };
  }
}

/** Real runs; their seed decides what clients do, and the machine when. */
async function realRuns(protocol: string, { real, seed }: Options): Promise<Outcome> {
  const began = performance.now();
  const load = { clients: CLIENTS, each: Number(real), seed };
  const tally = await judgeReal(protocol, load, BUDGET);
  return { protocol, kind: "real", tally, seconds: (performance.now() - began) / 1000 };
}

/** Judges the runs of one seed again, and saves the first history that is refuted. */
function judgeAgain(protocol: string, seed: string, save: string | undefined): Outcome {
  const began = performance.now();
  const kind = seed.split("/")[0] ?? "";
  const tally = emptyTally();
  let isSaved = false;
  judgeSeed(tally, { protocol, ...RUN_KINDS[kind] }, seed, RUNS_A_SEED, BUDGET, (history) => {
    if (save !== undefined && !isSaved) writeFileSync(save, [...jsonLinesOf(history)].join(""));
    isSaved = true;
  });
  return { protocol, kind, tally, seconds: (performance.now() - began) / 1000 };
}

function count(number: number, unit: string): string {
  return `${number.toLocaleString("en")} ${unit}`;
}

function print({ protocol, kind, tally, seconds }: Outcome): void {
  const cells = [
    protocol.padEnd(20),
    kind.padEnd(24),
    count(tally.runs, "runs").padStart(12),
    count(tally.histories, "histories").padStart(17),
    count(tally.operations, "operations").padStart(21),
    count(tally.explored, "configurations").padStart(26),
    `${Math.round(tally.histories / seconds).toLocaleString("en")}/s`.padStart(7),
    `${tally.unknown} unknown`.padStart(10),
    count(tally.failures.length, "failures"),
  ];
  console.log(cells.join("  "));
  for (const failure of tally.failures) console.log(`  ${failure.replaceAll("\n", "\n  ")}`);
}

/** Judges in a process for each protocol, so many at a time; gives whether nothing was refuted. */
async function inWorkers(protocols: readonly string[], options: Options): Promise<boolean> {
  const run = promisify(execFile);
  const waiting = [...protocols];
  let isClean = true;
  const work = async (): Promise<void> => {
    for (let protocol = waiting.shift(); protocol !== undefined; protocol = waiting.shift()) {
      const script = fileURLToPath(import.meta.url);
      const { runs, seed, real } = options;
      const load = ["--runs", runs, "--seed", seed, "--real", real];
      const args = [script, "--worker", "--protocol", protocol, ...load];
      // oxlint-disable-next-line no-await-in-loop -- each worker takes one after another
      const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 26 });
      const outcomes: Outcome[] = JSON.parse(stdout);
      for (const outcome of outcomes) {
        print(outcome);
        if (outcome.tally.failures.length > 0) isClean = false;
      }
    }
  };
  await Promise.all(Array.from({ length: Number(options.workers) }, work));
  return isClean;
}

async function main(words: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = optionsOf(words);
  } catch (error) {
    console.error(error instanceof Error ? error.message.split("\n")[0] : String(error));
    return 2;
  }
  const { protocol, only, save, runs, seed } = options;
  const names = PROTOCOLS.map(({ name }) => name).filter((name) => name === (protocol ?? name));
  if (options.worker) {
    const [name = ""] = names;
    const outcomes = [...campaign(name, options), await realRuns(name, options)];
    console.log(JSON.stringify(outcomes));
    return 0;
  }
  if (only !== undefined) {
    const outcomes = names.map((name) => judgeAgain(name, only, save));
    outcomes.forEach(print);
    return outcomes.some(({ tally }) => tally.failures.length > 0) ? 1 : 0;
  }
  console.log(`${Number(runs).toLocaleString("en")} runs a protocol, seed ${seed}`);
  return (await inWorkers(names, options)) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
