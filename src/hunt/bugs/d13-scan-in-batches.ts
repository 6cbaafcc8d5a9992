import { type Operation, type RowSink, type ScanRange, TreeReadWrite } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

const BATCH_ROWS = 2;

class ScanInBatches extends TreeReadWrite {
  override *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const most = range.limit ?? Number.POSITIVE_INFINITY;
    let rest = range;
    let rows = 0;
    const keep: RowSink = {
      row: (key, value) => {
        rest = beyond(rest, key);
        sink.row(key, value);
      },
    };
    for (;;) {
      const limit = Math.min(BATCH_ROWS, most - rows);
      // The bug: the tree is released between batches, and the scan promises one moment.
      const found = yield* super.scan(op, { ...rest, limit }, keep);
      rows += found;
      if (found < limit || rows >= most) return rows;
    }
  }
}

/** The part of a range that a scan which has just given `key` has yet to visit. */
function beyond(range: ScanRange, key: Uint8Array): ScanRange {
  return range.reverse === true
    ? { ...range, end: key, endInclusive: false }
    : { ...range, start: key, startInclusive: false };
}

export const D13: Bug = {
  id: "D13",
  kind: "bug",
  protocol: "tree-rw",
  title: "a scan that promises one moment releases the tree between batches",
  explanation:
    "Each key by itself is read correctly, and no row is missing or given twice. But a writer " +
    "that comes between two batches changes a key already read and then one not yet read: the " +
    "scan shows the second change without the first, a state that the tree was never in.",
  provenance: "plausible: the usual cure for scans that hold up writers",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask scan\ntask put 10 then put 30\n",
  make: () => new ScanInBatches(),
};
