import { lsn, type Lsn } from "../storage/index.ts";

// How the log's bytes are laid out. docs/log-format.md has the tables, and the reasons.

/** The version of everything below, in the header of each segment. */
export const LOG_FORMAT = 1;

/** `LATCHLOG`, the first bytes of a segment. */
export const SEGMENT_MAGIC: readonly number[] = [0x4c, 0x41, 0x54, 0x43, 0x48, 0x4c, 0x4f, 0x47];
/** Bytes before a segment's first block. */
export const SEGMENT_HEADER_BYTES = 32;
export const SEGMENT_FORMAT_AT = 8;
export const SEGMENT_START_AT = 16;
export const SEGMENT_CHECKSUM_AT = 28;

/** `LWBK` as a little-endian number, the first bytes of a block. */
export const BLOCK_MAGIC = 0x4b42574c;
export const BLOCK_HEADER_BYTES = 32;
export const BLOCK_CHECKSUM_AT = 4;
/** A block's checksum covers everything from here to its end. */
export const BLOCK_COVERED_FROM = 8;
export const BLOCK_LENGTH_AT = 8;
export const BLOCK_GROUPS_AT = 12;
export const BLOCK_START_AT = 16;
export const BLOCK_SYNCED_AT = 24;

export const GROUP_HEADER_BYTES = 8;
export const GROUP_FLAGS_AT = 4;
export const GROUP_RECORDS_AT = 6;
/** The group is not the last of its batch. */
export const CONTINUES_FLAG = 1;

export const RECORD_HEADER_BYTES = 8;
export const RECORD_KIND_AT = 4;
export const RECORD_LENGTH_AT = 6;
/** The most bytes of a record after its header. */
export const RECORD_BYTES_MAX = 0xffff;
/** The page as it was left, without its unused gap. */
export const IMAGE_KIND = 1;
/** The page's redo operations. */
export const OPERATIONS_KIND = 2;
/** Bytes that a tree logs for itself. */
export const LOGICAL_KIND = 3;
/** How a transaction has ended. */
export const DECISION_KIND = 4;
/** Where the gap starts and how long it is, before an image's bytes. */
export const IMAGE_HEADER_BYTES = 4;
/** A decision's transaction, and its verdict. */
export const DECISION_BYTES = 9;
export const DECISION_VERDICT_AT = 8;

const TWO_TO_32 = 2 ** 32;
/** High halves below this keep a position within the whole numbers that a double can hold. */
const HIGH_HALF_LIMIT = 2 ** 21;

/** Writes a position as eight bytes. */
export function putLsn(view: DataView, at: number, position: number): void {
  view.setUint32(at, position % TWO_TO_32, true);
  view.setUint32(at + 4, Math.floor(position / TWO_TO_32), true);
}

/** Reads a position; null for one that no log of ours could hold. */
export function lsnAt(view: DataView, at: number): Lsn | null {
  const high = view.getUint32(at + 4, true);
  if (high >= HIGH_HALF_LIMIT) return null;
  return lsn(high * TWO_TO_32 + view.getUint32(at, true));
}

/** The name of a segment until it takes the place of another. */
export const NEW_SEGMENT_FILE = "log.new";

const SEGMENT_NAME = /^log-[0-9a-f]{16}$/u;

/** The name of the segment that begins at a position: `log-0000000000000001`. */
export function segmentName(start: Lsn): string {
  return `log-${start.toString(16).padStart(16, "0")}`;
}

/** The position that a segment's name says it begins at; null for the name of anything else. */
export function segmentStart(name: string): Lsn | null {
  if (!SEGMENT_NAME.test(name)) return null;
  const start = Number.parseInt(name.slice(4), 16);
  return Number.isSafeInteger(start) ? lsn(start) : null;
}
