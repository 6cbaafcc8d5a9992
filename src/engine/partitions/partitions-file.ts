import { type Checksum, crc32 } from "../../storage/index.ts";
import { type Disk, LatchworkError, type Task } from "../../task/index.ts";
import { NEW_PARTITIONS_FILE, PARTITIONS_FILE, readFile } from "../../wal/index.ts";
import { HASH_NAME } from "./key-hash.ts";

export { isPartitionName, NEW_PARTITIONS_FILE, PARTITIONS_FILE } from "../../wal/index.ts";

/** The version of the file, and of the layout that it speaks for. */
export const PARTITIONS_FORMAT = 1;
/** Each has two files open, and recovery goes through all of them one after another. */
export const PARTITIONS_MAX = 256;

/** How a database is divided. */
export interface PartitionLayout {
  /** How many partitions, from 1 to {@link PARTITIONS_MAX}. */
  readonly partitions: number;
  /** Which generation of directories holds them: each repartition makes the next one. */
  readonly generation: number;
}

/** `LWPARTNS`. */
const MAGIC: readonly number[] = [0x4c, 0x57, 0x50, 0x41, 0x52, 0x54, 0x4e, 0x53];
const FORMAT_AT = 8;
const PARTITIONS_AT = 12;
const GENERATION_AT = 16;
const HASH_AT = 24;
const HASH_BYTES = 16;
const CHECKSUM_AT = 44;
/** Far less than a sector, so that no write of it can tear. */
const FILE_BYTES = 48;

/** The directory of one partition: `partition-1-0`. */
export function partitionName(generation: number, index: number): string {
  return `partition-${generation}-${index}`;
}

/**
 * Reads the file `partitions`; null if there is none, and the database is not divided.
 *
 * @throws LatchworkError NOT_A_DATABASE if it is foreign, damaged, of another version, or names a
 *   hash that this version does not know.
 */
export function* readPartitions(
  disk: Disk,
  checksum: Checksum = crc32,
): Task<PartitionLayout | null> {
  try {
    return decode(yield* readFile(disk, PARTITIONS_FILE), checksum);
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    if (error.code === "NO_SUCH_FILE") return null;
    throw error.code === "BAD_LOG" ? new LatchworkError("NOT_A_DATABASE", error.message) : error;
  }
}

/**
 * Replaces the file atomically: whatever happens, the old one is there or the new one, whole. Six
 * requests to the disk.
 */
export function* writePartitions(
  disk: Disk,
  layout: PartitionLayout,
  checksum: Checksum = crc32,
): Task<void> {
  const file = yield* disk.open(NEW_PARTITIONS_FILE, "create");
  try {
    yield* file.write(0, encodePartitions(layout, checksum));
    yield* file.sync();
  } finally {
    yield* file.close();
  }
  yield* disk.rename(NEW_PARTITIONS_FILE, PARTITIONS_FILE);
  yield* disk.syncDirectory();
}

/** The bytes of the file. */
export function encodePartitions(
  { partitions, generation }: PartitionLayout,
  checksum: Checksum = crc32,
): Uint8Array {
  const bytes = new Uint8Array(FILE_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(FORMAT_AT, PARTITIONS_FORMAT, true);
  view.setUint32(PARTITIONS_AT, partitions, true);
  view.setUint32(GENERATION_AT, generation, true);
  for (let at = 0; at < HASH_NAME.length; at++) bytes[HASH_AT + at] = HASH_NAME.charCodeAt(at);
  view.setUint32(CHECKSUM_AT, checksum(bytes.subarray(0, CHECKSUM_AT)), true);
  return bytes;
}

function decode(bytes: Uint8Array, checksum: Checksum): PartitionLayout {
  if (bytes.length < MAGIC.length || MAGIC.some((byte, at) => bytes[at] !== byte)) {
    throw refusal("this is no Latchwork database");
  }
  if (bytes.length !== FILE_BYTES) {
    throw refusal(`${bytes.length} bytes, expected ${FILE_BYTES}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(CHECKSUM_AT, true) !== checksum(bytes.subarray(0, CHECKSUM_AT))) {
    throw refusal("the checksum is wrong; the file is damaged");
  }
  const format = view.getUint32(FORMAT_AT, true);
  if (format !== PARTITIONS_FORMAT) {
    throw refusal(`partitions format ${format}, expected ${PARTITIONS_FORMAT}`);
  }
  const hash = hashNameIn(bytes);
  if (hash !== HASH_NAME) {
    throw refusal(`keys are placed by the hash ${JSON.stringify(hash)}, expected "${HASH_NAME}"`);
  }
  const partitions = view.getUint32(PARTITIONS_AT, true);
  if (partitions < 1 || partitions > PARTITIONS_MAX) {
    throw refusal(`${partitions} partitions, expected 1 to ${PARTITIONS_MAX}`);
  }
  return { partitions, generation: view.getUint32(GENERATION_AT, true) };
}

function hashNameIn(bytes: Uint8Array): string {
  const name = bytes.subarray(HASH_AT, HASH_AT + HASH_BYTES);
  const end = name.indexOf(0);
  return String.fromCharCode(...name.subarray(0, end < 0 ? HASH_BYTES : end));
}

function refusal(what: string): LatchworkError {
  return new LatchworkError("NOT_A_DATABASE", `${PARTITIONS_FILE}: ${what}`);
}
