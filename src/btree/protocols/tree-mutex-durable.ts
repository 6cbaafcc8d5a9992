import { lsn } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Operation } from "../operation.ts";
import type { WriteRun } from "../write-run.ts";
import { TreeMutex } from "./tree-mutex.ts";

/**
 * One mutex for the whole tree, held by each write until its change is durable: what Latchwork set
 * out from, kept to be measured against.
 *
 * Departs from `tree-mutex` in when a write releases. While one write waits for the log, everybody
 * else waits for that write, so no two commits ever share a sync, whatever the commit policy. This
 * is the one place in the engine where a latch lasts across a sync. Writes that are batched are
 * one write to this protocol: it latches the tree once, makes all of them, and waits once.
 */
export class TreeMutexDurable extends TreeMutex {
  override readonly name: string = "tree-mutex-durable";

  /** All of them: the latch is held until they are durable, and so they share a sync. */
  protected override *advance(op: Operation, run: WriteRun): Task<void> {
    while (!run.isOver) yield* super.advance(op, run);
  }

  protected override beforeRelease(op: Operation): Task<void> {
    if (op.isInBatch) return laterWithTheBatch();
    const position = lsn(Math.max(op.lastLsn, op.seenLsn));
    return op.store.log.waitDurable(position, op.lastLsn > 0 ? "change" : "sight");
  }
}

/** A batch is durable at its end, which its writer waits for. */
function* laterWithTheBatch(): Task<void> {}
