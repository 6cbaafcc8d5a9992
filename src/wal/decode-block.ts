import { type Checksum, lsn, type Lsn } from "../storage/index.ts";
import type { SegmentBytes } from "./decode-group.ts";
import {
  BLOCK_CHECKSUM_AT,
  BLOCK_COVERED_FROM,
  BLOCK_GROUPS_AT,
  BLOCK_HEADER_BYTES,
  BLOCK_LENGTH_AT,
  BLOCK_MAGIC,
  BLOCK_START_AT,
  BLOCK_SYNCED_AT,
  lsnAt,
  SEGMENT_HEADER_BYTES,
} from "./log-format.ts";

/** The header of a block whose checksum is right. */
export interface BlockHeader {
  /** Bytes of the block, with its header. */
  readonly length: number;
  readonly groups: number;
  readonly startLsn: Lsn;
  /** Up to where the log was durable when the block was sealed. */
  readonly syncedLsn: Lsn;
}

/** A block that begins where it should and is whole; else what is wrong with it, in words. */
export function decodeBlock(
  { bytes, view }: SegmentBytes,
  offset: number,
  startLsn: Lsn,
  checksum: Checksum,
): BlockHeader | string {
  if (offset + BLOCK_HEADER_BYTES > bytes.length) return "a block's header is cut short";
  if (view.getUint32(offset, true) !== BLOCK_MAGIC) return "no block begins here";
  const length = view.getUint32(offset + BLOCK_LENGTH_AT, true);
  if (length <= BLOCK_HEADER_BYTES) return `a block of ${length} bytes`;
  if (offset + length > bytes.length) return `a block of ${length} bytes is cut short`;
  const found = lsnAt(view, offset + BLOCK_START_AT);
  if (found !== startLsn) return `a block of position ${found ?? "none"}, expected ${startLsn}`;
  const syncedLsn = lsnAt(view, offset + BLOCK_SYNCED_AT);
  if (syncedLsn === null || syncedLsn > startLsn) {
    return `a block sealed with the log durable to ${syncedLsn ?? "none"}, beyond its start`;
  }
  const covered = bytes.subarray(offset + BLOCK_COVERED_FROM, offset + length);
  const sum = view.getUint32(offset + BLOCK_CHECKSUM_AT, true);
  if (sum !== checksum(covered)) return "a block's checksum is wrong";
  return { length, groups: view.getUint32(offset + BLOCK_GROUPS_AT, true), startLsn, syncedLsn };
}

/**
 * Looks for a whole block anywhere behind an offset that was sealed when the log was durable beyond
 * a position. There is one only if what lies at that position was durable once.
 *
 * O(bytes): every offset is looked at for the magic number, and only a block that also names the
 * position of that very offset has its checksum computed.
 *
 * @returns the offset, or null.
 */
export function findLaterBlock(
  segment: SegmentBytes,
  segmentLsn: Lsn,
  after: number,
  position: Lsn,
  checksum: Checksum,
): number | null {
  const { bytes } = segment;
  for (let offset = after; offset + BLOCK_HEADER_BYTES <= bytes.length; offset++) {
    if (bytes[offset] !== (BLOCK_MAGIC & 0xff)) continue;
    const expected = lsn(segmentLsn + offset - SEGMENT_HEADER_BYTES);
    const block = decodeBlock(segment, offset, expected, checksum);
    if (typeof block !== "string" && block.syncedLsn > position) return offset;
  }
  return null;
}
