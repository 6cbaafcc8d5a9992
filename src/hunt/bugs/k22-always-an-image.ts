import { Crabbing } from "../../btree/index.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class AlwaysAnImage extends Log {
  protected override needsImage(): boolean {
    return true;
  }
}

export const K22: Bug = {
  id: "K22",
  kind: "decoy",
  protocol: "crabbing",
  title: "every change is logged as an image of its page",
  explanation:
    "An image is drawn under the same latch as the operations that it stands for, and says at " +
    "least as much. The log grows, and nothing else.",
  provenance: "physical logging, as SQLite's write-ahead log has it",
  preemptions: null,
  scenario:
    "capacity 2\ntree [10]\ntask put 10 then delete 10\ntask get 10 then clean\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new AlwaysAnImage(parts) }),
};
