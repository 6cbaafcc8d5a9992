import type { Checksum } from "../../storage/index.ts";
import {
  badRun,
  DATA_BLOCKS_AT,
  DATA_BYTES_AT,
  ENTRIES_AT,
  FILTER_BYTES_AT,
  FOOTER_BYTES,
  FOOTER_CHECKSUM_AT,
  FORMAT_AT,
  INDEX_BYTES_AT,
  LARGEST_SEQ_AT,
  MAGIC_AT,
  RUN_FORMAT,
  RUN_MAGIC,
  SMALLEST_SEQ_AT,
  TOMBSTONES_AT,
  TRAILER_BYTES,
} from "./run-format.ts";

/** What the end of a run says of it. */
export interface Footer {
  readonly entries: number;
  /** How many of the entries are tombstones. */
  readonly tombstones: number;
  readonly smallestSeq: number;
  readonly largestSeq: number;
  /** Bytes of all data blocks with their trailers: where the filter begins. */
  readonly dataBytes: number;
  readonly dataBlocks: number;
  /** Bytes of the filter as stored, without its trailer. */
  readonly filterBytes: number;
  /** Bytes of the index as stored, without its trailer. */
  readonly indexBytes: number;
}

/** Where the index of a run begins. */
export function indexOffset({ dataBytes, filterBytes }: Footer): number {
  return dataBytes + filterBytes + TRAILER_BYTES;
}

/** Bytes of the whole file. */
export function fileBytesOf(footer: Footer): number {
  return indexOffset(footer) + footer.indexBytes + TRAILER_BYTES + FOOTER_BYTES;
}

export function encodeFooter(footer: Footer, checksum: Checksum): Uint8Array {
  const bytes = new Uint8Array(FOOTER_BYTES);
  const view = new DataView(bytes.buffer);
  putWhole(view, ENTRIES_AT, footer.entries);
  putWhole(view, TOMBSTONES_AT, footer.tombstones);
  putWhole(view, SMALLEST_SEQ_AT, footer.smallestSeq);
  putWhole(view, LARGEST_SEQ_AT, footer.largestSeq);
  putWhole(view, DATA_BYTES_AT, footer.dataBytes);
  view.setUint32(DATA_BLOCKS_AT, footer.dataBlocks, true);
  view.setUint32(FILTER_BYTES_AT, footer.filterBytes, true);
  view.setUint32(INDEX_BYTES_AT, footer.indexBytes, true);
  view.setUint32(FOOTER_CHECKSUM_AT, checksum(bytes.subarray(0, FOOTER_CHECKSUM_AT)), true);
  view.setUint32(FORMAT_AT, RUN_FORMAT, true);
  bytes.set(RUN_MAGIC, MAGIC_AT);
  return bytes;
}

/**
 * Reads the footer of a file of `fileBytes`.
 *
 * @param bytes The last bytes of the file; as many as a footer has, unless the file is shorter.
 * @throws LatchworkError BAD_RUN.
 */
export function decodeFooter(
  bytes: Uint8Array,
  name: string,
  fileBytes: number,
  checksum: Checksum,
): Footer {
  const at = fileBytes - bytes.length;
  if (bytes.length < FOOTER_BYTES) {
    throw badRun(name, at, `${bytes.length} bytes, expected a footer of ${FOOTER_BYTES}`);
  }
  if (RUN_MAGIC.some((byte, i) => bytes[MAGIC_AT + i] !== byte)) {
    throw badRun(name, at + MAGIC_AT, "this is no run, or its end is missing");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, FOOTER_BYTES);
  const format = view.getUint32(FORMAT_AT, true);
  if (format !== RUN_FORMAT) {
    throw badRun(name, at + FORMAT_AT, `run format ${format}, expected ${RUN_FORMAT}`);
  }
  const expected = checksum(bytes.subarray(0, FOOTER_CHECKSUM_AT));
  if (view.getUint32(FOOTER_CHECKSUM_AT, true) !== expected) {
    throw badRun(name, at, "the footer's checksum is wrong");
  }
  const footer: Footer = {
    entries: wholeAt(view, ENTRIES_AT),
    tombstones: wholeAt(view, TOMBSTONES_AT),
    smallestSeq: wholeAt(view, SMALLEST_SEQ_AT),
    largestSeq: wholeAt(view, LARGEST_SEQ_AT),
    dataBytes: wholeAt(view, DATA_BYTES_AT),
    dataBlocks: view.getUint32(DATA_BLOCKS_AT, true),
    filterBytes: view.getUint32(FILTER_BYTES_AT, true),
    indexBytes: view.getUint32(INDEX_BYTES_AT, true),
  };
  const size = fileBytesOf(footer);
  if (size !== fileBytes) {
    throw badRun(name, at, `the footer speaks of ${size} bytes, the file has ${fileBytes}`);
  }
  return footer;
}

const TWO_TO_32 = 2 ** 32;

function putWhole(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_TO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_TO_32), true);
}

function wholeAt(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_TO_32 + view.getUint32(at, true);
}
