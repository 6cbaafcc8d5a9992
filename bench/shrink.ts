/**
 * What it takes to shrink the finding of every bug of the bank: schedules run, processor time, and
 * how short the result is. The aim is less than a second for each. Times are of this machine; the
 * schedules are the same everywhere.
 *
 *     npm run bench:shrink -- [--seed=N] [--only=ID]
 */
import {
  BUGS,
  huntScenario,
  scenarioOfBug,
  shrink,
  SHRINK_BUDGET,
  type Shrunk,
} from "../src/hunt/index.ts";
import { defaultPortfolio, identityText } from "../src/sim/index.ts";
import { acceptWords, wordOption } from "./options.ts";
import { machineLine } from "./origin.ts";

const RUNS_MAX = 10_000;
const MICROSECONDS = 1000;
/** The first runs of a process are slow until they are compiled. */
const WARM_UP = 2;

interface Row {
  readonly id: string;
  readonly shrunk: Shrunk;
  readonly ms: number;
}

function rowOf(id: string, seed: string): Row | null {
  const bug = BUGS.find((one) => one.id === id);
  if (bug === undefined) return null;
  const scenario = scenarioOfBug(bug);
  const hunt = { seed, runsMax: RUNS_MAX, strategies: defaultPortfolio };
  const { finding } = huntScenario(scenario, hunt).verdict;
  if (finding === null) return null;
  const before = process.cpuUsage();
  const shrunk = shrink(scenario, finding, SHRINK_BUDGET);
  return { id, shrunk, ms: process.cpuUsage(before).user / MICROSECONDS };
}

function lineOf({ id, shrunk, ms }: Row): string {
  const { tasks, operations, preemptions, isMinimal, isOneMinimal, cutBy } = shrunk;
  const cells = [
    id.padEnd(4),
    String(shrunk.runs).padStart(6),
    ms.toFixed(0).padStart(6),
    `${tasks}/${operations}/${preemptions}`.padEnd(6),
    isOneMinimal ? "1-minimal" : "         ",
    isMinimal ? "fewest" : "      ",
    (cutBy ?? "").padEnd(9),
    identityText(shrunk.identity),
  ];
  return cells.join("  ");
}

const words = process.argv.slice(2);
acceptWords(words, "npm run bench:shrink -- [--seed=N] [--only=ID]");
const seed = wordOption(words, "seed") ?? "1";
const only = wordOption(words, "only");
const ids = BUGS.filter(({ id, kind }) => kind === "bug" && (only === undefined || id === only));
if (ids.length === 0) {
  console.error(`--only: expected a bug of the bank, as C1; found ${JSON.stringify(only)}`);
  process.exit(2);
}
console.log(`${machineLine()}; seed ${seed}`);
for (const { id } of ids.slice(0, WARM_UP)) rowOf(id, seed);
console.log("bug  schedules    ms  t/o/p  result");
let [total, slowest] = [0, 0];
for (const { id } of ids) {
  const row = rowOf(id, seed);
  if (row === null) console.log(`${id}: not found`);
  else {
    total += row.ms;
    slowest = Math.max(slowest, row.ms);
    console.log(lineOf(row));
  }
}
console.log(`all: ${total.toFixed(0)} ms, the slowest ${slowest.toFixed(0)} ms`);
