import type { BatchWrite } from "../engine-state.ts";
import { badLog, type LogicalRecord, RECORD_BYTES_MAX } from "../../wal/index.ts";
import type { LoggedGroup } from "../../wal/index.ts";

/** Under which id the logs of partitions carry what belongs to batches over several of them. */
export const BATCHES = 1;

/** The verdict of a decision: the batch is made. There is no other, for none means the contrary. */
export const MADE = 1;

/** What a partition's log says before a batch over several is decided: its writes here. */
export interface Prepared {
  /** Which batch: below 2^53. */
  readonly batch: number;
  /** The partition whose log has the decision, if there is one. */
  readonly coordinator: number;
  readonly writes: readonly BatchWrite[];
}

const PREPARED = 1;
const ENDED = 2;
/** What it is, and which batch. */
const HEAD_BYTES = 9;
/** And of a prepared one, who decides. */
const PREPARED_HEAD_BYTES = 11;
const PUT = 1;
const DELETE = 2;
/** What it is, and how long the key is; of a put, the length of the value follows the key. */
const WRITE_HEAD_BYTES = 3;
const LENGTH_BYTES = 2;
const TWO_TO_32 = 2 ** 32;

/**
 * The records of a prepared batch in one partition: as many as are needed, since each holds 65,535
 * bytes at most. They go into the log as one group.
 */
export function preparedRecords({ batch, coordinator, writes }: Prepared): LogicalRecord[] {
  const records: LogicalRecord[] = [];
  let from = 0;
  while (from < writes.length) {
    let bytes = PREPARED_HEAD_BYTES;
    let end = from;
    for (; end < writes.length; end++) {
      const write = writes[end];
      const more = write === undefined ? 0 : bytesOf(write);
      if (end > from && bytes + more > RECORD_BYTES_MAX) break;
      bytes += more;
    }
    const payload = new Uint8Array(bytes);
    const view = head(payload, PREPARED, batch);
    view.setUint16(HEAD_BYTES, coordinator, true);
    let at = PREPARED_HEAD_BYTES;
    for (const write of writes.slice(from, end)) at = putWrite(payload, view, at, write);
    records.push({ kind: "logical", tree: BATCHES, payload });
    from = end;
  }
  return records;
}

/** The record that ends a batch in one partition: its writes there are made, with this very one. */
export function endedRecord(batch: number): LogicalRecord {
  const payload = new Uint8Array(HEAD_BYTES);
  head(payload, ENDED, batch);
  return { kind: "logical", tree: BATCHES, payload };
}

function head(payload: Uint8Array, kind: number, batch: number): DataView {
  const view = new DataView(payload.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, batch % TWO_TO_32, true);
  view.setUint32(5, Math.floor(batch / TWO_TO_32), true);
  return view;
}

function bytesOf(write: BatchWrite): number {
  const value = write.kind === "put" ? LENGTH_BYTES + write.value.length : 0;
  return WRITE_HEAD_BYTES + write.key.length + value;
}

function putWrite(into: Uint8Array, view: DataView, from: number, write: BatchWrite): number {
  view.setUint8(from, write.kind === "put" ? PUT : DELETE);
  view.setUint16(from + 1, write.key.length, true);
  let at = from + WRITE_HEAD_BYTES;
  into.set(write.key, at);
  at += write.key.length;
  if (write.kind === "delete") return at;
  view.setUint16(at, write.value.length, true);
  into.set(write.value, at + LENGTH_BYTES);
  return at + LENGTH_BYTES + write.value.length;
}

/**
 * Reads such a record; of an end, `prepared` is null.
 *
 * @throws LatchworkError BAD_LOG, whatever the bytes are.
 */
export function readBatchRecord(
  { payload }: LogicalRecord,
  { file, offset }: LoggedGroup,
): { readonly batch: number; readonly prepared: Prepared | null } {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const kind = payload[0];
  const least = kind === PREPARED ? PREPARED_HEAD_BYTES : HEAD_BYTES;
  if ((kind !== PREPARED && kind !== ENDED) || payload.length < least) {
    throw badLog(file, offset, "what a batch over partitions has logged is neither of its kinds");
  }
  const batch = view.getUint32(5, true) * TWO_TO_32 + view.getUint32(1, true);
  if (!Number.isSafeInteger(batch)) throw badLog(file, offset, "a batch has no such number");
  if (kind === ENDED) return { batch, prepared: null };
  const writes = readWrites(payload, view);
  if (writes === null) throw badLog(file, offset, "a prepared write is cut short");
  return { batch, prepared: { batch, coordinator: view.getUint16(HEAD_BYTES, true), writes } };
}

/** Copies of the writes; null if they are not what they should be. */
function readWrites(payload: Uint8Array, view: DataView): BatchWrite[] | null {
  const writes: BatchWrite[] = [];
  const end = payload.length;
  let at = PREPARED_HEAD_BYTES;
  while (at < end) {
    if (at + WRITE_HEAD_BYTES > end) return null;
    const kind = view.getUint8(at);
    const keyAt = at + WRITE_HEAD_BYTES;
    const keyEnd = keyAt + view.getUint16(at + 1, true);
    if (keyEnd > end) return null;
    const key = payload.slice(keyAt, keyEnd);
    at = keyEnd;
    if (kind === DELETE) {
      writes.push({ kind: "delete", key });
      continue;
    }
    if (kind !== PUT || at + LENGTH_BYTES > end) return null;
    const valueAt = at + LENGTH_BYTES;
    at = valueAt + view.getUint16(keyEnd, true);
    if (at > end) return null;
    writes.push({ kind: "put", key, value: payload.slice(valueAt, at) });
  }
  return writes;
}
