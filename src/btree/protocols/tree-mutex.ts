import { EXCLUSIVE, latchId, type LatchId, type LatchOrder, type Mode } from "../../latch/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { oneLatchOnly } from "../latch-orders.ts";
import { checkEntry, checkKey } from "../limits.ts";
import type { Operation } from "../operation.ts";
import type { PageGuard } from "../page-guard.ts";
import type { Protocol, ScanPromise } from "../protocol.ts";
import type { PutRule } from "../put-rule.ts";
import type { RowSink, ScanRange } from "../scan-range.ts";
import { SequentialTree } from "../sequential.ts";

/**
 * One mutex for the whole tree: the baseline that everything else is measured against.
 *
 * Every operation, reads and scans too, latches the tree exclusively, does its work as if it were
 * alone, and lets go. The latch is the meta page's. It is let go before anybody waits for
 * durability. A scan is atomic, and holds everybody else up as long as it lasts.
 */
export class TreeMutex implements Protocol {
  readonly name: string = "tree-mutex";
  readonly scanPromise: ScanPromise = "atomic";

  latchOrder(): LatchOrder {
    return oneLatchOnly();
  }

  /** All pages are under the one latch. */
  coveringLatch(): LatchId {
    return latchId(META_PAGE);
  }

  *get(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const tree = this.latchTree(op, this.readMode());
    if (tree.pending) yield tree;
    const isThere = yield* new SequentialTree(op, tree).get(key);
    tree.release();
    return isThere;
  }

  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.upsert(op, key, value, "overwrite");
  }

  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.upsert(op, key, value, "if-absent");
  }

  *delete(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const tree = this.latchTree(op, EXCLUSIVE);
    if (tree.pending) yield tree;
    const wasThere = yield* new SequentialTree(op, tree).delete(key);
    const rest = this.beforeRelease(op);
    if (rest !== null) yield* rest;
    tree.release();
    return wasThere;
  }

  *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const tree = this.latchTree(op, this.readMode());
    if (tree.pending) yield tree;
    const rows = yield* new SequentialTree(op, tree).scan(range, sink);
    tree.release();
    return rows;
  }

  /** What a write does before it lets go of the tree, or null for nothing. */
  protected beforeRelease(_op: Operation): Task<void> | null {
    return null;
  }

  /** The mode in which gets and scans latch the tree. */
  protected readMode(): Mode {
    return EXCLUSIVE;
  }

  protected latchTree(op: Operation, mode: Mode): PageGuard {
    return mode === EXCLUSIVE ? op.exclusive(META_PAGE, "tree") : op.shared(META_PAGE, "tree");
  }

  protected *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    checkEntry(op.store.params, key, value);
    const tree = this.latchTree(op, EXCLUSIVE);
    if (tree.pending) yield tree;
    const isNew = yield* new SequentialTree(op, tree).upsert(key, value, rule === "overwrite");
    const rest = this.beforeRelease(op);
    if (rest !== null) yield* rest;
    tree.release();
    return isNew;
  }
}
