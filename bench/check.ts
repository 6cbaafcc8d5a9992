/**
 * `npm run bench:check`: how long the linearizability checker takes on families of histories, beside
 * what Porcupine took on histories of the same shapes (2 vCPU, Go; limit 60 s and 20 GB).
 *
 * Cold is the first check of a process of its own; warm is the median of the checks after it. Making
 * the history is not counted. `--only WORD` takes only rows whose name holds the word.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  casRegister,
  checkHistory,
  kvMap,
  type ScanRule,
  type Verdict,
} from "../src/linearizability/index.ts";
import { type Family, generate } from "./check-families.ts";

interface Case {
  readonly family: Family;
  readonly clients: number;
  readonly operations: number;
  readonly scan: ScanRule;
  /** What Porcupine took, in words; and what we aim at, in milliseconds, or null. */
  readonly porcupine: string;
  readonly aimMs: number | null;
}

interface Timing {
  readonly kind: Verdict["kind"];
  readonly ms: readonly number[];
  readonly explored: number;
  readonly megabytes: number;
}

const LIMIT_MS = 120_000;
const MEMORY_BYTES = 4e9;
const SEEDS = [1, 2, 3] as const;

const family = (name: string, more: Partial<Family>): Family => ({
  name,
  mix: {},
  keys: 0,
  values: 0,
  crashed: 0,
  isBroken: false,
  ...more,
});

const SMALL = { mix: { write: 25, cas: 25 }, values: 5 };
const UNIQUE = { mix: { write: 35, cas: 15 } };
const KV = { mix: { put: 35, cas: 10, delete: 5 } };
const regSmall = family("reg-small", SMALL);
const regUnique = family("reg-uniq", UNIQUE);
const regWrites = family("reg-wheavy", { mix: { write: 90 } });
const smallBad = family("reg-small-bad", { ...SMALL, isBroken: true });
const uniqueBad = family("reg-uniq-bad", { ...UNIQUE, isBroken: true });
const badCrash = (crashed: number): Family =>
  family(`badcrash-${crashed}`, { ...SMALL, isBroken: true, crashed });
const kv = (keys: number): Family => family(`kv${keys}-uniq`, { ...KV, keys });
const scans = family("kvscan20", {
  mix: { put: 30, cas: 10, delete: 5, scan: 5 },
  keys: 20,
  values: 5,
});

const row = (
  of: Family,
  clients: number,
  operations: number,
  porcupine: string,
  aimMs: number | null = null,
  scan: ScanRule = "atomic",
): Case => ({ family: of, clients, operations, porcupine, aimMs, scan });

const CASES: readonly Case[] = [
  row(regSmall, 10, 1_000, "20 ms"),
  row(regSmall, 10, 10_000, "0.71 s", 100),
  row(regSmall, 10, 100_000, "timeout", 600),
  row(regSmall, 30, 1_000, "timeout"),
  row(regSmall, 30, 10_000, "timeout", 500),
  row(regSmall, 30, 100_000, "out of memory", 5_000),
  row(regUnique, 10, 1_000, "68 ms"),
  row(regUnique, 10, 10_000, "1.6 s"),
  row(regUnique, 10, 100_000, "out of memory"),
  row(regUnique, 30, 1_000, "timeout", 500),
  row(regUnique, 30, 10_000, "timeout", 5_000),
  row(regUnique, 30, 100_000, "out of memory", 60_000),
  row(regWrites, 10, 10_000, "3.6 s"),
  row(regWrites, 30, 1_000, "timeout"),
  row(regWrites, 30, 10_000, "timeout"),
  row(regWrites, 30, 100_000, "timeout", 1_000),
  row(smallBad, 10, 1_000, "0.48 s"),
  row(smallBad, 10, 10_000, "17 s"),
  row(uniqueBad, 10, 1_000, "0.35 s"),
  row(uniqueBad, 10, 10_000, "13 s"),
  row(badCrash(0), 10, 1_000, "0.41 s"),
  row(badCrash(5), 10, 1_000, "2.7 s"),
  row(badCrash(10), 10, 1_000, "39 s"),
  row(badCrash(20), 10, 1_000, "timeout", 2_000),
  row(kv(10), 30, 1_000, "2.6 ms"),
  row(kv(10), 30, 10_000, "41 ms"),
  row(kv(10), 30, 100_000, "492 ms", 200),
  row(kv(100), 30, 100_000, "161 ms"),
  row(kv(100), 30, 1_000_000, "-", 3_000),
  row(scans, 10, 1_000, "0.27-0.75 s"),
  row(scans, 10, 10_000, "-", 1_000, "per-key"),
  row(scans, 10, 10_000, "16 s", 10_000),
];

const clock = { nowMs: (): number => performance.now() };

/** Checks the histories of three seeds, in a process of its own; prints what it took as JSON. */
function measure({ family: of, clients, operations, scan }: Case): Timing {
  const seeds = operations >= 100_000 ? SEEDS.slice(0, 1) : SEEDS;
  const ms: number[] = [];
  let kind: Verdict["kind"] = "unknown";
  let explored = 0;
  const rounds = operations >= 1_000_000 ? 2 : 3;
  for (let round = 0; round < rounds; round++) {
    for (const seed of seeds) {
      const history = generate(of, clients, operations, seed);
      const model = of.keys === 0 ? casRegister() : kvMap();
      const begin = clock.nowMs();
      const verdict = checkHistory(history, model, {
        scan,
        clock,
        timeMs: LIMIT_MS,
        memoryBytes: MEMORY_BYTES,
      });
      ms.push(clock.nowMs() - begin);
      kind = verdict.kind;
      explored = verdict.explored;
      if (verdict.kind === "unknown") return { kind, ms, explored, megabytes: usedMegabytes() };
    }
  }
  return { kind, ms, explored, megabytes: usedMegabytes() };
}

function usedMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function describeMs(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function report(each: Case, { kind, ms, explored, megabytes }: Timing): string {
  const [cold = 0, ...rest] = ms;
  const warm = rest.length === 0 ? cold : median(rest);
  const aim =
    each.aimMs === null ? "" : `${describeMs(each.aimMs)} ${warm <= each.aimMs ? "met" : "MISSED"}`;
  const name = `${each.family.name} ${each.clients}x${each.operations}`;
  const scan = each.family.mix["scan"] === undefined ? "" : ` ${each.scan}`;
  return [
    (name + scan).padEnd(30),
    kind.padEnd(17),
    describeMs(cold).padStart(9),
    describeMs(warm).padStart(9),
    String(explored).padStart(9),
    `${megabytes} MB`.padStart(8),
    each.porcupine.padStart(14),
    `  ${aim}`,
  ].join(" ");
}

const words = process.argv.slice(2);
const at = words.indexOf("--case");
if (at >= 0) {
  const chosen = CASES[Number(words[at + 1])];
  if (chosen !== undefined) console.log(JSON.stringify(measure(chosen)));
} else {
  const only = words[words.indexOf("--only") + 1] ?? "";
  const head = [
    "family, clients x operations".padEnd(30),
    "verdict".padEnd(17),
    "     cold      warm",
  ];
  console.log([...head, " explored   memory      Porcupine  aim"].join(" "));
  for (const [i, each] of CASES.entries()) {
    if (words.includes("--only") && !each.family.name.includes(only)) continue;
    const program = [...process.execArgv, fileURLToPath(import.meta.url), "--case", String(i)];
    const timing = JSON.parse(
      execFileSync(process.execPath, program, { encoding: "utf8" }),
    ) as Timing;
    console.log(report(each, timing));
  }
}
