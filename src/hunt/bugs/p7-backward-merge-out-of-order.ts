import { compareBytes, Crabbing } from "../../btree/index.ts";
import { MergedScan, type PartitionCursor, PartitionedEngine } from "../../engine/index.ts";
import type { Bug } from "./bug.ts";

class ForwardOrder extends MergedScan {
  protected override isBefore(one: PartitionCursor, other: PartitionCursor): boolean {
    // The bug: the same order whichever way the scan goes.
    return compareBytes(one.key, other.key) < 0;
  }
}

class MergesForward extends PartitionedEngine {
  protected override makeMerge(...given: ConstructorParameters<typeof MergedScan>): MergedScan {
    return new ForwardOrder(...given);
  }
}

export const P7: Bug = {
  id: "P7",
  kind: "bug",
  protocol: "crabbing",
  title: "a backward scan merges the partitions in forward order",
  explanation:
    "Each partition gives its rows from the end on. Of their next rows the highest has to come " +
    "first, and here the lowest does. Nothing is missing, and with one partition all is right.",
  provenance: "plausible: the merge was written forwards, and the direction added below it",
  preemptions: 0,
  scenario: "capacity 4\ntree [10,20]\ntask scan-back\ncrashes 0\npartitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ makePartitioned: (state) => new MergesForward(state) }),
};
