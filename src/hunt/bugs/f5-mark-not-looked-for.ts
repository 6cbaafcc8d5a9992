import { Foster, type Operation, type PageHandle, type WriteHandle } from "../../btree/index.ts";
import { levelOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class MarkNotLookedFor extends Foster {
  protected override *latchToWrite(
    op: Operation,
    key: Uint8Array,
    level: number,
  ): Task<WriteHandle> {
    for (;;) {
      const page = yield* this.comeDown(op, key, level);
      if (isExclusive(page)) return page; // The bug: it may have been split while this waited.
      const met = levelOf(page);
      page.release();
      yield* this.adopt(op, key, met);
    }
  }
}

function isExclusive(page: PageHandle): page is WriteHandle {
  return page.isWritable;
}

export const F5: Bug = {
  id: "F5",
  kind: "bug",
  protocol: "foster",
  title: "a writer does not look for a foster child of the page that it is to change",
  explanation:
    "It looks at the pages that it comes by. The root is a leaf and has none when the writer " +
    "looks; then it is latched anew, exclusively, and has been split in between.",
  provenance: "plausible: PostgreSQL's _bt_search moves right once more after the same relatch",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask insert 15\ntask delete 20\n",
  make: () => new MarkNotLookedFor(),
};
