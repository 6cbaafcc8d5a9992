import type { ScanRange } from "../../btree/index.ts";
import { Crabbing } from "../../btree/index.ts";
import { MergedScan, PartitionCursor, PartitionedEngine } from "../../engine/index.ts";
import type { Bug } from "./bug.ts";

class GoesOnAtItsLastKey extends PartitionCursor {
  protected override behind(range: ScanRange, key: Uint8Array): ScanRange {
    // The bug: the key that was read last is in the range that is left.
    return range.reverse === true
      ? { ...range, end: key, endInclusive: true }
      : { ...range, start: key, startInclusive: true };
  }
}

class ReadsBordersTwice extends MergedScan {
  protected override makeCursor(
    ...given: ConstructorParameters<typeof PartitionCursor>
  ): PartitionCursor {
    return new GoesOnAtItsLastKey(...given);
  }
}

class BordersTwice extends PartitionedEngine {
  protected override makeMerge(...given: ConstructorParameters<typeof MergedScan>): MergedScan {
    return new ReadsBordersTwice(...given);
  }
}

export const P4: Bug = {
  id: "P4",
  kind: "bug",
  protocol: "crabbing",
  title: "a merged scan gives a row twice where it reads on in a partition",
  explanation:
    "A merged scan reads some rows of each partition ahead, and more once those are used up. It " +
    "has to go on behind the last key that it has. Going on at that key gives its row again, " +
    "next to itself, so the order of the rows is right and no row is missing.",
  provenance: "the usual slip of paging with an inclusive bound",
  preemptions: 0,
  scenario: "capacity 4\ntree [10,30,60]\ntask scan\ncrashes 0\npartitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ makePartitioned: (state) => new BordersTwice(state) }),
};
