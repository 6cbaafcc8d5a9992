import { lsn, type Lsn, pageId } from "../storage/index.ts";
import { LatchworkError } from "../task/index.ts";
import {
  CONTINUES_FLAG,
  DECISION_BYTES,
  DECISION_KIND,
  DECISION_VERDICT_AT,
  GROUP_FLAGS_AT,
  GROUP_HEADER_BYTES,
  GROUP_RECORDS_AT,
  IMAGE_HEADER_BYTES,
  IMAGE_KIND,
  LOGICAL_KIND,
  lsnAt,
  OPERATIONS_KIND,
  RECORD_HEADER_BYTES,
  RECORD_KIND_AT,
  RECORD_LENGTH_AT,
} from "./log-format.ts";
import type { CommitDecision, LoggedGroup, LoggedRecord } from "./log-records.ts";

/** Bytes of a segment, and what to call them in messages. */
export interface SegmentBytes {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Makes the fault for malformed bytes of a log. */
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
  const records = view.getUint16(offset + GROUP_RECORDS_AT, true);
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
    records: decodeRecords(segment, offset + GROUP_HEADER_BYTES, offset + length, records),
    file,
    offset,
  };
}

function decodeRecords(
  segment: SegmentBytes,
  from: number,
  end: number,
  count: number,
): LoggedRecord[] {
  const { file, view, bytes } = segment;
  const records: LoggedRecord[] = [];
  let at = from;
  for (let i = 0; i < count; i++) {
    if (at + RECORD_HEADER_BYTES > end) throw badLog(file, at, "a record is cut short");
    const length = view.getUint16(at + RECORD_LENGTH_AT, true);
    const payloadAt = at + RECORD_HEADER_BYTES;
    if (payloadAt + length > end) {
      throw badLog(file, at, `a record of ${length} bytes does not fit its group`);
    }
    const payload = bytes.subarray(payloadAt, payloadAt + length);
    records.push(decodeRecord(segment, at, payload));
    at = payloadAt + length;
  }
  if (at !== end) throw badLog(file, at, `a group has ${end - at} bytes too many`);
  return records;
}

/** Reads the record whose header is at an offset: the one place that distinguishes kinds. */
function decodeRecord({ file, view }: SegmentBytes, at: number, payload: Uint8Array): LoggedRecord {
  const subject = view.getUint32(at, true);
  const code = view.getUint16(at + RECORD_KIND_AT, true);
  switch (code) {
    case IMAGE_KIND: {
      if (payload.length >= IMAGE_HEADER_BYTES) {
        return { id: pageId(subject), kind: "image", payload };
      }
      const expected = `expected ${IMAGE_HEADER_BYTES} or more`;
      throw badLog(file, at, `an image of ${payload.length} bytes, ${expected}`);
    }
    case OPERATIONS_KIND:
      return { id: pageId(subject), kind: "operations", payload };
    case LOGICAL_KIND:
      return { kind: "logical", tree: subject, payload };
    case DECISION_KIND: {
      const decision = decodeDecision(subject, payload);
      if (decision !== null) return decision;
      throw badLog(file, at, "a commit decision names no transaction");
    }
    default:
      throw badLog(file, at, `a record of kind ${code}, which this version does not know`);
  }
}

function decodeDecision(subject: number, payload: Uint8Array): CommitDecision | null {
  if (subject !== 0 || payload.length !== DECISION_BYTES) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const transaction = lsnAt(view, 0);
  const verdict = view.getUint8(DECISION_VERDICT_AT);
  return transaction === null ? null : { kind: "decision", transaction, verdict };
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
