import type { PageView } from "../storage/index.ts";
import { assert } from "../task/index.ts";
import type { PageChange } from "./change-log.ts";
import type { LogBlock } from "./log-block.ts";
import type { OwnRecord } from "./log-records.ts";
import {
  DECISION_BYTES,
  DECISION_KIND,
  DECISION_VERDICT_AT,
  GROUP_FLAGS_AT,
  GROUP_HEADER_BYTES,
  GROUP_RECORDS_AT,
  IMAGE_HEADER_BYTES,
  IMAGE_KIND,
  LOGICAL_KIND,
  OPERATIONS_KIND,
  putLsn,
  RECORD_BYTES_MAX,
  RECORD_HEADER_BYTES,
  RECORD_KIND_AT,
  RECORD_LENGTH_AT,
} from "./log-format.ts";

/**
 * Begins a group at the end of a block: its header, whose length {@link endGroup} fills in.
 * Nothing is allocated unless the block has to grow.
 */
export function beginGroup(block: LogBlock, flags: number, records: number): void {
  assert(records > 0 && records <= 0xffff, "a group has 1 to 65,535 records");
  block.ensure(GROUP_HEADER_BYTES);
  const at = block.length;
  block.view.setUint16(at + GROUP_FLAGS_AT, flags, true);
  block.view.setUint16(at + GROUP_RECORDS_AT, records, true);
  block.lastGroupAt = at;
  block.length = at + GROUP_HEADER_BYTES;
}

/** Ends the group that was begun last. */
export function endGroup(block: LogBlock): void {
  block.view.setUint32(block.lastGroupAt, block.length - block.lastGroupAt, true);
  block.groups++;
}

/** Appends one page of the open group as the operations that changed it. O(their bytes). */
export function putOperations(block: LogBlock, { id, redo }: PageChange): void {
  const { length } = redo;
  block.ensure(RECORD_HEADER_BYTES + length);
  const at = putRecordHeader(block, id, OPERATIONS_KIND, length);
  redo.copyTo(block.bytes, at);
  block.length = at + length;
}

/** Appends one page of the open group as it is, without its unused bytes. O(page size). */
export function putImage(block: LogBlock, change: PageChange): void {
  const length = imageBytes(change);
  block.ensure(RECORD_HEADER_BYTES + length);
  const at = putRecordHeader(block, change.id, IMAGE_KIND, length);
  block.view.setUint16(at, change.unusedFrom, true);
  block.view.setUint16(at + 2, change.unusedTo - change.unusedFrom, true);
  const { bytes }: PageView = change.page;
  block.bytes.set(bytes.subarray(0, change.unusedFrom), at + IMAGE_HEADER_BYTES);
  const afterGap = at + IMAGE_HEADER_BYTES + change.unusedFrom;
  block.bytes.set(bytes.subarray(change.unusedTo), afterGap);
  block.length = at + length;
}

/** Appends a record to the open group that is about no page. O(its bytes). */
export function putOwnRecord(block: LogBlock, record: OwnRecord): void {
  if (record.kind === "decision") putDecision(block, record.transaction, record.verdict);
  else putLogical(block, record.tree, record.payload);
}

function putLogical(block: LogBlock, tree: number, payload: Uint8Array): void {
  assert(payload.length <= RECORD_BYTES_MAX, "a logical record has at most 65,535 bytes");
  assert(Number.isInteger(tree) && tree >= 0 && tree < 2 ** 32, "a tree's id has 32 bits");
  block.ensure(RECORD_HEADER_BYTES + payload.length);
  const at = putRecordHeader(block, tree, LOGICAL_KIND, payload.length);
  block.bytes.set(payload, at);
  block.length = at + payload.length;
}

function putDecision(block: LogBlock, transaction: number, verdict: number): void {
  assert(Number.isSafeInteger(transaction) && transaction >= 0, "a transaction's id is below 2^53");
  assert(Number.isInteger(verdict) && verdict >= 0 && verdict <= 0xff, "a verdict is one byte");
  block.ensure(RECORD_HEADER_BYTES + DECISION_BYTES);
  const at = putRecordHeader(block, 0, DECISION_KIND, DECISION_BYTES);
  putLsn(block.view, at, transaction);
  block.view.setUint8(at + DECISION_VERDICT_AT, verdict);
  block.length = at + DECISION_BYTES;
}

/** Bytes of the image of a page. */
export function imageBytes({ page, unusedFrom, unusedTo }: PageChange): number {
  return IMAGE_HEADER_BYTES + page.bytes.length - (unusedTo - unusedFrom);
}

/** Gives where the payload begins. `subject` is what the record is about. */
function putRecordHeader(block: LogBlock, subject: number, kind: number, length: number): number {
  const at = block.length;
  const { view } = block;
  view.setUint32(at, subject, true);
  view.setUint16(at + RECORD_KIND_AT, kind, true);
  view.setUint16(at + RECORD_LENGTH_AT, length, true);
  return at + RECORD_HEADER_BYTES;
}
