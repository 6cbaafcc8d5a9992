import {
  type CheckOptions,
  type History,
  jsonLinesOf,
  type NotLinearizable,
  type Verdict,
  verdictText,
} from "../../src/linearizability/index.ts";
import { type Planted, type RecordedRun, recordedRuns } from "./recorded-runs.ts";
import { judgementOn, judgementsOf } from "./run-judge.ts";
import type { RunShape } from "./run-scenario.ts";

/** The kinds of runs that every protocol is judged by. */
export const RUN_KINDS: Readonly<Record<string, Omit<RunShape, "protocol">>> = {
  "in memory": {},
  "with two values": { values: 2 },
  "on a disk": { crashes: 0, operations: 20 },
  "with a crash": { crashes: 1, operations: 20 },
  "with three crashes": { crashes: 3, operations: 10 },
  "with batches and crashes": { crashes: 3, operations: 3, isBatchy: true },
  "with batched writes": { crashes: 1, operations: 12, batching: true },
  "with batched writes and faults": { crashes: 2, operations: 8, batching: true, faults: true },
  "with faults": { crashes: 1, operations: 10, faults: true },
  "in partitions": { crashes: 1, operations: 12, partitions: 3 },
  "with batches over partitions": { crashes: 2, operations: 3, isBatchy: true, partitions: 2 },
};

/** What judging many runs came to. */
export interface Tally {
  runs: number;
  /** Judged ones; a run is asked several questions. */
  histories: number;
  operations: number;
  /** Configurations that the checker expanded. */
  explored: number;
  steps: number;
  /** Histories that the checker gave up on. */
  unknown: number;
  readonly failures: string[];
}

/** Nothing yet. */
export function emptyTally(): Tally {
  return { runs: 0, histories: 0, operations: 0, explored: 0, steps: 0, unknown: 0, failures: [] };
}

/** More than any run here needs; beyond it a verdict is unknown. */
const BUDGET: CheckOptions = { memoryBytes: 500_000_000 };

/**
 * Judges runs of one seed, and adds them to a tally.
 *
 * @param seed Begins with the name of the kind of runs and a stroke, so that it can be judged again.
 */
export function judgeSeed(
  tally: Tally,
  shape: RunShape,
  seed: string,
  runs: number,
  budget: CheckOptions = BUDGET,
  onRefuted: (history: History) => void = () => undefined,
): void {
  for (const run of recordedRuns(shape, seed, runs)) {
    const again = `npm run histories -- --protocol ${shape.protocol} --only "${seed}"`;
    const which = `run ${run.number} (${run.strategy}) of ${again}`;
    tally.runs++;
    tally.steps += run.steps;
    if (run.failure !== null) {
      tally.failures.push(`${which}: ${run.failure.kind}: ${run.failure.message}`);
    }
    for (const { question, history, verdict } of judgementsOf(run, budget)) {
      tally.histories++;
      tally.operations += history.operations.length;
      tally.explored += verdict.explored;
      if (verdict.kind === "unknown") tally.unknown++;
      if (verdict.kind !== "not-linearizable") continue;
      onRefuted(history);
      tally.failures.push(`${which}, ${question}: ${verdictText(verdict, history)}`);
    }
  }
}

/** What each question about a run was answered with. */
export type Answers = Readonly<Record<string, Verdict["kind"]>>;

/**
 * Runs an engine with a planted bug until a question is answered with no; gives the answers to all
 * questions about that run, or null if it is none of so many.
 */
export function firstRefuted(
  question: string,
  shape: RunShape,
  planted: Planted,
  seed: string,
  runsMax: number = 400,
): Answers | null {
  const refuted = firstRefutation(question, shape, planted, seed, runsMax);
  if (refuted === null) return null;
  const all = judgementsOf(refuted.run, SMALL_BUDGET);
  return Object.fromEntries(all.map((each) => [each.question, each.verdict.kind]));
}

/** A run, its history as one question sees it, and the no that this was answered with. */
export interface Refuted {
  readonly run: RecordedRun;
  readonly history: History;
  readonly verdict: NotLinearizable;
}

/** The first such run itself. */
export function firstRefutation(
  question: string,
  shape: RunShape,
  planted: Planted,
  seed: string,
  runsMax: number = 400,
): Refuted | null {
  for (let i = 0; i * RUNS_A_SEED < runsMax; i++) {
    for (const run of recordedRuns(shape, `${seed}/${i}`, RUNS_A_SEED, planted)) {
      const asked = judgementOn(question, run, SMALL_BUDGET);
      if (asked?.verdict.kind !== "not-linearizable") continue;
      return { run, history: asked.history, verdict: asked.verdict };
    }
  }
  return null;
}

/** Strategies learn how long a run is from the first of a scenario. */
export const RUNS_A_SEED = 4;
/** A broken run may be beyond judging; the next one will do. */
const SMALL_BUDGET: CheckOptions = { memoryBytes: 50_000_000 };

/** The bytes of all histories of a seed's runs, as a file has them. */
export function bytesOfSeed(shape: RunShape, seed: string, runs: number): string {
  let bytes = "";
  for (const run of recordedRuns(shape, seed, runs)) {
    for (const { history } of judgementsOf(run)) bytes += [...jsonLinesOf(history)].join("");
  }
  return bytes;
}
