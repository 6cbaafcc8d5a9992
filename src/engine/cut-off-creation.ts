import {
  LARGEST_PAGE_BYTES,
  parametersOf,
  SMALLEST_PAGE_BYTES,
  type TreeParameters,
  treeParameters,
} from "../btree/index.ts";
import { crc32, PageFrame } from "../storage/index.ts";
import { type Disk, LatchworkError, type Task } from "../task/index.ts";
import {
  CONTROL_FILE,
  encodeControl,
  isOfLock,
  isOurs,
  NEW_CONTROL_FILE,
  PAGES_FILE,
  segmentHeader,
  segmentName,
} from "../wal/index.ts";
import { FIRST_LSN, NEW_PAGES, newControl, newPageFile } from "./create-database.ts";
import type { EngineOptions } from "./engine-options.ts";

/**
 * Refuses to make a database among files that are not ours, or over one whose control file is gone.
 *
 * A creation that was cut off leaves files, which the next one overwrites. It writes each of them
 * once, and the control file last, so its files have known bytes, and a crash can only take bytes
 * away: what did not reach the disk is missing or zero. A file with any other byte is not ours.
 *
 * @throws LatchworkError NOT_A_DATABASE.
 */
export function* refuseForeign(options: EngineOptions): Task<void> {
  const { disk, create = true } = options;
  const names = [...(yield* disk.list())].toSorted();
  const foreign = names.find((name) => !isOurs(name));
  if (foreign !== undefined) {
    throw notOurs(foreign, "it is not a database");
  }
  for (const name of names) {
    if (isOfLock(name) || (yield* isLeftByCreation(options, names, name))) continue;
    throw notOurs(name, "it is somebody else's, or control was removed");
  }
  if (!create) throw new LatchworkError("NOT_A_DATABASE", "the directory holds no database");
}

/**
 * Whether all that a directory in that of a database holds was left by a creation that was cut off;
 * one that came to its end, with nothing in it, is such a one too.
 */
export function* isCutOffCreation(options: EngineOptions): Task<boolean> {
  const names = [...(yield* options.disk.list())].toSorted();
  for (const name of names) {
    if (!isOurs(name) || !(yield* isLeftByCreation(options, names, name))) return false;
  }
  return true;
}

function notOurs(name: string, why: string): LatchworkError {
  const what = `no file named control, but one named ${JSON.stringify(name)}`;
  const message = `the directory has ${what}: ${why}; name an empty directory`;
  return new LatchworkError("NOT_A_DATABASE", message);
}

/** No file that a creation makes is longer. */
const BYTES_MAX = NEW_PAGES * LARGEST_PAGE_BYTES;

/** Whether a file was left by a creation that was cut off, and may be overwritten. */
function* isLeftByCreation(
  options: EngineOptions,
  names: readonly string[],
  name: string,
): Task<boolean> {
  const { disk, checksum = crc32 } = options;
  // One more than there may be.
  const bytes = yield* readStart(disk, name, BYTES_MAX + 1);
  if (name === segmentName(FIRST_LSN)) return isPartOf(bytes, [segmentHeader(FIRST_LSN, checksum)]);
  if (name === PAGES_FILE) {
    const all = parametersTried(options, parametersIn(bytes));
    return isPartOf(
      bytes,
      all.map((params) => newPageFile(params, checksum)),
    );
  }
  const isOfControl = name === NEW_CONTROL_FILE || name === CONTROL_FILE;
  if (!isOfControl || !names.includes(PAGES_FILE)) return false;
  // By then the page file is whole, and says the same.
  const params = parametersIn(yield* readStart(disk, PAGES_FILE, SMALLEST_PAGE_BYTES));
  return params !== null && isPartOf(bytes, [encodeControl(newControl(params), checksum)]);
}

function* readStart(disk: Disk, name: string, bytesMax: number): Task<Uint8Array> {
  const file = yield* disk.open(name, "read");
  try {
    const bytes = new Uint8Array(bytesMax);
    return bytes.subarray(0, yield* file.read(0, bytes));
  } finally {
    yield* file.close();
  }
}

/** The parameters that a page file names for its tree; null if they cannot be read. */
function parametersIn(bytes: Uint8Array): TreeParameters | null {
  if (bytes.length < SMALLEST_PAGE_BYTES) return null;
  const meta = new PageFrame(bytes.buffer, bytes.byteOffset, SMALLEST_PAGE_BYTES);
  return orNull(() => parametersOf(meta));
}

/** The parameters that a creation may have had, of any page size: they need not be today's. */
function parametersTried(
  { mostEntries = 0 }: EngineOptions,
  found: TreeParameters | null,
): TreeParameters[] {
  const tried: TreeParameters[] = [];
  for (let pageSize = SMALLEST_PAGE_BYTES; pageSize <= LARGEST_PAGE_BYTES; pageSize *= 2) {
    for (const most of new Set([0, mostEntries, found?.mostEntries ?? 0])) {
      const params = orNull(() => treeParameters(pageSize, most));
      if (params !== null) tried.push(params);
    }
  }
  return tried;
}

function orNull(parameters: () => TreeParameters): TreeParameters | null {
  try {
    return parameters();
  } catch (error) {
    if (error instanceof LatchworkError) return null;
    throw error;
  }
}

/**
 * Whether bytes are what a crash can leave of files: at each place a zero, or the byte that one of
 * the files has there. Several files count, since a creation first empties what the last one left,
 * and a crash may bring some of that back.
 */
export function isPartOf(bytes: Uint8Array, files: readonly Uint8Array[]): boolean {
  if (bytes.length > Math.max(...files.map(({ length }) => length))) return false;
  return bytes.every((byte, at) => byte === 0 || files.some((file) => file[at] === byte));
}
