import type { LatchDriver } from "../latch/index.ts";
import { LatchworkError, type Task, type TaskId } from "../task/index.ts";
import { LinkVacuum } from "./link-vacuum.ts";
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
  const leavesUnfinished = protocol.leavesUnfinished === true;
  if (store.space.mayBeUnfinished === leavesUnfinished) return;
  const link = new BLink();
  const op = new Operation(store, task, driver, link.latchOrder(store), link.reclamation);
  try {
    if (!leavesUnfinished) yield* new LinkVacuum(link).run(op);
    const change = op.changeAtOnce();
    change.setMayBeUnfinished(leavesUnfinished);
    change.commit();
    op.leave();
  } catch (error) {
    if (error instanceof LatchworkError) op.abort();
    throw error;
  }
}
