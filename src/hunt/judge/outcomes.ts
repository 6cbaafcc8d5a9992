import type { OperationRecord } from "./run-history.ts";
import { covers } from "./key-history.ts";
import { formatOperation } from "../scenario/index.ts";

/** What an operation did, in words: `get 20 -> absent`. */
export function describeOutcome(record: OperationRecord): string {
  const { operation, outcome } = record;
  const text = formatOperation(operation);
  if (record.fault !== null) return `${text} -> failed with ${record.fault}${perhapsDone(record)}`;
  if (record.isCut) return `${text} -> cut off`;
  switch (operation.kind) {
    case "get":
      return `${text} -> ${outcome ? `value ${record.valueRead}` : "absent"}`;
    case "put":
      return `${text} -> value ${record.value} ${outcome ? "added" : "replaced what was there"}`;
    case "insert":
      return `${text} -> ${outcome ? `value ${record.value} added` : "was there already"}`;
    case "delete":
      return `${text} -> ${outcome ? "removed" : "was not there"}`;
    case "scan":
      return `${text} -> [${record.keys.join(",")}]`;
    case "batch":
    case "checkpoint":
    case "clean":
      return `${text} -> done`;
  }
}

/** A write that failed may have taken effect, and nobody knows. */
function perhapsDone({ operation: { kind } }: OperationRecord): string {
  return kind === "get" || kind === "scan" ? "" : ", perhaps done";
}

/** What is wrong with the order, range or number of a scan's rows. Null if nothing is. */
export function rowsProblem(record: OperationRecord): string | null {
  const { operation, keys } = record;
  if (operation.kind !== "scan") return null;
  const { limit } = operation.range;
  if (limit !== null && keys.length > limit) return `gave ${keys.length} rows`;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? 0;
    if (!covers(operation.range, key)) return `gave key ${key}, which is out of range`;
    const before = keys[i - 1];
    if (before === undefined) continue;
    if (operation.reverse ? before <= key : before >= key) return `gave ${key} after ${before}`;
  }
  return null;
}
