import { type Operation, type PageHandle, type PutRule, SxTree } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class RestartHoldsTheTree extends SxTree {
  readonly #writers = new WeakSet<Operation>();

  protected override *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    this.#writers.add(op);
    const answer = yield* super.upsert(op, key, value, rule);
    this.#writers.delete(op);
    op.releaseAll();
    return answer;
  }

  protected override leaveTree(op: Operation, tree: PageHandle): void {
    // The bug: a write that has to split begins anew with this latch.
    if (!this.#writers.has(op)) super.leaveTree(op, tree);
  }
}

export const S2: Bug = {
  id: "S2",
  kind: "bug",
  protocol: "sx-tree",
  title: "a leaf writer that has to split asks for SX of the tree while it holds S",
  explanation:
    "SX goes with S, its own too, so it is nearly always granted. But if another writer waits " +
    "for X of the tree, the two wait for each other: one for the S, the other behind the X.",
  provenance:
    "the class of MySQL bug #101465, a latch of the index that is not released where it should " +
    "be, and of SplinterDB 9b289bf0",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask insert 15\ntask insert 35\n",
  make: () => new RestartHoldsTheTree(),
};
