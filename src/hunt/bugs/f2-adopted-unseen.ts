import { childAt, childIndexFor, Foster, type Operation, rootOf } from "../../btree/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class AdoptsUnseen extends Foster {
  protected override *adopt(op: Operation, key: Uint8Array, level: number): Task<void> {
    const parent = yield* this.latchToWrite(op, key, level + 1);
    const isMeta = parent.pageId === META_PAGE;
    const id = isMeta ? rootOf(parent) : childAt(parent, childIndexFor(parent, key));
    const page = op.exclusive(id, "foster parent");
    if (page.pending) yield page;
    this.adoptInto(op, parent, page); // The bug: that it had a foster child was seen before.
    op.releaseAll();
  }
}

export const F2: Bug = {
  id: "F2",
  kind: "bug",
  protocol: "foster",
  title: "a writer adopts what it saw on its way, without looking again",
  explanation:
    "It held the page in shared mode when it saw the mark, and released it to latch the " +
    "parent. Another writer has adopted the foster child in between.",
  provenance:
    "the class of Zero 09353f54, whose comment suspects that of two adoptions one wins and the " +
    "other does nothing; there the mark is looked at once more",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask insert 15 then delete 5\ntask delete 5\n",
  make: () => new AdoptsUnseen(),
};
