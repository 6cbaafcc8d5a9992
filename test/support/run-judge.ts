import { protocolNamed, type ScanPromise } from "../../src/btree/index.ts";
import { isRead } from "../../src/hunt/judge/explainer.ts";
import type { History as Run, OperationRecord } from "../../src/hunt/judge/run-history.ts";
import {
  checkHistory,
  type CheckOptions,
  type History,
  type Model,
  type Verdict,
} from "../../src/linearizability/index.ts";
import type { RecordedRun } from "./recorded-runs.ts";
import { historyOfRun, type View } from "./run-history.ts";
import { batchMap, treeMap } from "./run-models.ts";

/** One question asked of a run, and the answer. */
export interface Judgement {
  readonly question: string;
  readonly history: History;
  readonly verdict: Verdict;
}

const TREE_MAP = treeMap();
const BATCH_MAP = batchMap();

/**
 * Everything that a run promised, question by question.
 *
 * Where reads wait until what they saw is durable, or where nothing crashed, the whole history has
 * to be (durably) linearizable. Otherwise a crash may take back what was read, but nothing that was
 * acknowledged: then all is judged without the reads before the last crash, and what was before
 * each crash once more by itself, with the reads just before it.
 *
 * A batch is several writes that overlap for whoever reads meanwhile. For all others, and for a
 * crash, it is one operation.
 */
export function judgementsOf(run: RecordedRun, budget: CheckOptions = {}): Judgement[] {
  return questionsOf(run).map((question) => judge(run, question, budget));
}

/** One of the questions by its name; null if the run is not asked it. */
export function judgementOn(
  name: string,
  run: RecordedRun,
  budget: CheckOptions = {},
): Judgement | null {
  const question = questionsOf(run).find((each) => each.question === name);
  return question === undefined ? null : judge(run, question, budget);
}

interface Question {
  readonly question: string;
  readonly view: View;
  readonly model: Model;
  readonly scan: ScanPromise;
}

function judge(run: RecordedRun, asked: Question, budget: CheckOptions): Judgement {
  const { question, view, model, scan } = asked;
  const history = historyOfRun(run.run, run.ends, view);
  const verdict = checkHistory(history, model, { ...budget, crash: "durable", scan });
  return { question, history, verdict };
}

function questionsOf({ run, scenario }: RecordedRun): Question[] {
  const { protocol, durability } = scenario;
  const isDivided = (durability?.partitions ?? 1) > 1;
  const promise = isDivided ? "per-key" : protocolNamed(protocol).scanPromise;
  const crashes = run.crashedAt.length;
  const areReadsDurable = crashes === 0 || durability?.reads === "durable";
  const scans: ScanPromise[] = promise === "atomic" ? ["per-key", "atomic"] : ["per-key"];
  const model = TREE_MAP;
  const lasts = (record: OperationRecord): boolean =>
    areReadsDurable || !isRead(record) || record.epoch === crashes;
  const questions = scans.map((scan): Question => {
    const view: View = { batches: "apart", counts: lasts };
    return { question: `${scan} scans`, view, model, scan };
  });
  if (run.records.some(isAtOnce)) {
    const counts = (record: OperationRecord): boolean =>
      lasts(record) && (record.operation.kind !== "scan" || isAtOnce(record));
    const view: View = { batches: "apart", counts };
    questions.push({ question: "scans at once", view, model, scan: "atomic" });
  }
  for (const [epoch, until] of areReadsDurable ? [] : run.crashedAt.entries()) {
    const counts = (record: OperationRecord): boolean => !isRead(record) || record.epoch === epoch;
    for (const scan of scans) {
      const question = `${scan} scans before crash ${epoch + 1}`;
      questions.push({ question, view: { batches: "apart", counts, until }, model, scan });
    }
  }
  const batches = run.records.filter(
    ({ operation, index }) => operation.kind === "batch" && run.wasInvoked(index),
  );
  // Where the disk fails, writes of which nobody knows add up, and all keys at once are too much.
  if (batches.length === 0 || (durability?.faults.length ?? 0) > 0) return questions;
  const counts = (record: OperationRecord): boolean => {
    // All keys are judged as one here, and then a scan would have to be of one moment.
    if (promise === "per-key" && record.operation.kind === "scan") return false;
    if (!lasts(record)) return false;
    return !isRead(record) || !batches.some((batch) => doOverlap(run, record, batch));
  };
  const view: View = { batches: "whole", counts };
  questions.push({ question: "batches at one moment", view, model: BATCH_MAP, scan: promise });
  return questions;
}

function isAtOnce({ operation }: OperationRecord): boolean {
  return operation.kind === "scan" && operation.atOnce === true;
}

function doOverlap(run: Run, a: OperationRecord, b: OperationRecord): boolean {
  const begins = (record: OperationRecord): number => run.invokedAt[record.index] ?? 0;
  const ends = (record: OperationRecord): number => run.returnedAt[record.index] ?? 0;
  return begins(a) < ends(b) && begins(b) < ends(a);
}
