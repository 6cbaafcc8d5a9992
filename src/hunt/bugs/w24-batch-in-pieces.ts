import { Crabbing } from "../../btree/index.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class BatchInPieces extends Log {
  // The bug: the groups of a batch do not know of each other, and any flush may part them.
  override beginBatch(): void {}
  override endBatch(): void {}
}

export const W24: Bug = {
  id: "W24",
  kind: "bug",
  protocol: "crabbing",
  title: "the writes of a batch are logged as so many single writes",
  explanation:
    "Nobody else writes while a batch is under way, and it is acknowledged as a whole. But the " +
    "cleaner may find the first of its pages and flush the log up to there. A crash then leaves " +
    "one write of the batch and not the other.",
  provenance: "plausible: a batch that is a loop over put",
  preemptions: 1,
  scenario:
    "capacity 2\ntree [10]\ntask batch put 10 and put 20\ntask get 10 then clean\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new BatchInPieces(parts) }),
};
