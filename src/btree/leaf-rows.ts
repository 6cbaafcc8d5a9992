import { broken } from "../task/index.ts";
import type { PageView } from "../storage/index.ts";
import { compareBytes } from "./bytes.ts";
import { copyHighFence, copyLowFence } from "./node-read.ts";
import { compareLowFence, isBelowHighFence } from "./node-search.ts";
import { emitLeaf, type RowSink, type ScanRange } from "./scan-range.ts";

/**
 * The rows of one leaf, copied before it is known whether the leaf was whole: they are handed on
 * only then.
 */
export class LeafRows implements RowSink {
  readonly wantsValues: boolean;
  readonly #keys: Uint8Array[] = [];
  readonly #values: Uint8Array[] = [];

  constructor(wantsValues: boolean) {
    this.wantsValues = wantsValues;
  }

  row(key: Uint8Array, value: Uint8Array): void {
    this.#keys.push(key);
    this.#values.push(value);
  }

  /**
   * Copies the rows of a leaf that lie in a range, at most `room`, in place of those it had; gives
   * the range that lies beyond the leaf, or null if nothing does.
   */
  copy(leaf: PageView, range: ScanRange, room: number): ScanRange | null {
    this.#clear();
    emitLeaf(leaf, range, room, this);
    return range.reverse === true ? restBelow(leaf, range) : restAbove(leaf, range);
  }

  /** Gives the rows to a sink, and forgets them; returns how many they were. */
  handTo(sink: RowSink): number {
    const count = this.#keys.length;
    for (let at = 0; at < count; at++) {
      const key = this.#keys[at];
      const value = this.#values[at];
      if (key !== undefined && value !== undefined) sink.row(key, value);
    }
    this.#clear();
    return count;
  }

  #clear(): void {
    this.#keys.length = 0;
    this.#values.length = 0;
  }
}

function restAbove(leaf: PageView, range: ScanRange): ScanRange | null {
  const { start, end } = range;
  const high = copyHighFence(leaf);
  if (high === null || (end !== undefined && isBelowHighFence(leaf, end))) return null;
  if (start !== undefined && compareBytes(high, start) <= 0) refuseToTurn();
  return { ...range, start: high, startInclusive: true };
}

function restBelow(leaf: PageView, range: ScanRange): ScanRange | null {
  const { start, end } = range;
  const low = copyLowFence(leaf);
  if (low.length === 0 || (start !== undefined && compareLowFence(leaf, start) <= 0)) return null;
  if (end !== undefined && compareBytes(low, end) > 0) refuseToTurn();
  return { ...range, end: low, endInclusive: false };
}

/** Fences that are out of order, as in a page file that is older in part, would never end. */
function refuseToTurn(): never {
  return broken("a scan goes on to keys that it has not seen", "a leaf whose fences lead back");
}
