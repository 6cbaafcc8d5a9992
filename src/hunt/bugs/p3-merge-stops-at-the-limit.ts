import { Crabbing } from "../../btree/index.ts";
import { MergedScan, type PartitionCursor, PartitionedEngine } from "../../engine/index.ts";
import type { Session, Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ReadsOnceForALimit extends MergedScan {
  readonly #asked = new WeakSet<PartitionCursor>();

  protected override *readOn(
    session: Session,
    cursor: PartitionCursor,
    wanted: number,
  ): Task<void> {
    const isFirst = !this.#asked.has(cursor);
    this.#asked.add(cursor);
    // The bug: with a limit, what a partition gave first is taken for all it has to give.
    if (!isFirst && wanted < Number.POSITIVE_INFINITY) return;
    yield* super.readOn(session, cursor, wanted);
  }
}

class LimitedOnce extends PartitionedEngine {
  protected override makeMerge(...given: ConstructorParameters<typeof MergedScan>): MergedScan {
    return new ReadsOnceForALimit(...given);
  }
}

export const P3: Bug = {
  id: "P3",
  kind: "bug",
  protocol: "crabbing",
  title: "a merged scan with a limit drops rows of a partition that has more than its part",
  explanation:
    "With a limit each partition is asked for some rows ahead, about its part of them. If the " +
    "next rows are all in one partition, its rows are used up before the limit is reached, and " +
    "it has to be asked again. Here it is not: the scan goes on with later rows of the others.",
  provenance: "plausible: top-k over shards that asks each of them for k / shards rows",
  preemptions: 0,
  scenario: "capacity 4\ntree [10,30,60][70]\ntask scan limit 4\ncrashes 0\npartitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ makePartitioned: (state) => new LimitedOnce(state) }),
};
