import type { LatchDriver } from "../latch/index.ts";
import { LatchworkError, type Task, type TaskId } from "../task/index.ts";
import { LinkVacuum } from "./link-vacuum.ts";
import { LeftLinks } from "./left-links.ts";
import { Operation } from "./operation.ts";
import type { Protocol } from "./protocol.ts";
import { BLink } from "./protocols/b-link.ts";
import type { TreeStore } from "./tree-store.ts";

/**
 * Makes a tree ready for a protocol, before any operation of it begins.
 *
 * If the protocol leaves pages unfinished, the first space page is made to say that there may be
 * some, and those that there are stay: its operations finish them as they meet them. If it does
 * not, and that page says that there may be some, they are finished now, and it says so no more.
 *
 * Left links go the same way: a protocol that does not keep them has the first space page say so,
 * and before one that does, all are put right. A protocol that does not keep them knows no page
 * that is half dead: so these are finished before, whatever it leaves.
 *
 * All of that are change groups like others, so a crash meanwhile does no harm. O(pages) where
 * there is something to look for, else O(1).
 *
 * @throws LatchworkError for a page that cannot be read; what was done until then stays done.
 */
export function* finishTree(
  store: TreeStore,
  protocol: Protocol,
  task: TaskId,
  driver: LatchDriver,
): Task<void> {
  const { mayBeUnfinished, hasStaleLeftLinks } = store.space;
  const leavesUnfinished = protocol.leavesUnfinished === true;
  const leavesStale = protocol.keepsLeftLinks === false;
  if (mayBeUnfinished === leavesUnfinished && hasStaleLeftLinks === leavesStale) return;
  const link = new BLink();
  const op = new Operation(store, task, driver, link.latchOrder(store), link.reclamation);
  try {
    if (hasStaleLeftLinks && !leavesStale) yield* new LeftLinks().run(op);
    const isToFinish = !leavesUnfinished || (leavesStale && !hasStaleLeftLinks);
    if (mayBeUnfinished && isToFinish) yield* new LinkVacuum(link).run(op);
    const change = op.changeAtOnce();
    if (mayBeUnfinished !== leavesUnfinished) change.setMayBeUnfinished(leavesUnfinished);
    if (hasStaleLeftLinks !== leavesStale) change.setStaleLeftLinks(leavesStale);
    change.commit();
    op.leave();
  } catch (error) {
    if (error instanceof LatchworkError) op.abort();
    throw error;
  }
}
