import { EXCLUSIVE, latchId, type LatchId, type LatchOrder, type Mode } from "../../latch/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { advanceRun } from "../advance-run.ts";
import { CoveredWalk } from "../covered-walk.ts";
import { oneLatchOnly } from "../latch-orders.ts";
import { checkEntry, checkKey } from "../limits.ts";
import type { Operation } from "../operation.ts";
import type { PageHandle } from "../page-handle.ts";
import type { Protocol, ScanPromise } from "../protocol.ts";
import type { RowSink, ScanRange } from "../scan-range.ts";
import type { WriteRun } from "../write-run.ts";

/**
 * One mutex for the whole tree: the baseline that everything else is measured against.
 *
 * Every operation, reads and scans too, latches the tree exclusively, does its work as if it were
 * alone, and releases it. The latch is the meta page's, and covers all pages; what is done under
 * it is in `covered-walk.ts`. It is released before anybody waits for durability. A scan is atomic,
 * and holds everybody else up as long as it lasts.
 */
export class TreeMutex implements Protocol {
  readonly name: string = "tree-mutex";
  readonly scanPromise: ScanPromise = "atomic";
  /** What is done under the latch of the tree. */
  protected readonly walk: Protocol = new CoveredWalk();

  latchOrder(): LatchOrder {
    return oneLatchOnly();
  }

  /** All pages are under the one latch. */
  coveringLatch(): LatchId {
    return latchId(META_PAGE);
  }

  get(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    return this.#read(op, this.walk.get(op, key));
  }

  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    checkEntry(op.store.params, key, value);
    return this.#write(op, this.walk.put(op, key, value));
  }

  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    checkEntry(op.store.params, key, value);
    return this.#write(op, this.walk.insert(op, key, value));
  }

  delete(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    return this.#write(op, this.walk.delete(op, key));
  }

  writeRun(op: Operation, run: WriteRun): Task<void> {
    return this.#write(op, this.advance(op, run));
  }

  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    return this.#read(op, this.walk.scan(op, range, sink));
  }

  /** Makes some of the writes of a run, under the latch of the tree: those of one leaf. */
  protected *advance(op: Operation, run: WriteRun): Task<void> {
    yield* advanceRun(this.walk, op, run);
  }

  /** What a write does before it releases the tree, or null for nothing. */
  protected beforeRelease(_op: Operation): Task<void> | null {
    return null;
  }

  /** The mode in which gets and scans latch the tree. */
  protected readMode(): Mode {
    return EXCLUSIVE;
  }

  protected latchTree(op: Operation, mode: Mode): PageHandle {
    return mode === EXCLUSIVE ? op.exclusive(META_PAGE, "tree") : op.shared(META_PAGE, "tree");
  }

  *#read<T>(op: Operation, work: Task<T>): Task<T> {
    const tree = this.latchTree(op, this.readMode());
    if (tree.pending) yield tree;
    op.cover(tree);
    const result = yield* work;
    op.uncover();
    tree.release();
    return result;
  }

  *#write<T>(op: Operation, work: Task<T>): Task<T> {
    const tree = this.latchTree(op, EXCLUSIVE);
    if (tree.pending) yield tree;
    op.cover(tree);
    const answer = yield* work;
    op.uncover();
    const rest = this.beforeRelease(op);
    if (rest !== null) yield* rest;
    tree.release();
    return answer;
  }
}
