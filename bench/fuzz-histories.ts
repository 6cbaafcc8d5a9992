/**
 * Mutates small history files in all formats and checks what is left of them. Each run must end in
 * a verdict, the same with and without reductions, or in BAD_HISTORY with file and line.
 *
 *     npm run fuzz:histories -- [--runs=100000] [--seed=1]
 *
 * A failure prints its seed; `--only=SEED` runs that one again. Ends with lines of 100 MB.
 */
import { HistoryReader } from "../src/linearizability/index.ts";
import { LatchworkError } from "../src/task/index.ts";
import { fuzzRun } from "./fuzz-runs.ts";
import { acceptWords } from "./options.ts";

const RUNS_DEFAULT = 100_000;
const FAULTS_TOLD_MAX = 10;
const MB = 1_000_000;
/** A line of a hundred pieces must be refused before it is held, at 4 Mi characters. */
const PIECES_TAKEN_MAX = 10;

function main(words: readonly string[]): number {
  acceptWords(words, "npm run fuzz:histories -- [--runs=100000] [--seed=1] [--only=SEED]");
  const only = optionOf(words, "only");
  if (only !== undefined) {
    console.log(fuzzRun(only));
    return 0;
  }
  const runs = Number(optionOf(words, "runs") ?? RUNS_DEFAULT);
  const seed = optionOf(words, "seed") ?? "1";
  const counts = new Map<string, number>();
  const faults: string[] = [];
  let slowestMs = 0;
  let slowest = "";
  for (let i = 0; i < runs && faults.length < FAULTS_TOLD_MAX; i++) {
    const begin = performance.now();
    const { outcome, fault } = fuzzRun(`${seed}/${i}`);
    const tookMs = performance.now() - begin;
    if (tookMs > slowestMs) [slowestMs, slowest] = [tookMs, `${seed}/${i}`];
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (fault !== null) faults.push(fault);
  }
  for (const [outcome, count] of counts) console.log(`${String(count).padStart(8)} ${outcome}`);
  console.log(`slowest: ${slowestMs.toFixed(0)} ms, seed ${slowest}`);
  faults.push(...longLines());
  for (const fault of faults) console.log(`FAULT ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

/** Lines of 100 MB, in pieces and whole: refused, and at once where they come in pieces. */
function longLines(): string[] {
  const starts = {
    jsonl: '{"process":0,"type":"invoke","f":"put","key":"a","value":"',
    edn: '[{:process 0, :type :invoke, :f :write, :value "',
    etcd: "INFO  jepsen.util - 0\t:invoke\t:write\t",
    "porcupine-kv": '{:process 0, :type :invoke, :f :put, :key "0", :value "',
  } as const;
  const fillings = { digits: "1", brackets: "[", quotes: '\\"', blanks: " ", bytes: "\u0080" };
  return Object.entries(starts).flatMap(([format, start]) =>
    Object.entries(fillings).flatMap(([name, unit]) => {
      const piece = unit.repeat(MB / unit.length);
      const inPieces = refusal((reader) => {
        reader.push(start);
        for (let i = 0; i < PIECES_TAKEN_MAX; i++) reader.push(piece);
        throw new RangeError(`${PIECES_TAKEN_MAX} MB were held`);
      });
      const atOnce = refusal((reader) => reader.push(start + piece.repeat(100)));
      return [inPieces, atOnce]
        .filter((message) => !/^long:\d+: [^\n]{1,400}$/.test(message))
        .map((message) => `100 MB of ${name} in ${format}: ${message.slice(0, 500)}`);
    }),
  );
}

function refusal(push: (reader: HistoryReader) => void): string {
  try {
    const reader = new HistoryReader({ file: "long" });
    push(reader);
    reader.end();
    return "no fault was found";
  } catch (error) {
    if (error instanceof LatchworkError && error.code === "BAD_HISTORY") return error.message;
    return error instanceof Error ? `thrown: ${error.stack ?? error.message}` : String(error);
  }
}

function optionOf(words: readonly string[], name: string): string | undefined {
  return words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

process.exitCode = main(process.argv.slice(2));
