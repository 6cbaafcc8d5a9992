import { type Aim, BLink, type Operation, type PageHandle } from "../../btree/index.ts";
import { levelOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class RootNotMovedRight extends BLink {
  protected override *descendFrom(
    op: Operation,
    root: PageHandle,
    aim: Aim,
    level: number,
  ): Task<PageHandle> {
    let page = root; // The bug: to move right is at the end of the loop, so never from the root.
    while (levelOf(page) > level) {
      const child = aim.childIn(page);
      page.release();
      page = op.shared(child, "child");
      if (page.pending) yield page;
      page = yield* this.moveRight(op, page, aim, (owner, id, site) => owner.shared(id, site));
    }
    return page;
  }
}

export const B1: Bug = {
  id: "B1",
  kind: "bug",
  protocol: "b-link",
  title: "a reader does not move right from the root",
  explanation:
    "The root is a leaf and splits after the meta page was read. The reader looks for a key " +
    "of the right half in the left one.",
  provenance: "PostgreSQL 5925377401, whose author thinks that it had been there forever",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask get 20\ntask insert 15\n",
  make: () => new RootNotMovedRight(),
};
