import { type PageHandle, SxTree, type TreeParameters } from "../../btree/index.ts";
import { levelOf } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

class ShortSighted extends SxTree {
  protected override staysWhole(
    page: PageHandle,
    params: TreeParameters,
    isRoot: boolean,
    value: Uint8Array | null,
  ): boolean {
    if (value === null) return super.staysWhole(page, params, isRoot, value);
    return levelOf(page) === 1 || super.staysWhole(page, params, isRoot, value);
  }
}

export const K80: Bug = {
  id: "K80",
  kind: "decoy",
  protocol: "sx-tree",
  title: "a split is always predicted to stop at the parent of the leaf",
  explanation:
    "That is often wrong, as in S1. But here who finds it wrong has changed nothing yet, lets " +
    "everything go and takes the tree in X: a bad prediction costs time, and nothing else.",
  provenance: "what InnoDB does where it must: btr_cur_need_opposite_intention",
  preemptions: null,
  scenario: "capacity 3\ntree [10,12,14][20][30][40][50][60]\ntask insert 16\ntask get 20\n",
  make: () => new ShortSighted(),
};
