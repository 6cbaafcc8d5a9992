/**
 * `npm run bench:ablation`: what each reduction of the checker is worth, as the configurations that
 * a check explores with all of them, without one after the other, and with none.
 *
 * The histories are those of `bench:check`, seed 1. Numbers are the same on every machine, but for
 * checks that end at the limit of time or memory: those are marked.
 */
import {
  ALL_REDUCTIONS,
  casRegister,
  checkHistory,
  type History,
  kvMap,
  type Model,
  type Reductions,
} from "../src/linearizability/index.ts";
import {
  badCrash,
  type Family,
  generate,
  regSmall,
  regWrites,
  scans,
  smallBad,
} from "./check-families.ts";
import { acceptWords } from "./options.ts";

acceptWords(process.argv.slice(2), "npm run bench:ablation");

const LIMIT_MS = 20_000;
const MEMORY_BYTES = 1e9;
const WIDTH = 13;

/** Each column: a heading, and the family, clients and operations. */
const COLUMNS: readonly (readonly [string, Family, number, number])[] = [
  ["few values", regSmall, 10, 1_000],
  ["few, wrong", smallBad, 10, 1_000],
  ["writes", regWrites, 10, 1_000],
  ["pending", { ...regSmall, crashed: 10 }, 10, 1_000],
  ["pend., wrong", badCrash(5), 10, 1_000],
  ["scans", scans, 10, 1_000],
];

const clock = { nowMs: (): number => performance.now() };

function explored(history: History, model: Model, reductions: Partial<Reductions>): string {
  const limits = { clock, timeMs: LIMIT_MS, memoryBytes: MEMORY_BYTES };
  const verdict = checkHistory(history, model, { reductions, ...limits });
  const mark = verdict.kind === "unknown" ? "> " : "";
  return mark + verdict.explored.toLocaleString("en-US");
}

const names = Object.keys(ALL_REDUCTIONS) as (keyof Reductions)[];
const none = Object.fromEntries(names.map((name) => [name, false]));
const searched: Partial<Reductions> = { uniqueValues: false };
const exact: Partial<Reductions> = { ...searched, narrowFirst: false };
const rows: (readonly [string, Partial<Reductions>])[] = [
  ["all", {}],
  ["without uniqueValues", searched],
  ["and without narrowFirst", exact],
  ...names
    .filter((name) => !(name in exact))
    .map((name) => [`  and ${name}`, { ...exact, [name]: false }] as const),
  ["none", none],
];

console.log("".padEnd(28) + COLUMNS.map(([heading]) => heading.padStart(WIDTH)).join(" "));
for (const [name, reductions] of rows) {
  const cells = COLUMNS.map(([, of, clients, operations]) => {
    const history = generate(of, clients, operations, 1);
    const model = of.keys === 0 ? casRegister() : kvMap();
    return explored(history, model, reductions).padStart(WIDTH);
  });
  console.log(name.padEnd(28) + cells.join(" "));
}
