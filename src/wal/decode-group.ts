import { lsn, type Lsn, type PageId, pageId } from "../storage/index.ts";
import { LatchworkError } from "../task/index.ts";
import {
  CHANGE_HEADER_BYTES,
  CHANGE_KIND_AT,
  CHANGE_LENGTH_AT,
  CONTINUES_FLAG,
  GROUP_FLAGS_AT,
  GROUP_HEADER_BYTES,
  GROUP_PAGES_AT,
  IMAGE_HEADER_BYTES,
  IMAGE_KIND,
  OPERATIONS_KIND,
} from "./log-format.ts";

/** One page of a group, as the log has it. */
export interface LoggedChange {
  readonly id: PageId;
  readonly kind: "image" | "operations";
  /** The operations; or the place of the gap and the bytes around it. Part of a larger array. */
  readonly payload: Uint8Array;
}

/** One change group, as the log has it. */
export interface LoggedGroup {
  /** The position before the group, and the one after it, which is the group's own. */
  readonly startLsn: Lsn;
  readonly lsn: Lsn;
  /** Whether the group is not the last of its batch. */
  readonly continues: boolean;
  readonly changes: readonly LoggedChange[];
  /** Where it was read. */
  readonly file: string;
  readonly offset: number;
}

/** Bytes of a segment, and what to call them in messages. */
export interface SegmentBytes {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Makes the fault that all malformed bytes of a log end in. */
export function badLog(file: string, offset: number, what: string): LatchworkError {
  return new LatchworkError("BAD_LOG", `${file}: offset ${offset}: ${what}`);
}

/**
 * Reads the group at an offset of a segment.
 *
 * @param end The offset at which its block ends.
 * @throws LatchworkError BAD_LOG, whatever the bytes are.
 */
export function decodeGroup(
  segment: SegmentBytes,
  offset: number,
  end: number,
  startLsn: Lsn,
): LoggedGroup {
  const { file, view } = segment;
  if (offset + GROUP_HEADER_BYTES > end) throw badLog(file, offset, "a group is cut short");
  const length = view.getUint32(offset, true);
  const flags = view.getUint16(offset + GROUP_FLAGS_AT, true);
  const pages = view.getUint16(offset + GROUP_PAGES_AT, true);
  if (length < GROUP_HEADER_BYTES || offset + length > end) {
    throw badLog(file, offset, `a group of ${length} bytes does not fit its block`);
  }
  if ((flags & ~CONTINUES_FLAG) !== 0) {
    throw badLog(file, offset, `group flags ${flags}, expected 0 or ${CONTINUES_FLAG}`);
  }
  return {
    startLsn,
    lsn: lsn(startLsn + length),
    continues: flags !== 0,
    changes: decodeChanges(segment, offset + GROUP_HEADER_BYTES, offset + length, pages),
    file,
    offset,
  };
}

function decodeChanges(
  segment: SegmentBytes,
  from: number,
  end: number,
  pages: number,
): LoggedChange[] {
  const { file, view, bytes } = segment;
  const changes: LoggedChange[] = [];
  let at = from;
  for (let i = 0; i < pages; i++) {
    if (at + CHANGE_HEADER_BYTES > end) throw badLog(file, at, "a page's change is cut short");
    const kind = kindOf(view.getUint16(at + CHANGE_KIND_AT, true));
    const length = view.getUint16(at + CHANGE_LENGTH_AT, true);
    const payloadAt = at + CHANGE_HEADER_BYTES;
    if (kind === null) throw badLog(file, at, "a page's change is no image and no operations");
    if (payloadAt + length > end || (kind === "image" && length < IMAGE_HEADER_BYTES)) {
      throw badLog(file, at, `a page's change of ${length} bytes does not fit its group`);
    }
    const payload = bytes.subarray(payloadAt, payloadAt + length);
    changes.push({ id: pageId(view.getUint32(at, true)), kind, payload });
    at = payloadAt + length;
  }
  if (at !== end) throw badLog(file, at, `a group has ${end - at} bytes too many`);
  return changes;
}

function kindOf(code: number): LoggedChange["kind"] | null {
  if (code === IMAGE_KIND) return "image";
  return code === OPERATIONS_KIND ? "operations" : null;
}

/**
 * Puts a page's image in place; its gap becomes zero.
 *
 * @returns false, and the page is as it was, if the image is not one of a page of that size.
 */
export function restoreImage(payload: Uint8Array, into: Uint8Array): boolean {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const gapFrom = view.getUint16(0, true);
  const gapTo = gapFrom + view.getUint16(2, true);
  if (IMAGE_HEADER_BYTES + into.length - (gapTo - gapFrom) !== payload.length) return false;
  if (gapTo > into.length) return false;
  into.set(payload.subarray(IMAGE_HEADER_BYTES, IMAGE_HEADER_BYTES + gapFrom));
  into.fill(0, gapFrom, gapTo);
  into.set(payload.subarray(IMAGE_HEADER_BYTES + gapFrom), gapTo);
  return true;
}
