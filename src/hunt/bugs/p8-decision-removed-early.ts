import { Crabbing } from "../../btree/index.ts";
import type { Partition } from "../../engine/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

/** The bug: the checkpoint of the partition that decided waits for nothing of the others. */
function* waitForOwnBatch(partitions: readonly Partition[], index: number): Task<void> {
  const over = partitions[index]?.openBatch.whenOver() ?? null;
  if (over !== null) yield over;
}

export const P8: Bug = {
  id: "P8",
  kind: "bug",
  protocol: "crabbing",
  title: "a checkpoint removes a decision that another partition may still ask for",
  explanation:
    "A batch is over when all its writes are made. But that the last of them were is in the log " +
    "of another partition, and not durable yet: after a crash they are in doubt there, and the " +
    "partition that decided is asked. Its checkpoint must not have moved redo past the answer.",
  provenance: "the forgotten coordinator of presumed abort (Mohan, Lindsay and Obermarck 1986)",
  preemptions: 0,
  scenario:
    "capacity 4\ntree [10,20]\ntask batch put 10 and put 20 then checkpoint\ncrashes 1\n" +
    "partitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ settle: waitForOwnBatch }),
};
