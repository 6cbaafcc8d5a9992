import { type Checksum, type Lsn } from "../storage/index.ts";
import {
  LOG_FORMAT,
  lsnAt,
  putLsn,
  SEGMENT_CHECKSUM_AT,
  SEGMENT_FORMAT_AT,
  SEGMENT_HEADER_BYTES,
  SEGMENT_MAGIC,
  SEGMENT_START_AT,
} from "./log-format.ts";

/** Makes the header of the segment that begins at a position. */
export function segmentHeader(start: Lsn, checksum: Checksum): Uint8Array {
  const header = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set(SEGMENT_MAGIC);
  view.setUint32(SEGMENT_FORMAT_AT, LOG_FORMAT, true);
  putLsn(view, SEGMENT_START_AT, start);
  view.setUint32(SEGMENT_CHECKSUM_AT, checksum(header.subarray(0, SEGMENT_CHECKSUM_AT)), true);
  return header;
}

/** What is wrong with a segment's header, in words; null if nothing is. */
export function segmentHeaderFault(
  bytes: Uint8Array,
  start: Lsn,
  checksum: Checksum,
): string | null {
  if (bytes.length < SEGMENT_HEADER_BYTES) return "the segment's header is cut short";
  if (SEGMENT_MAGIC.some((byte, at) => bytes[at] !== byte)) return "this is no log segment";
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER_BYTES);
  const expected = checksum(bytes.subarray(0, SEGMENT_CHECKSUM_AT));
  if (view.getUint32(SEGMENT_CHECKSUM_AT, true) !== expected) {
    return "the segment's header has a wrong checksum";
  }
  const format = view.getUint32(SEGMENT_FORMAT_AT, true);
  if (format !== LOG_FORMAT) return `log format ${format}, expected ${LOG_FORMAT}`;
  const found = lsnAt(view, SEGMENT_START_AT);
  if (found === start) return null;
  return `the segment says it begins at ${found ?? "no position"}, its name says ${start}`;
}
