import { LatchworkError } from "../../task/index.ts";

// How the bytes of a run are laid out. docs/run-format.md has the tables, and the reasons.

/** The version of everything below, near the end of each run. */
export const RUN_FORMAT = 1;

/** `LATCHRUN`, the last bytes of a run. */
export const RUN_MAGIC: readonly number[] = [0x4c, 0x41, 0x54, 0x43, 0x48, 0x52, 0x55, 0x4e];

/** Bytes behind each block: how it is stored, and a checksum. */
export const TRAILER_BYTES = 5;
/** The block's bytes are themselves. Any other number is that of a codec. */
export const STORED_PLAIN = 0;

/** Bytes behind the restart points of a block: how many there are. */
export const RESTART_COUNT_BYTES = 4;
export const RESTART_BYTES = 4;

export const FOOTER_BYTES = 76;
export const ENTRIES_AT = 0;
export const TOMBSTONES_AT = 8;
export const SMALLEST_SEQ_AT = 16;
export const LARGEST_SEQ_AT = 24;
export const DATA_BYTES_AT = 32;
export const DATA_BLOCKS_AT = 40;
export const FILTER_BYTES_AT = 44;
export const INDEX_BYTES_AT = 48;
export const RESERVED_AT = 52;
/** Of everything in the footer before it. */
export const FOOTER_CHECKSUM_AT = 60;
export const FORMAT_AT = 64;
export const MAGIC_AT = 68;

/** The longest key that a run takes. */
export const RUN_KEY_BYTES_MAX = 0xffff;
/** The largest block, as stored and as it was. */
export const BLOCK_BYTES_MAX = 0x40000000;

/** A fault of a run, in one line that names file and place. */
export function badRun(name: string, offset: number, what: string): LatchworkError {
  return new LatchworkError("BAD_RUN", `${name}: offset ${offset}: ${what}`);
}
