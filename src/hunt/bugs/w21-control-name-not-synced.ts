import { Crabbing } from "../../btree/index.ts";
import { Checkpoint, replaceControl } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

export const W21: Bug = {
  id: "W21",
  kind: "bug",
  protocol: "crabbing",
  title: "the control file is replaced without a sync of the directory",
  explanation:
    "The new control file is written, synced and renamed over the old one, but the rename " +
    "itself is not durable. The segments of the log that only the old one needs are removed " +
    "next. A crash may keep the removal and undo the rename: redo is to begin in a file that is " +
    "gone.",
  provenance:
    "the class that Pillai et al. found in many engines (All File Systems Are Not Created " +
    "Equal, OSDI 2014)",
  preemptions: 0,
  scenario:
    "capacity 2\ntree [10,20]\ntask insert 15 then put 10 then checkpoint\ncrashes 1\n" +
    "segment 512\nsurvival sectors\n",
  make: () => new Crabbing(),
  parts: () => ({
    // The bug: writeControl would sync the directory at the end.
    makeCheckpoint: (options) =>
      new Checkpoint({
        ...options,
        writeControl: (disk, control) => replaceControl(disk, control),
      }),
  }),
};
