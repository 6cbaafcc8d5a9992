import {
  type LatchedPath,
  type Operation,
  type PageHandle,
  rootOf,
  SxTree,
  type TreeParameters,
} from "../../btree/index.ts";
import { levelOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class MispredictionClimbs extends SxTree {
  protected override staysWhole(
    page: PageHandle,
    params: TreeParameters,
    isRoot: boolean,
    value: Uint8Array | null,
  ): boolean {
    if (value === null) return super.staysWhole(page, params, isRoot, value);
    return levelOf(page) === 1 || super.staysWhole(page, params, isRoot, value);
  }

  protected override *escalate(
    op: Operation,
    tree: PageHandle,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath> {
    const { path } = op;
    const [parent, leaf] = [path.at(0), path.at(1)];
    const root = rootOf(tree);
    if (parent === null || leaf === null || path.length !== 2 || parent.pageId === root) {
      return yield* super.escalate(op, tree, key, value);
    }
    // The bug: the page above is latched while those below it are held.
    const above = op.exclusive(root, "root after all");
    if (above.pending) yield above;
    path.clear();
    for (const page of [above, parent, leaf]) path.push(page);
    if (this.reachesFar(op, path, key, value)) return path;
    return yield* super.escalate(op, tree, key, value);
  }
}

export const S1: Bug = {
  id: "S1",
  kind: "bug",
  protocol: "sx-tree",
  title: "a split that reaches further than was predicted latches what is above it",
  explanation:
    "The prediction says that the parent of the leaf has room, and it has not. The page above is " +
    "latched only then, below which everything is held. A reader holds it, and waits for one of " +
    "those on its way down.",
  provenance:
    "MariaDB MDEV-29835 and MDEV-34283: a hang after a mispredicted page split or merge, which " +
    "has to escalate to X of the index",
  preemptions: 1,
  scenario: "capacity 3\ntree [10,12,14][20][30][40][50][60]\ntask insert 16\ntask get 20\n",
  make: () => new MispredictionClimbs(),
};
