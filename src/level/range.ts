import type { RowSink, ScanRange } from "../btree/index.ts";
import { isWithin } from "./touches.ts";

/** A range as the private methods of a level are given it, in bytes. A limit of -1 is none. */
export interface LevelRange {
  readonly gt?: Uint8Array | undefined;
  readonly gte?: Uint8Array | undefined;
  readonly lt?: Uint8Array | undefined;
  readonly lte?: Uint8Array | undefined;
  readonly reverse: boolean;
  readonly limit: number;
}

/** Where a scan begins and ends; an inclusive bound goes before an exclusive one. */
export function scanRangeOf(range: LevelRange): ScanRange {
  const { gt, gte, lt, lte, reverse } = range;
  const start = gte ?? gt;
  const end = lte ?? lt;
  return {
    ...(start === undefined ? {} : { start, startInclusive: gte !== undefined }),
    ...(end === undefined ? {} : { end, endInclusive: lte !== undefined }),
    reverse,
  };
}

/** What is left of a range behind a key, in the range's direction. */
export function rangeBehind(range: ScanRange, key: Uint8Array): ScanRange {
  return range.reverse === true
    ? { ...range, end: key, endInclusive: false }
    : { ...range, start: key, startInclusive: false };
}

/** What is left of a range from a key on, the key included; null if the key is outside. */
export function rangeFrom(range: ScanRange, key: Uint8Array): ScanRange | null {
  if (!isWithin(range, key)) return null;
  return range.reverse === true
    ? { ...range, end: key, endInclusive: true }
    : { ...range, start: key, startInclusive: true };
}

/** Keeps the rows of a scan, the keys always and the values if they are wanted. */
export class RowCopies implements RowSink {
  readonly keys: Uint8Array[] = [];
  readonly values: Uint8Array[] = [];
  readonly wantsValues: boolean;

  constructor(wantsValues: boolean) {
    this.wantsValues = wantsValues;
  }

  row(key: Uint8Array, value: Uint8Array): void {
    this.keys.push(key);
    this.values.push(value);
  }
}
