import type { Lsn } from "../storage/index.ts";
import { assert } from "../task/index.ts";
import type { PageChange } from "./change-log.ts";
import {
  beginGroup,
  endGroup,
  imageBytes,
  putImage,
  putOperations,
  putOwnRecord,
} from "./encode-group.ts";
import { LogBlock } from "./log-block.ts";
import { CONTINUES_FLAG, GROUP_FLAGS_AT } from "./log-format.ts";
import type { OwnRecord } from "./log-records.ts";

/** A block that is as large as this is closed, and the next group begins another. */
const BLOCK_BYTES_ENOUGH = 1 << 20;

const SPARE_MAX = 4;
/** A buffer longer than this, which an unusually large group has made, is not kept. */
const SPARE_BYTES_MAX = 1 << 21;

/**
 * The end of the log, in memory: the block that groups go into, and the complete ones that are not
 * durable yet.
 *
 * Invariants: (1) blocks follow each other without a gap, the open one last; (2) a complete block
 * does not change until it is durable; (3) no block holds both groups of a batch and groups from
 * before it.
 */
export class LogTail {
  groups = 0;
  images = 0;
  /** The position after the last group. */
  endLsn: Lsn;
  /** Where the batch begins that is being appended, or null. */
  #batchStart: Lsn | null = null;
  #open: LogBlock;
  /** Oldest first. */
  readonly #complete: LogBlock[] = [];
  /** Blocks to use again, so that a log in steady state makes none. */
  readonly #spare: LogBlock[] = [];

  constructor(start: Lsn) {
    this.endLsn = start;
    this.#open = new LogBlock();
    this.#open.begin(start);
  }

  get inBatch(): boolean {
    return this.#batchStart !== null;
  }

  /** Appends a group; the caller puts its records, with {@link put}, and ends it. */
  begin(records: number): void {
    const inBatch = this.#batchStart !== null;
    if (this.#open.length >= BLOCK_BYTES_ENOUGH) {
      this.#completeOpen();
      this.#open.isMidBatch = inBatch;
    }
    beginGroup(this.#open, inBatch ? CONTINUES_FLAG : 0, records);
  }

  /** Puts one page of the group: as it is, if that is asked for or shorter, or its operations. */
  put(change: PageChange, asImage: boolean): void {
    if (asImage || change.redo.length >= imageBytes(change)) {
      putImage(this.#open, change);
      this.images++;
    } else putOperations(this.#open, change);
  }

  /** Puts a record of the group that is no page's. */
  putOwn(record: OwnRecord): void {
    putOwnRecord(this.#open, record);
  }

  /** Ends the group; gives its position. */
  end(): Lsn {
    endGroup(this.#open);
    this.groups++;
    this.endLsn = this.#open.endLsn;
    return this.endLsn;
  }

  /** From here on, until {@link endBatch}, groups belong together. */
  beginBatch(): void {
    assert(this.#batchStart === null, "one batch at a time");
    this.#completeOpen();
    this.#batchStart = this.endLsn;
  }

  endBatch(): void {
    const start = this.#batchStart;
    assert(start !== null, "a batch ends once, after it began");
    this.#batchStart = null;
    if (this.endLsn === start) return;
    // Only now is it known which group was the last. Its block is open still.
    const open = this.#open;
    open.view.setUint16(open.lastGroupAt + GROUP_FLAGS_AT, 0, true);
  }

  /** Completes the open block, unless it holds a batch that has not ended; gives what can be
   * written up to a position, oldest first. */
  seal(limit: Lsn): readonly LogBlock[] {
    if (this.#batchStart === null) this.#completeOpen();
    return this.#complete.filter(({ endLsn }) => endLsn <= limit);
  }

  /** Releases the blocks up to a position: they are durable. */
  release(position: Lsn): void {
    for (;;) {
      const [oldest] = this.#complete;
      if (oldest === undefined || oldest.endLsn > position) return;
      this.#complete.shift();
      if (this.#spare.length < SPARE_MAX && oldest.bytes.length <= SPARE_BYTES_MAX) {
        this.#spare.push(oldest);
      }
    }
  }

  #completeOpen(): void {
    if (this.#open.isEmpty) return;
    this.#complete.push(this.#open);
    this.#open = this.#spare.pop() ?? new LogBlock();
    this.#open.begin(this.endLsn);
  }
}
