import {
  compareLowFence,
  Crabbing,
  emitLeaf,
  type Operation,
  type RowSink,
  type ScanRange,
} from "../../btree/index.ts";
import { leftOf, NO_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class BackwardScanForgetsItsPlace extends Crabbing {
  override *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    if (range.reverse !== true) return yield* super.scan(op, range, sink);
    const most = range.limit ?? Number.POSITIVE_INFINITY;
    const { end, start } = range;
    const isEndIn = end !== undefined && range.endInclusive === true;
    let leaf = yield* isEndIn ? this.descendShared(op, end) : this.descendBelow(op, end);
    let rows = 0;
    for (;;) {
      // The bug: the range is never cut down to what has not been visited yet.
      rows += emitLeaf(leaf, range, most - rows, sink);
      const isPast = start !== undefined && compareLowFence(leaf, start) <= 0;
      if (rows >= most || isPast || leftOf(leaf) === NO_PAGE) break;
      leaf = yield* this.stepLeft(op, leaf);
    }
    leaf.release();
    return rows;
  }
}

export const D11: Bug = {
  id: "D11",
  kind: "bug",
  protocol: "crabbing",
  title: "a backward scan gives rows again after it had to come back from the root",
  explanation:
    "Refused at the left sibling, the scan releases its leaf and starts again at the root. " +
    "Meanwhile a merge has moved the leaf it had visited into that sibling, and the scan " +
    "gives those rows a second time.",
  provenance:
    "the second of the two hard cases in neo4j #8571, which adds backward seeks to a tree whose " +
    "entries move one way only",
  preemptions: 1,
  scenario: "capacity 2\ntree [10][30,40]\ntask scan-back\ntask delete 10\n",
  make: () => new BackwardScanForgetsItsPlace(),
};
