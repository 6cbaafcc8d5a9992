import { type Checksum, lsn, type Lsn } from "../storage/index.ts";
import { assert } from "../task/index.ts";
import {
  BLOCK_CHECKSUM_AT,
  BLOCK_COVERED_FROM,
  BLOCK_GROUPS_AT,
  BLOCK_HEADER_BYTES,
  BLOCK_LENGTH_AT,
  BLOCK_MAGIC,
  BLOCK_START_AT,
  BLOCK_SYNCED_AT,
  putLsn,
} from "./log-format.ts";

const BYTES_FIRST = 1024;

/**
 * The unit in which the log is written: groups in a row behind a header with one checksum.
 *
 * Groups are encoded straight into its buffer, which grows by doubling and is used again, so that
 * an append allocates nothing once the log has warmed up.
 */
export class LogBlock {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(BYTES_FIRST);
  view: DataView<ArrayBuffer> = new DataView(this.bytes.buffer);
  /** Bytes so far, with the header's. */
  length: number = BLOCK_HEADER_BYTES;
  groups = 0;
  /** Offset of the group appended last. */
  lastGroupAt = 0;
  startLsn: Lsn = lsn(0);
  /** Whether it continues a batch that an earlier block began. */
  isMidBatch: boolean = false;

  get isEmpty(): boolean {
    return this.groups === 0;
  }

  /** The position after the last group; where the block starts, if there is none. */
  get endLsn(): Lsn {
    return this.groups === 0 ? this.startLsn : lsn(this.startLsn + this.length);
  }

  /** Empties the block, which is to begin at a position. */
  begin(start: Lsn): void {
    this.startLsn = start;
    this.length = BLOCK_HEADER_BYTES;
    this.groups = 0;
    this.lastGroupAt = 0;
    this.isMidBatch = false;
  }

  /** Makes room for so many more bytes; `bytes` and `view` may be others afterwards. */
  ensure(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  /**
   * Fills in the header and gives the whole block. May be done again, for a write that failed.
   *
   * @param synced Up to where the log was durable just before: by it, recovery recognizes a hole.
   */
  seal(synced: Lsn, checksum: Checksum): Uint8Array {
    assert(this.groups > 0, "only a block with groups is written");
    const { view } = this;
    view.setUint32(0, BLOCK_MAGIC, true);
    view.setUint32(BLOCK_LENGTH_AT, this.length, true);
    view.setUint32(BLOCK_GROUPS_AT, this.groups, true);
    putLsn(view, BLOCK_START_AT, this.startLsn);
    putLsn(view, BLOCK_SYNCED_AT, synced);
    const covered = this.bytes.subarray(BLOCK_COVERED_FROM, this.length);
    view.setUint32(BLOCK_CHECKSUM_AT, checksum(covered), true);
    return this.bytes.subarray(0, this.length);
  }
}
