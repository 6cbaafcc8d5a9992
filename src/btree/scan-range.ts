import type { PageView } from "../storage/index.ts";
import { copyKey, copyValue } from "./node-read.ts";
import { countOf } from "./page-layout.ts";
import { compareKeyAt, lowerBound } from "./node-search.ts";

/** Which keys a scan visits, and in which order. Absent bounds are open ends. */
export interface ScanRange {
  readonly start?: Uint8Array;
  /** Whether `start` itself is in the range. Default true. */
  readonly startInclusive?: boolean;
  readonly end?: Uint8Array;
  /** Whether `end` itself is in the range. Default false. */
  readonly endInclusive?: boolean;
  /** Most rows to visit. Default: no limit. */
  readonly limit?: number;
  /** From the end to the start. Default false. */
  readonly reverse?: boolean;
}

/** Receives the rows of a scan as bytes, each while what it was read from is latched. */
export interface RowSink {
  /** Whether values are wanted; if not, each comes empty. Default true. */
  readonly wantsValues?: boolean;
  /** Called for each row in order. Both arrays are copies, for the sink to keep. */
  row(key: Uint8Array, value: Uint8Array): void;
}

const NO_BYTES = new Uint8Array(0);

/** The first entry of a leaf that is not before the range. O(log n). */
export function firstIndex(leaf: PageView, range: ScanRange): number {
  if (range.start === undefined) return 0;
  const index = lowerBound(leaf, range.start);
  const isExcluded = range.startInclusive === false;
  return isExcluded && isKeyAt(leaf, index, range.start) ? index + 1 : index;
}

/** The last entry of a leaf that is not behind the range, or -1. O(log n). */
export function lastIndex(leaf: PageView, range: ScanRange): number {
  if (range.end === undefined) return countOf(leaf) - 1;
  const index = lowerBound(leaf, range.end);
  const isIncluded = range.endInclusive === true;
  return isIncluded && isKeyAt(leaf, index, range.end) ? index : index - 1;
}

/**
 * Gives the sink the rows of one leaf that lie in the range, in the range's direction.
 *
 * @param room Most rows to give.
 * @returns how many were given.
 */
export function emitLeaf(leaf: PageView, range: ScanRange, room: number, sink: RowSink): number {
  const first = firstIndex(leaf, range);
  const last = lastIndex(leaf, range);
  const count = Math.min(last - first + 1, room);
  const wantsValues = sink.wantsValues !== false;
  for (let i = 0; i < count; i++) {
    const index = range.reverse === true ? last - i : first + i;
    sink.row(copyKey(leaf, index), wantsValues ? copyValue(leaf, index) : NO_BYTES);
  }
  return Math.max(count, 0);
}

function isKeyAt(leaf: PageView, index: number, key: Uint8Array): boolean {
  return index < countOf(leaf) && compareKeyAt(leaf, index, key) === 0;
}
