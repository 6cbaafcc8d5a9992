import {
  ALL_REDUCTIONS,
  checkHistory,
  type CheckOptions,
  type History,
  HistoryReader,
  type Model,
  modelNamed,
  type Reductions,
} from "../src/linearizability/index.ts";
import { createPrng, LatchworkError, type Prng } from "../src/task/index.ts";
import { drawSample, type HistorySample } from "./history-samples.ts";
import { mutate } from "./mutate-history.ts";

/** What came of one mutated file: a verdict, a refusal, or what must never come of it. */
export interface FuzzRun {
  readonly outcome: string;
  /** What went wrong, with the run's seed; null if nothing did. */
  readonly fault: string | null;
}

/** Enough for any history of 30 operations; the clock counts looks at it, so runs repeat. */
const LOOKS_MAX = 100_000;
/** Histories up to this size are also decided without any reduction. */
const PLAIN_OPERATIONS_MAX = 12;
const OUTCOMES = new Set(["linearizable", "not-linearizable", "unknown", "BAD_HISTORY"]);

/** Mutates one file, reads it in pieces and checks it; the same for the same seed. */
export function fuzzRun(seed: string): FuzzRun {
  const prng = createPrng(seed);
  const sample = drawSample(prng);
  const { mutations, bytes } = mutate(sample.text, prng);
  const where = `seed ${seed}, ${sample.format}, ${mutations.join(" and ")}`;
  try {
    const outcome = judge(sample, bytes, prng);
    if (OUTCOMES.has(outcome)) return { outcome, fault: null };
    return { outcome, fault: `${where}: ${outcome}` };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { outcome: "thrown", fault: `${where}: ${text}` };
  }
}

function judge(sample: HistorySample, bytes: Uint8Array, prng: Prng): string {
  try {
    const format = prng.below(2) === 0 ? "auto" : sample.format;
    const history = readInPieces(new HistoryReader({ file: "fuzzed", format }), bytes, prng);
    return verdictOf(history, modelNamed(sample.model));
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== "BAD_HISTORY") throw error;
    const isNamed = /^fuzzed:\d+: [^\n]{1,400}$/.test(error.message);
    return isNamed ? "BAD_HISTORY" : `a message of no use: ${error.message.slice(0, 1000)}`;
  }
}

function readInPieces(reader: HistoryReader, bytes: Uint8Array, prng: Prng): History {
  const size = 1 + prng.below(bytes.length + 1);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return reader.end();
}

/** The verdict, if it does not depend on how it is come by. */
function verdictOf(history: History, model: Model): string {
  const { kind } = checkHistory(history, model, budget());
  if (kind === "unknown" || history.operations.length > PLAIN_OPERATIONS_MAX) return kind;
  const plain = checkHistory(history, model, {
    ...budget(),
    reductions: NO_REDUCTIONS,
    partition: false,
  });
  if (plain.kind === kind || plain.kind === "unknown") return kind;
  return `${kind}, but ${plain.kind} without reductions`;
}

const NO_REDUCTIONS = Object.fromEntries(
  Object.keys(ALL_REDUCTIONS).map((name) => [name, false]),
) as unknown as Reductions;

function budget(): CheckOptions {
  let looks = 0;
  return { clock: { nowMs: () => looks++ }, timeMs: LOOKS_MAX };
}
