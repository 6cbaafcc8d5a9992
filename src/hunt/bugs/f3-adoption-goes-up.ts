import { Foster, type Operation, type PageHandle, type WriteHandle } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class AdoptionGoesUp extends Foster {
  protected override *adopt(op: Operation, key: Uint8Array, level: number): Task<void> {
    const page = yield* this.comeDown(op, key, level);
    if (!isExclusive(page)) {
      page.release();
      return yield* super.adopt(op, key, level);
    }
    // The bug: the parent comes before its child, and those who come down hold it already.
    const parent = yield* this.latchToWrite(op, key, level + 1);
    if (this.toBeAdoptedFrom(page, page) !== undefined) this.adoptInto(op, parent, page);
    op.releaseAll();
  }
}

function isExclusive(page: PageHandle): page is WriteHandle {
  return page.isWritable;
}

export const F3: Bug = {
  id: "F3",
  kind: "bug",
  protocol: "foster",
  title: "an adoption latches the foster parent first and then its parent",
  explanation:
    "As in a B-link tree, where a writer holds the page that was split and goes up. But here " +
    "who comes down holds the parent while he waits for the page.",
  provenance:
    "two orders mixed. Zero's _sx_opportunistic_adopt_foster says why it starts from the " +
    "parent: in that order the latch of the child will be had",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][40]\ntask insert 15 then delete 5\ntask get 10\n",
  make: () => new AdoptionGoesUp(),
};
