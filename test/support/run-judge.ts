import { protocolNamed, type ScanPromise } from "../../src/btree/index.ts";
import type { OperationRecord } from "../../src/hunt/history.ts";
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
export function* judgementsOf(run: RecordedRun, budget: CheckOptions = {}): Generator<Judgement> {
  const { protocol, durability } = run.scenario;
  const promise = protocolNamed(protocol).scanPromise;
  const crashes = run.run.crashedAt.length;
  const areReadsDurable = crashes === 0 || durability?.reads === "durable";
  const scans: ScanPromise[] = promise === "atomic" ? ["per-key", "atomic"] : ["per-key"];
  const ask = (question: string, view: View, model: Model, scan: ScanPromise): Judgement => {
    const history = historyOfRun(run.run, run.ends, view);
    const verdict = checkHistory(history, model, { ...budget, crash: "durable", scan });
    return { question, history, verdict };
  };
  const lasts = (record: OperationRecord): boolean =>
    areReadsDurable || !isRead(record) || record.epoch === crashes;
  for (const scan of scans) {
    yield ask(`${scan} scans`, { batches: "apart", counts: lasts }, TREE_MAP, scan);
  }
  if (!areReadsDurable) {
    for (const [epoch, until] of run.run.crashedAt.entries()) {
      const counts = (record: OperationRecord): boolean =>
        !isRead(record) || record.epoch === epoch;
      for (const scan of scans) {
        const question = `${scan} scans before crash ${epoch + 1}`;
        yield ask(question, { batches: "apart", counts, until }, TREE_MAP, scan);
      }
    }
  }
  const batches = run.run.records.filter(
    ({ operation, index }) => operation.kind === "batch" && run.run.wasInvoked(index),
  );
  // Where the disk fails, writes of which nobody knows add up, and all keys at once are too much.
  if (batches.length === 0 || (durability?.faults.length ?? 0) > 0) return;
  const counts = (record: OperationRecord): boolean => {
    // All keys are judged as one here, and then a scan would have to be of one moment.
    if (promise === "per-key" && record.operation.kind === "scan") return false;
    if (!lasts(record)) return false;
    return !isRead(record) || !batches.some((batch) => doOverlap(run, record, batch));
  };
  yield ask("batches at one moment", { batches: "whole", counts }, BATCH_MAP, promise);
}

function isRead({ operation }: OperationRecord): boolean {
  return operation.kind === "get" || operation.kind === "scan";
}

function doOverlap({ run }: RecordedRun, a: OperationRecord, b: OperationRecord): boolean {
  const begins = (record: OperationRecord): number => run.invokedAt[record.index] ?? 0;
  const ends = (record: OperationRecord): number => run.returnedAt[record.index] ?? 0;
  return begins(a) < ends(b) && begins(b) < ends(a);
}
