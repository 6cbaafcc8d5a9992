import type { Task } from "../task/index.ts";
import { type Aim, atKey, belowBound } from "./aim.ts";
import { copyHighFence, copyLowFence } from "./node-read.ts";
import { compareLowFence, isBelowHighFence } from "./node-search.ts";
import type { Operation } from "./operation.ts";
import type { PageHandle } from "./page-handle.ts";
import { emitLeaf, type RowSink, type ScanRange } from "./scan-range.ts";

const FIRST_KEY = new Uint8Array(0);

/**
 * Scans of protocols that hold nothing between two leaves, or nothing that keeps the next one as it
 * is. Each leaf is copied under its latch and says by its fences what has been seen; so wherever
 * the rest is found, whatever was split or merged meanwhile, no row is given twice and none is left
 * out that was there all the time.
 */
export abstract class FenceScan {
  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    return range.reverse === true
      ? this.scanBackward(op, range, sink)
      : this.scanForward(op, range, sink);
  }

  protected *scanForward(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const { end, limit = Number.POSITIVE_INFINITY } = range;
    let leaf = yield* this.descend(op, atKey(range.start ?? FIRST_KEY), 0);
    let rows = emitLeaf(leaf, range, limit, sink);
    for (;;) {
      const seen = copyHighFence(leaf);
      const isLast = seen === null || (end !== undefined && isBelowHighFence(leaf, end));
      if (isLast || rows >= limit) break;
      leaf = yield* this.stepRight(op, leaf, seen);
      rows += emitLeaf(leaf, { ...range, start: seen, startInclusive: true }, limit - rows, sink);
    }
    leaf.release();
    return rows;
  }

  protected *scanBackward(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const { start, end, endInclusive = false, limit = Number.POSITIVE_INFINITY } = range;
    const aim = end !== undefined && endInclusive ? atKey(end) : belowBound(end);
    let leaf = yield* this.descend(op, aim, 0);
    let rows = emitLeaf(leaf, range, limit, sink);
    for (;;) {
      const seen = copyLowFence(leaf);
      const isLast = start !== undefined && compareLowFence(leaf, start) <= 0;
      if (seen.length === 0 || isLast || rows >= limit) break;
      leaf = yield* this.stepLeft(op, leaf, seen);
      rows += emitLeaf(leaf, { ...range, end: seen, endInclusive: false }, limit - rows, sink);
    }
    leaf.release();
    return rows;
  }

  /** Comes down to the page of a level that an aim is on, to read it. */
  protected abstract descend(op: Operation, aim: Aim, level: number): Task<PageHandle>;

  /** Gives the leaf that covers the keys from `seen` on, and releases the one before it. */
  protected abstract stepRight(op: Operation, leaf: PageHandle, seen: Uint8Array): Task<PageHandle>;

  /**
   * Gives the leaf with the last keys below `seen`, the low fence of this one, which it releases.
   */
  protected abstract stepLeft(op: Operation, leaf: PageHandle, seen: Uint8Array): Task<PageHandle>;
}
