import { Crabbing } from "../../btree/index.ts";
import type { Partition } from "../../engine/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

/** The bug: a checkpoint does not wait for the batch that is open in its partition. */
function* flushEndsOnly(partitions: readonly Partition[]): Task<void> {
  for (const partition of partitions) yield* partition.flushEnds();
}

export const P6: Bug = {
  id: "P6",
  kind: "bug",
  protocol: "crabbing",
  title: "a checkpoint moves redo past a share that is prepared and not decided",
  explanation:
    "What is prepared changes no page, so a checkpoint has nothing to write of it, and redo may " +
    "begin behind it as far as pages are concerned. But the batch is decided afterwards, and a " +
    "crash then finds the decision in one log, and in the other nothing that it is about.",
  provenance:
    "why ARIES keeps prepared transactions in its checkpoints, and PostgreSQL writes state files " +
    "of them",
  preemptions: 1,
  scenario:
    "capacity 4\ntree [10,20]\ntask batch put 10 and put 20\ntask checkpoint\ncrashes 1\n" +
    "partitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ settle: flushEndsOnly }),
};
