import type { LatchId, LatchOrder } from "../latch/index.ts";
import type { PageId } from "../storage/index.ts";
import type { Task } from "../task/index.ts";
import type { LatchedPath } from "./latched-path.ts";
import { checkEntry, checkKey } from "./limits.ts";
import { removeEntry } from "./node-edit.ts";
import { isUnderfull } from "./node-fit.ts";
import { find, isBelowHighFence, search } from "./node-search.ts";
import type { Operation } from "./operation.ts";
import type { PageHandle, WriteHandle } from "./page-handle.ts";
import { countOf } from "./page-layout.ts";
import type { Protocol, ScanPromise } from "./protocol.ts";
import { type PutRule, writeInPlace, writes } from "./put-rule.ts";
import type { RowSink, ScanRange } from "./scan-range.ts";
import { StructureChange } from "./structure-change.ts";
import type { TreeStore } from "./tree-store.ts";
import { visitLeaves } from "./visit-leaves.ts";
import { writeInLeaf } from "./write-leaf.ts";
import type { RunWrite, WriteRun } from "./write-run.ts";

const FIRST_KEY = new Uint8Array(0);

/**
 * The five operations of protocols that come from the root to a leaf and, to write, hold by then
 * everything that may change. How they come there, and which latches they take and keep on the
 * way, is the protocol.
 */
export abstract class TopDown implements Protocol {
  abstract readonly name: string;
  abstract readonly scanPromise: ScanPromise;
  /** Splits and merges what a writer holds. */
  protected readonly structure: StructureChange = new StructureChange();

  abstract latchOrder(store: TreeStore): LatchOrder;

  abstract coveringLatch(page: PageId): LatchId;

  *get(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const leaf = this.leafAtHand(op, key) ?? (yield* this.descendShared(op, key));
    const index = find(leaf, key);
    if (index >= 0) op.keepValue(leaf, index);
    leaf.release();
    return index >= 0;
  }

  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.upsert(op, key, value, "overwrite");
  }

  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.upsert(op, key, value, "if-absent");
  }

  *delete(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const path = this.pathAtHand(op, key) ?? (yield* this.descendExclusive(op, key, null));
    const leaf = path.last;
    const index = find(leaf, key);
    if (index >= 0 || countOf(leaf) === 0) {
      const change = op.change();
      if (index >= 0) removeEntry(change.edit(leaf), index);
      if (isUnderfull(leaf, op.store.params)) yield* this.structure.mergeUp(op, change, path);
      change.commit();
    }
    op.releaseAll();
    return index >= 0;
  }

  *writeRun(op: Operation, run: WriteRun): Task<void> {
    const leaf = yield* this.leafToWrite(op, run.next);
    const { params } = op.store;
    const before = run.made;
    const change = op.changeAtOnce();
    while (!run.isOver && this.isOfLeaf(leaf, run.next.key)) {
      if (!writeInLeaf(change, leaf, params, run)) break;
    }
    change.commit();
    op.releaseAll();
    if (run.made > before) run.leafRuns++;
  }

  *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const { start = FIRST_KEY, end, reverse = false, endInclusive = false } = range;
    if (!reverse) {
      const first = yield* this.descendShared(op, start);
      return yield* visitLeaves(op, first, range, sink, (leaf) => this.stepRight(op, leaf));
    }
    const isEndIn = end !== undefined && endInclusive;
    const last = yield* isEndIn ? this.descendShared(op, end) : this.descendBelow(op, end);
    return yield* visitLeaves(op, last, range, sink, (leaf) => this.stepLeft(op, leaf));
  }

  protected *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    const { params } = op.store;
    checkEntry(params, key, value);
    const path = this.pathAtHand(op, key) ?? (yield* this.descendExclusive(op, key, value));
    const index = search(path.last, key);
    if (writes(rule, index)) {
      const change = op.change();
      if (!writeInPlace(change, path.last, params, key, value, index)) {
        yield* this.structure.splitUp(op, change, path, key, value);
      }
      change.commit();
    }
    op.releaseAll();
    return index < 0;
  }

  /**
   * As {@link descendShared} where no page on the way can be a step; else null, and nothing held.
   * It spares an operation a generator.
   */
  protected leafAtHand(_op: Operation, _key: Uint8Array): PageHandle | null {
    return null;
  }

  /** As {@link leafAtHand}, of {@link descendExclusive}. */
  protected pathAtHand(_op: Operation, _key: Uint8Array): LatchedPath | null {
    return null;
  }

  /** Whether a key, not below the leaf that a run has come to, belongs into it. */
  protected isOfLeaf(leaf: PageHandle, key: Uint8Array): boolean {
    return isBelowHighFence(leaf, key);
  }

  /** Comes down to the leaf of a write, and holds that exclusively, and perhaps more. */
  protected *leafToWrite(op: Operation, { kind, key, value }: RunWrite): Task<WriteHandle> {
    const entry = kind === "delete" ? null : value;
    const path = this.pathAtHand(op, key) ?? (yield* this.descendExclusive(op, key, entry));
    return path.last;
  }

  /** Comes down to the leaf of `key`, to read it. */
  protected abstract descendShared(op: Operation, key: Uint8Array): Task<PageHandle>;

  /** Comes down to the leaf with the last keys below `bound`; without one, to the last leaf. */
  protected abstract descendBelow(op: Operation, bound: Uint8Array | undefined): Task<PageHandle>;

  /** Comes down to write, and holds what the operation may yet change. `value` null: a delete. */
  protected abstract descendExclusive(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath>;

  /** Gives the right sibling of a leaf that has one, held, and releases the leaf. */
  protected abstract stepRight(op: Operation, leaf: PageHandle): Task<PageHandle>;

  /** Gives the leaf with the last keys below those of this one, held, and releases this one. */
  protected abstract stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle>;
}
