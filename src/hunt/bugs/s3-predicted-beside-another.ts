import { type Operation, type PageHandle, SxTree } from "../../btree/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

class PredictsBesideAnother extends SxTree {
  protected override latchToChange(op: Operation): PageHandle {
    return op.shared(META_PAGE, "tree"); // The bug: two may do so at once.
  }
}

export const S3: Bug = {
  id: "S3",
  kind: "bug",
  protocol: "sx-tree",
  title: "who splits or merges holds the tree in S, beside another who does",
  explanation:
    "Between the look at the inner pages and their latches another splits or merges them. The " +
    "pages that were predicted are not those of the key any more, and its leaf is not found.",
  provenance: "why InnoDB has SX at all: MySQL worklogs 6326 and 6363",
  preemptions: 1,
  scenario: "capacity 3\ntree [5,15,25][30][35][40][50][60]\ntask delete 30\ntask put 20\n",
  make: () => new PredictsBesideAnother(),
};
