import { compareBytes, type RowSink, type ScanRange } from "../../btree/index.ts";
import type { Host, Session, Task } from "../../task/index.ts";
import { PartitionCursor, type ReadRows } from "./partition-cursor.ts";

/**
 * Merges scans of partitions into one in order, forwards or backwards.
 *
 * From each partition some rows are read ahead, and more once those are used up: with a limit about
 * as many as fall to each, so that a short scan of a long range reads little. What is in memory is
 * bounded by the number of partitions, whatever the range. O(partitions) a row, of which O(log
 * partitions) are comparisons.
 */
export class MergedScan {
  readonly #readers: readonly ReadRows[];
  readonly #host: Host;
  readonly #rowsAhead: number;

  /**
   * @param readers One for each partition.
   * @param rowsAhead The most rows to read ahead in each.
   */
  constructor(readers: readonly ReadRows[], host: Host, rowsAhead: number) {
    this.#readers = readers;
    this.#host = host;
    this.#rowsAhead = rowsAhead;
  }

  /** Visits the rows of a range in order; gives how many. */
  *run(session: Session, range: ScanRange, sink: RowSink): Task<number> {
    const { limit = Number.POSITIVE_INFINITY } = range;
    const wantsValues = sink.wantsValues !== false;
    const heads: PartitionCursor[] = [];
    for (const read of this.#readers) {
      if (limit <= 0) break;
      const cursor = this.makeCursor(read, range, wantsValues, this.#rowsAhead);
      yield* this.readOn(session, cursor, limit);
      if (!cursor.isEmpty) this.push(heads, cursor, range);
    }
    let count = 0;
    while (count < limit) {
      const first = this.shift(heads);
      if (first === undefined) break;
      first.give(sink);
      count++;
      if (first.isEmpty && count < limit) yield* this.readOn(session, first, limit - count);
      if (!first.isEmpty) this.push(heads, first, range);
    }
    return count;
  }

  /** Hook: what is where the scan is in one partition. */
  protected makeCursor(...given: ConstructorParameters<typeof PartitionCursor>): PartitionCursor {
    return new PartitionCursor(...given);
  }

  /** Puts a cursor in its place among those that have a row, the one whose row comes first last. */
  protected push(heads: PartitionCursor[], cursor: PartitionCursor, range: ScanRange): void {
    let low = 0;
    let high = heads.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = heads[middle];
      if (other !== undefined && this.isBefore(cursor, other, range)) low = middle + 1;
      else high = middle;
    }
    heads.splice(low, 0, cursor);
  }

  /** Takes out the cursor whose row comes first. */
  protected shift(heads: PartitionCursor[]): PartitionCursor | undefined {
    return heads.pop();
  }

  /** Whether the next row of one cursor comes before that of another. */
  protected isBefore(one: PartitionCursor, other: PartitionCursor, range: ScanRange): boolean {
    const order = compareBytes(one.key, other.key);
    return range.reverse === true ? order > 0 : order < 0;
  }

  /** Reads more rows of a partition whose rows are used up, if it may have more. */
  protected *readOn(session: Session, cursor: PartitionCursor, wanted: number): Task<void> {
    if (!cursor.mayHaveMore) return;
    yield* cursor.readOn(session, wanted / this.#readers.length);
    const pause = this.#host.pauseIfDue();
    if (pause !== null) yield pause;
  }
}
