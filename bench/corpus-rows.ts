import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  checkHistory,
  casRegister,
  kvMap,
  type History,
  type Model,
  modelNamed,
  multiRegister,
  readHistory,
} from "../src/linearizability/index.ts";

/** One row of a corpus: a file, how to read and judge it, and what the verdict has to be. */
export interface CorpusRow {
  readonly file: string;
  readonly model: string;
  readonly expected: string;
}

export interface CorpusResult extends CorpusRow {
  readonly operations: number;
  /** What the checker said, or the fault of the file. */
  readonly verdict: string;
  /** Milliseconds for the check only. */
  readonly checkMs: number;
}

interface NamedModel {
  readonly make: () => Model;
  /** False if the corpus has the verdict of a checker that did not cut the history up by key. */
  readonly partition?: false;
  readonly read?: (history: History) => History;
}

/** How the models of a corpus are called there. */
const MODELS: Readonly<Record<string, NamedModel>> = {
  "etcd-cas-register": { make: () => casRegister() },
  "knossos-cas-register": { make: () => modelNamed("knossos-cas-register") },
  "kv-append-partitioned": { make: () => kvMap({ initial: "" }) },
  "kv-append-nopartition": { make: () => kvMap({ initial: "" }), partition: false },
  "multi-register {x 0 y 0}": { make: () => multiRegister({ x: 0, y: 0 }) },
  kv: { make: () => kvMap() },
  kvmap: { make: () => kvMap(), read: withHighIncluded },
  register: { make: () => casRegister() },
};

/** Reads DIR/verdicts.csv, or gives null if there is none. */
export function readCorpus(directory: string): CorpusRow[] | null {
  const path = join(directory, "verdicts.csv");
  if (!existsSync(path)) return null;
  const [head = "", ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
    // The corpus says "non-linearizable" where the checker says "not-linearizable".
    const expected = cell("verdict").replace(/^non-/, "not-");
    return { file: cell("file"), model: cell("model"), expected };
  });
}

/**
 * Reads one file and makes its model.
 *
 * @throws RangeError if there is no such model; LatchworkError if the file is no history.
 */
export function readRow(directory: string, row: CorpusRow): { history: History; model: Model } {
  const named = MODELS[row.model];
  if (named === undefined) throw new RangeError(`no model ${row.model}`);
  const file = readHistory(readFileSync(join(directory, row.file)), { file: row.file });
  return { history: named.read?.(file) ?? file, model: named.make() };
}

/** Reads and checks one file. Whatever is wrong with it becomes the verdict. */
export function checkRow(directory: string, row: CorpusRow, timeoutMs: number): CorpusResult {
  try {
    const { history, model } = readRow(directory, row);
    const begin = performance.now();
    const verdict = checkHistory(history, model, {
      clock: { nowMs: () => performance.now() },
      timeMs: timeoutMs,
      partition: MODELS[row.model]?.partition ?? true,
    });
    const checkMs = performance.now() - begin;
    return { ...row, operations: history.operations.length, verdict: verdict.kind, checkMs };
  } catch (error) {
    return { ...row, operations: 0, verdict: String(error), checkMs: 0 };
  }
}

/**
 * The same history, with scans up to and without `high` as scans up to the last key before it.
 *
 * The corpus says that its scans include both ends. Its files say otherwise: of 229 scans no answer
 * names the key that is the upper end, not even where it was certainly there.
 */
function withHighIncluded(history: History): History {
  const keys = history.operations.map(({ key }) => key).filter((key) => key !== null);
  const operations = history.operations.map((operation) => {
    const { f, input } = operation;
    if (f !== "scan" || !Array.isArray(input)) return operation;
    const [low, high] = input.map(String);
    const before = keys
      .filter((key) => key < (high ?? ""))
      .toSorted()
      .at(-1);
    // With no key before it the range is empty: one whose ends have changed places.
    return { ...operation, input: before === undefined ? ["~", ""] : [low, before] };
  });
  return { ...history, operations };
}
