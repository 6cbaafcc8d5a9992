import { type Checksum, crc32, type Lsn } from "../storage/index.ts";
import { type Disk, LatchworkError, type Task } from "../task/index.ts";
import { lsnAt, putLsn } from "./log-format.ts";
import { readFile } from "./read-file.ts";

/** The name of the control file, and of the one that is about to replace it. */
export const CONTROL_FILE = "control";
export const NEW_CONTROL_FILE = "control.new";

/** The version of the control file and of everything it speaks for. */
export const CONTROL_FORMAT = 1;

/** What a database is, and where its recovery begins. */
export interface Control {
  readonly formatVersion: number;
  /** Bytes a page. */
  readonly pageSize: number;
  /** The most entries a page may hold, 0 for no limit. */
  readonly mostEntries: number;
  /** Redo begins here: whatever was logged before is in the page file. */
  readonly redoLsn: Lsn;
  /** Checkpoints completed so far. */
  readonly checkpoints: number;
}

/** `LWCONTRL`. */
const MAGIC: readonly number[] = [0x4c, 0x57, 0x43, 0x4f, 0x4e, 0x54, 0x52, 0x4c];
const FORMAT_AT = 8;
const PAGE_SIZE_AT = 12;
const MOST_ENTRIES_AT = 16;
const CHECKPOINTS_AT = 20;
const REDO_LSN_AT = 24;
const CHECKSUM_AT = 36;
/** Bytes of the control file: far less than a sector, so that no write of it can tear. */
const CONTROL_BYTES = 40;

/**
 * Reads the control file; null if there is none.
 *
 * @throws LatchworkError NOT_A_DATABASE if it is foreign, damaged or of another version.
 */
export function* readControl(disk: Disk, checksum: Checksum = crc32): Task<Control | null> {
  try {
    return decode(yield* readFile(disk, CONTROL_FILE), checksum);
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    if (error.code === "NO_SUCH_FILE") return null;
    throw error.code === "BAD_LOG" ? new LatchworkError("NOT_A_DATABASE", error.message) : error;
  }
}

/**
 * Replaces the control file atomically: whatever happens, the old one is there or the new one,
 * whole. Six requests to the disk.
 *
 * @throws LatchworkError DISK_ERROR or NO_SPACE; it is then unknown which of the two there is.
 */
export function* writeControl(
  disk: Disk,
  control: Control,
  checksum: Checksum = crc32,
): Task<void> {
  yield* replaceControl(disk, control, checksum);
  yield* disk.syncDirectory();
}

/** As {@link writeControl}, but a crash may still bring the old one back. */
export function* replaceControl(
  disk: Disk,
  control: Control,
  checksum: Checksum = crc32,
): Task<void> {
  const file = yield* disk.open(NEW_CONTROL_FILE, "create");
  try {
    yield* file.write(0, encodeControl(control, checksum));
    yield* file.sync();
  } finally {
    yield* file.close();
  }
  yield* disk.rename(NEW_CONTROL_FILE, CONTROL_FILE);
}

/** The bytes of a control file. */
export function encodeControl(control: Control, checksum: Checksum): Uint8Array {
  const bytes = new Uint8Array(CONTROL_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(FORMAT_AT, control.formatVersion, true);
  view.setUint32(PAGE_SIZE_AT, control.pageSize, true);
  view.setUint32(MOST_ENTRIES_AT, control.mostEntries, true);
  view.setUint32(CHECKPOINTS_AT, control.checkpoints, true);
  putLsn(view, REDO_LSN_AT, control.redoLsn);
  view.setUint32(CHECKSUM_AT, checksum(bytes.subarray(0, CHECKSUM_AT)), true);
  return bytes;
}

function decode(bytes: Uint8Array, checksum: Checksum): Control {
  if (bytes.length < MAGIC.length || MAGIC.some((byte, at) => bytes[at] !== byte)) {
    throw refusal("this is no Latchwork database");
  }
  if (bytes.length !== CONTROL_BYTES) {
    throw refusal(`${bytes.length} bytes, expected ${CONTROL_BYTES}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(CHECKSUM_AT, true) !== checksum(bytes.subarray(0, CHECKSUM_AT))) {
    throw refusal("the checksum is wrong; the file is damaged");
  }
  const formatVersion = view.getUint32(FORMAT_AT, true);
  if (formatVersion !== CONTROL_FORMAT) {
    throw refusal(`database format ${formatVersion}, expected ${CONTROL_FORMAT}`);
  }
  const redoLsn = lsnAt(view, REDO_LSN_AT);
  if (redoLsn === null) throw refusal("its redo position is out of range");
  return {
    formatVersion,
    pageSize: view.getUint32(PAGE_SIZE_AT, true),
    mostEntries: view.getUint32(MOST_ENTRIES_AT, true),
    redoLsn,
    checkpoints: view.getUint32(CHECKPOINTS_AT, true),
  };
}

function refusal(what: string): LatchworkError {
  return new LatchworkError("NOT_A_DATABASE", `${CONTROL_FILE}: ${what}`);
}
