/**
 * `npm run hunt:crashes`: the long campaign against the engine. For each protocol 100,000 schedules
 * with a crash or two over random scenarios on a disk, half of them with a disk that also fails;
 * 20,000 over such scenarios in 2 partitions and as many in 3; and every scenarios/durable_*.txt
 * with a crash at every step of an exhaustive pass with one preemption. Exits with 1 if anything was found, and prints the line that replays it.
 *
 *     npm run hunt:crashes -- --runs 100000 --seed 1 --workers 2 --protocol crabbing
 *
 * The same seed runs the same schedules on every machine; only the rate differs.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PROTOCOLS } from "../src/btree/index.ts";
import { type HuntResult, huntRandom, huntScenario, parseScenario } from "../src/hunt/index.ts";
import { defaultPortfolio, parseStrategy, type Strategy } from "../src/sim/index.ts";
import { createPrng } from "../src/task/index.ts";
import { parseWords } from "./options.ts";

/** What one hunt came to. */
interface Outcome {
  readonly protocol: string;
  readonly kind: "random" | "exhaustive" | `${number} partitions`;
  readonly schedules: number;
  readonly scenarios: number;
  readonly seconds: number;
  readonly failures: readonly string[];
}

const CRASHES_MAX = 2;
const PARTITIONS: readonly number[] = [2, 3];
/** Each run opens a database for every partition, so there are fewer of them. */
const PARTITIONED_SHARE = 0.2;

const values = parseWords(
  "npm run hunt:crashes -- [--runs N] [--seed S] [--workers N] [--protocol P]",
  {
    runs: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(availableParallelism()) },
    protocol: { type: "string" },
    /** Of the parent only: hunt in this process, and print the outcomes as JSON. */
    worker: { type: "boolean", default: false },
  },
);
for (const name of ["runs", "workers"] as const) {
  if (/^[1-9]\d{0,8}$/.test(values[name])) continue;
  console.error(`--${name}: expected a whole number from 1, found ${values[name]}`);
  process.exit(2);
}
if (values.protocol !== undefined && !PROTOCOLS.some(({ name }) => name === values.protocol)) {
  const names = PROTOCOLS.map(({ name }) => name).join(", ");
  console.error(`--protocol: expected one of ${names}, found ${values.protocol}`);
  process.exit(2);
}

function failuresOf({ verdict, replay }: HuntResult): string[] {
  if (verdict.finding === null) return [];
  const { kind, message } = verdict.finding.failure;
  return [`${kind}: ${message}\n  ${replay ?? ""}`];
}

function campaign(protocol: string, seed: string, runsMax: number, partitions = 1): Outcome {
  const began = performance.now();
  const durability = { partitions };
  const shape = { protocol, bug: null, crashes: CRASHES_MAX, faults: true, durability };
  const strategies = defaultPortfolio;
  const result = huntRandom(shape, { seed, runsMax, strategies, shrink: { runsMax: 20_000 } });
  return {
    protocol,
    kind: partitions === 1 ? "random" : `${partitions} partitions`,
    schedules: result.verdict.runs,
    scenarios: result.scenarios,
    seconds: (performance.now() - began) / 1000,
    failures: failuresOf(result),
  };
}

const onePreemption = (seed: string): Strategy[] => [parseStrategy("dfs:1", createPrng(seed))];

/** Every schedule with one preemption, a crash at every step of each. */
function exhaustive(protocol: string): Outcome {
  const began = performance.now();
  const folder = new URL("../../scenarios/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.startsWith("durable_"));
  let schedules = 0;
  const failures: string[] = [];
  for (const name of names) {
    const { scenario } = parseScenario(readFileSync(new URL(name, folder), "utf8"));
    const options = { seed: 1, runsMax: Number.MAX_SAFE_INTEGER, strategies: onePreemption };
    const result = huntScenario({ ...scenario, protocol }, options);
    schedules += result.verdict.runs;
    failures.push(...failuresOf(result).map((failure) => `${name}: ${failure}`));
    if (result.verdict.coverage[0]?.exhausted !== true && failures.length === 0) {
      failures.push(`${name}: the exhaustive pass did not end`);
    }
  }
  const seconds = (performance.now() - began) / 1000;
  return { protocol, kind: "exhaustive", schedules, scenarios: names.length, seconds, failures };
}

function print({ protocol, kind, schedules, scenarios, seconds, failures }: Outcome): void {
  const cells = [
    protocol.padEnd(20),
    kind.padEnd(12),
    `${schedules.toLocaleString("en")} schedules`.padStart(18),
    `${scenarios} scenarios`.padStart(14),
    `${Math.round(schedules / seconds).toLocaleString("en")}/s`.padStart(8),
    `${failures.length} failures`,
  ];
  console.log(cells.join("  "));
  for (const failure of failures) console.log(`  ${failure.replaceAll("\n", "\n  ")}`);
}

/** Hunts in a process for each protocol, so many at a time; gives whether nothing was found. */
async function inWorkers(protocols: readonly string[], workers: number): Promise<boolean> {
  const run = promisify(execFile);
  const waiting = [...protocols];
  let isClean = true;
  const work = async (): Promise<void> => {
    for (let protocol = waiting.shift(); protocol !== undefined; protocol = waiting.shift()) {
      const script = fileURLToPath(import.meta.url);
      const { runs, seed } = values;
      const args = [script, "--worker", "--runs", runs, "--seed", seed, "--protocol", protocol];
      // oxlint-disable-next-line no-await-in-loop -- each worker takes one after another
      const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 26 });
      const outcomes: Outcome[] = JSON.parse(stdout);
      for (const outcome of outcomes) {
        print(outcome);
        if (outcome.failures.length > 0) isClean = false;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return isClean;
}

const runs = Number(values.runs);
if (values.worker) {
  const protocol = values.protocol ?? "";
  const { seed } = values;
  const divided = Math.floor(runs * PARTITIONED_SHARE);
  const outcomes = [
    exhaustive(protocol),
    campaign(protocol, seed, runs),
    ...PARTITIONS.map((partitions) => campaign(protocol, seed, divided, partitions)),
  ];
  console.log(JSON.stringify(outcomes));
} else {
  const chosen = values.protocol;
  const names = PROTOCOLS.map(({ name }) => name);
  const protocols = chosen === undefined ? names : names.filter((name) => name === chosen);
  if (protocols.length === 0) throw new Error(`no protocol ${String(chosen)}: ${names.join(", ")}`);
  console.log(`${runs.toLocaleString("en")} schedules a protocol, seed ${values.seed}`);
  if (!(await inWorkers(protocols, Number(values.workers)))) process.exitCode = 1;
}
