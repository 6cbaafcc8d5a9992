import type { RowSink, ScanRange } from "../../btree/index.ts";
import { assert, type Session, type Task } from "../../task/index.ts";

/** Reads some rows of one partition. */
export type ReadRows = (session: Session, range: ScanRange, sink: RowSink) => Task<number>;

/** The most rows that are read ahead at once if nothing else is said, and about how many bytes. */
export const ROWS_AHEAD: number = 256;
const ROWS_FIRST = 64;
const BYTES_ENOUGH = 1 << 16;

/** Where a merged scan is in one partition: the rows read ahead, and what of the range is left. */
export class PartitionCursor implements RowSink {
  readonly wantsValues: boolean;
  readonly #read: ReadRows;
  readonly #rowsMax: number;
  #rest: ScanRange;
  #mayHaveMore = true;
  #keys: Uint8Array[] = [];
  #values: Uint8Array[] = [];
  #next = 0;
  #bytes = 0;
  #rowsAhead: number;

  /** @param rowsMax The most rows to read ahead. */
  constructor(read: ReadRows, range: ScanRange, wantsValues: boolean, rowsMax: number) {
    this.#rowsMax = rowsMax;
    this.#rowsAhead = Math.min(ROWS_FIRST, rowsMax);
    this.#read = read;
    this.#rest = range;
    this.wantsValues = wantsValues;
  }

  /** Whether all rows read ahead are used up. */
  get isEmpty(): boolean {
    return this.#next >= this.#keys.length;
  }

  /** Whether the partition may have rows behind those read ahead. */
  get mayHaveMore(): boolean {
    return this.#mayHaveMore;
  }

  /** The key of the next row. Requires: there is one. */
  get key(): Uint8Array {
    const key = this.#keys[this.#next];
    assert(key !== undefined, "a cursor without a row is asked for none");
    return key;
  }

  /** Hands on the next row. Requires: there is one. */
  give(sink: RowSink): void {
    const { key } = this;
    const value = this.#values[this.#next];
    assert(value !== undefined, "a row has a key and a value");
    this.#next++;
    sink.row(key, value);
  }

  /** For the scan of the partition. */
  row(key: Uint8Array, value: Uint8Array): void {
    this.#keys.push(key);
    this.#values.push(value);
    this.#bytes += key.length + value.length;
  }

  /**
   * Reads rows ahead. Requires: those read before are used up.
   *
   * @param expected How many rows of this partition the scan is likely to need.
   */
  *readOn(session: Session, expected: number): Task<void> {
    this.#keys = [];
    this.#values = [];
    this.#next = 0;
    this.#bytes = 0;
    // Were all partitions read to their share exactly, nearly every scan would read some once more.
    const likely = Math.ceil(expected + 2 * Math.sqrt(expected)) + 2;
    const limit = Math.min(likely, this.#rowsAhead, this.#rest.limit ?? this.#rowsMax);
    const count = yield* this.#read(session, { ...this.#rest, limit }, this);
    const last = this.#keys.at(-1);
    this.#mayHaveMore = count >= limit && last !== undefined;
    if (last === undefined) return;
    this.#rest = this.behind(this.#rest, last);
    const rows = Math.floor(BYTES_ENOUGH / Math.max(1, this.#bytes / count));
    this.#rowsAhead = Math.max(1, Math.min(this.#rowsMax, rows));
  }

  /** What is left of a range behind a key, in the range's direction. */
  protected behind(range: ScanRange, key: Uint8Array): ScanRange {
    return range.reverse === true
      ? { ...range, end: key, endInclusive: false }
      : { ...range, start: key, startInclusive: false };
  }
}
