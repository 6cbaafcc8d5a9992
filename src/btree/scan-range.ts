import type { PageView } from "../storage/index.ts";
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

/** Receives the rows of a scan, each while its leaf is latched: copy, do not keep the page. */
export interface RowSink {
  row(leaf: PageView, index: number): void;
}

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
  for (let i = 0; i < count; i++) sink.row(leaf, range.reverse === true ? last - i : first + i);
  return Math.max(count, 0);
}

function isKeyAt(leaf: PageView, index: number, key: Uint8Array): boolean {
  return index < countOf(leaf) && compareKeyAt(leaf, index, key) === 0;
}
