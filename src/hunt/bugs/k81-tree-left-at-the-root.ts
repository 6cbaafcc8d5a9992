import { type Operation, type PageHandle, SxTree } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";

class TreeLeftAtTheRoot extends SxTree {
  protected override passedRoot(tree: PageHandle): void {
    tree.release();
  }

  protected override leaveTree(op: Operation, tree: PageHandle): void {
    if (tree.isHeld) super.leaveTree(op, tree);
  }
}

export const K81: Bug = {
  id: "K81",
  kind: "decoy",
  protocol: "sx-tree",
  title: "a reader lets go of the tree as soon as it has latched the root",
  explanation:
    "X of the tree no longer means that nobody is in the inner pages. But who has it latches " +
    "those that it changes as well, and comes behind the reader as in crabbing.",
  provenance:
    "plausible: crabbing itself, which has no other latch of the tree than that of its meta page",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask insert 15\ntask get 20\n",
  make: () => new TreeLeftAtTheRoot(),
};
