import { leftOf, levelOf, NO_PAGE, rightOf, setLeft } from "../storage/index.ts";
import type { Task } from "../task/index.ts";
import { atKey } from "./aim.ts";
import { LinkWalk } from "./link-walk.ts";
import type { Operation } from "./operation.ts";

const FIRST_KEY = new Uint8Array(0);

/**
 * Puts right the left links of a tree that was written under a protocol which does not keep them.
 * Right links are right under every protocol, and say what the left ones have to be.
 *
 * Each link is a change group of its own, and two pages are latched at a time. What is done stays
 * done; a pass that a crash cut off begins anew, and finds less to do.
 */
export class LeftLinks extends LinkWalk {
  /** Goes through all pages once, level by level from above. O(pages). */
  *run(op: Operation): Task<void> {
    const root = yield* this.latchRoot(op);
    const top = levelOf(root);
    root.release();
    for (let level = top; level >= 0; level--) yield* this.#runLevel(op, level);
  }

  *#runLevel(op: Operation, level: number): Task<void> {
    let page = yield* this.descend(op, atKey(FIRST_KEY), level);
    for (;;) {
      const { pageId } = page;
      const next = rightOf(page);
      if (next === NO_PAGE) break;
      const right = op.exclusive(next, "right sibling");
      if (right.pending) yield right;
      if (leftOf(right) !== pageId) {
        const change = op.changeAtOnce();
        setLeft(change.edit(right), pageId);
        change.commit();
      }
      page.release();
      page = right;
    }
    page.release();
  }
}
