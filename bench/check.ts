/**
 * `npm run bench:check`: how long the linearizability checker takes on families of histories, beside
 * what Porcupine took on histories of the same shapes (2 vCPU, Go; limit 60 s and 20 GB), and
 * beside the aims that were set.
 *
 * Cold is the first check of a process of its own; warm is the median of the checks after it. Making
 * the history is not counted. `versions` and `witness` are rows with a right hint. `--only WORD`
 * takes only rows whose name holds the word; `--cold` measures the first check and nothing else.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { checkHistory, type Verdict } from "../src/linearizability/index.ts";
import { checkHistoryInThreads } from "../src/linearizability/threads/index.ts";
import { type Case, CASES } from "./check-cases.ts";
import { parseWords } from "./options.ts";

interface Timing {
  readonly kind: string;
  readonly ms: readonly number[];
  readonly explored: number;
  readonly megabytes: number;
}

const LIMIT_MS = 120_000;
const MEMORY_BYTES = 4e9;

const clock = { nowMs: (): number => performance.now() };

/** Checks the histories of a case, in a process of its own. */
async function measure(each: Case, isCold: boolean): Promise<Timing> {
  const ms: number[] = [];
  const kinds = new Set<Verdict["kind"]>();
  let explored = 0;
  for (let round = 0; round < (isCold ? 1 : each.rounds); round++) {
    for (const seed of isCold ? each.seeds.slice(0, 1) : each.seeds) {
      const samples = each.samples(seed);
      if (samples === null) return { kind: "not there", ms, explored, megabytes: 0 };
      explored = 0;
      const begin = clock.nowMs();
      for (const { history, model, options } of samples) {
        const limits = { clock, timeMs: LIMIT_MS, memoryBytes: MEMORY_BYTES };
        const all = { ...options, ...limits };
        const { threads } = each;
        const verdict =
          threads === undefined
            ? checkHistory(history, model, all)
            : await checkHistoryInThreads(history, model, { ...all, threads });
        kinds.add(verdict.kind);
        explored += verdict.explored;
      }
      ms.push(clock.nowMs() - begin);
      if (kinds.has("unknown")) return { kind: "unknown", ms, explored, megabytes: megabytes() };
    }
  }
  const [kind = "unknown", ...others] = kinds;
  return { kind: others.length === 0 ? kind : "both", ms, explored, megabytes: megabytes() };
}

function megabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function describeMs(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function report(each: Case, { kind, ms, explored, megabytes: used }: Timing): string {
  const [cold, ...rest] = ms;
  const warm = rest.length === 0 ? undefined : median(rest);
  return [
    each.name.padEnd(30),
    kind.padEnd(17),
    (cold === undefined ? "-" : describeMs(cold)).padStart(9),
    (warm === undefined ? "-" : describeMs(warm)).padStart(9),
    String(explored).padStart(9),
    `${used} MB`.padStart(8),
    each.porcupine.padStart(14),
    `  ${aimText(each.aimMs, cold, warm)}`,
  ].join(" ");
}

function aimText(aim: number | null, cold: number | undefined, warm: number | undefined): string {
  if (aim === null || cold === undefined) return "";
  const isColdMet = cold <= aim;
  const isWarmMet = (warm ?? cold) <= aim;
  if (isColdMet === isWarmMet) return `${describeMs(aim)} ${isColdMet ? "met" : "MISSED"}`;
  return `${describeMs(aim)} met ${isColdMet ? "cold" : "warm"} only`;
}

const words = process.argv.slice(2);
const { only } = parseWords("npm run bench:check -- [--only WORD] [--cold]", {
  only: { type: "string" },
  cold: { type: "boolean", default: false },
  /** Of the parent only: the case that this process measures. */
  case: { type: "string" },
});
const isCold = words.includes("--cold");
const at = words.indexOf("--case");
if (at >= 0) {
  const chosen = CASES[Number(words[at + 1])];
  if (chosen !== undefined) console.log(JSON.stringify(await measure(chosen, isCold)));
} else {
  const head = [
    "family, clients x operations".padEnd(30),
    "verdict".padEnd(17),
    "     cold      warm",
  ];
  console.log([...head, " explored   memory      Porcupine  aim"].join(" "));
  for (const [i, each] of CASES.entries()) {
    if (only !== undefined && !each.name.includes(only)) continue;
    const program = [...process.execArgv, fileURLToPath(import.meta.url), "--case", String(i)];
    if (isCold) program.push("--cold");
    const text = execFileSync(process.execPath, program, { encoding: "utf8" });
    console.log(report(each, JSON.parse(text) as Timing));
  }
}
