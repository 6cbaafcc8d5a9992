import { Crabbing } from "../../btree/index.ts";
import { MergedScan, PartitionCursor, PartitionedEngine } from "../../engine/index.ts";
import type { Bug } from "./bug.ts";

class RowByRow extends MergedScan {
  protected override makeCursor(
    ...[read, range, wantsValues]: ConstructorParameters<typeof PartitionCursor>
  ): PartitionCursor {
    return new PartitionCursor(read, range, wantsValues, 1);
  }
}

class MergesRowByRow extends PartitionedEngine {
  protected override makeMerge(...given: ConstructorParameters<typeof MergedScan>): MergedScan {
    return new RowByRow(...given);
  }
}

export const K41: Bug = {
  id: "K41",
  kind: "decoy",
  protocol: "crabbing",
  title: "a merged scan reads one row of a partition at a time",
  explanation:
    "Between two rows of a partition others may write, so a row that is put behind the last one " +
    "meanwhile is seen, and two rows are of different moments. That is all a plain scan " +
    "promises, with partitions or without. Each read goes on behind the last key, so no row " +
    "comes twice.",
  provenance: "a cursor without a buffer",
  preemptions: null,
  scenario:
    "capacity 4\ntree [10,20,30]\ntask scan then scan-back limit 2\ntask put 60 then delete 10\n" +
    "crashes 0\npartitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ makePartitioned: (state) => new MergesRowByRow(state) }),
};
