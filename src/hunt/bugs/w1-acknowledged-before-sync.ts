import { Crabbing } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class AcknowledgedBeforeSync extends Log {
  // The bug: what was written is called durable, and is only in the disk's cache.
  protected override *syncSegment(): Task<void> {}
}

export const W1: Bug = {
  id: "W1",
  kind: "bug",
  protocol: "crabbing",
  title: "a commit is acknowledged when the log is written, before it is synced",
  explanation:
    "The block is handed to the system and the writer hears that its change is durable. " +
    "Nothing has made the disk keep it yet: if the power fails now, the block is gone, and with " +
    "it a change that was acknowledged.",
  provenance: "greenlion/warp #72; ArcadeDB #4330, where it is the default setting",
  preemptions: 0,
  scenario: "capacity 2\ntree [10]\ntask insert 20\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new AcknowledgedBeforeSync(parts) }),
};
