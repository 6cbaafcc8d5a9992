import {
  formatNewTree,
  LARGEST_PAGE_BYTES,
  parametersOf,
  SMALLEST_PAGE_BYTES,
  type TreeParameters,
  treeParameters,
} from "../btree/index.ts";
import {
  asEditor,
  type Checksum,
  crc32,
  lsn,
  lsnOf,
  META_PAGE,
  PageFrame,
  PageMemory,
  pageId,
  sealPage,
  setLsn,
} from "../storage/index.ts";
import { type Disk, LatchworkError, type Task } from "../task/index.ts";
import {
  type Control,
  CONTROL_FORMAT,
  createLogSegment,
  SEGMENT_HEADER_BYTES,
  segmentStart,
  writeControl,
} from "../wal/index.ts";
import { ENGINE_DEFAULTS, type EngineOptions } from "./engine-options.ts";
import { isLogSegment, isOurs, PAGES_FILE } from "./file-names.ts";

/** The position before the first record of a log; 0 is that of pages that were never logged. */
const FIRST_LSN = lsn(1);
const NEVER_LOGGED = lsn(0);
/** A new, empty tree has the meta page, the space page and one leaf. */
const NEW_PAGES = 3;

/**
 * Makes the files of a new, empty database.
 *
 * @throws LatchworkError BAD_PAGE_SIZE or BAD_CAPACITY.
 */
export function* createDatabase(options: EngineOptions): Task<Control> {
  const { disk, pageSize = ENGINE_DEFAULTS.pageSize } = options;
  const params = treeParameters(pageSize, options.mostEntries ?? ENGINE_DEFAULTS.mostEntries);
  const memory = new PageMemory({ pageSize, chunkBytes: NEW_PAGES * pageSize });
  formatNewTree(memory, params);
  return yield* writeNewDatabase(disk, memory, params, options.checksum);
}

/**
 * Makes the files of a database that holds a tree laid out in memory. It exists once the control
 * file does, which comes last and at one stroke, so a crash on the way leaves a directory in which
 * this can be done over.
 */
export function* writeNewDatabase(
  disk: Disk,
  memory: PageMemory,
  params: TreeParameters,
  checksum: Checksum = crc32,
): Task<Control> {
  const { pageSize } = params;
  const pages = memory.pagesTouched;
  const whole = new Uint8Array(pages * pageSize);
  for (let id = 0; id < pages; id++) {
    const page = asEditor(memory.frame(pageId(id)));
    setLsn(page, NEVER_LOGGED);
    sealPage(page, checksum);
    whole.set(page.bytes, id * pageSize);
  }
  const file = yield* disk.open(PAGES_FILE, "create");
  yield* file.write(0, whole);
  yield* file.sync();
  yield* file.close();
  yield* (yield* createLogSegment(disk, FIRST_LSN, checksum)).close();
  const control: Control = {
    formatVersion: CONTROL_FORMAT,
    pageSize,
    mostEntries: params.mostEntries,
    redoLsn: FIRST_LSN,
    checkpoints: 0,
  };
  yield* writeControl(disk, control, checksum);
  return control;
}

/**
 * Refuses to make a database among files that are not ours, or over one whose control file is gone.
 *
 * @throws LatchworkError NOT_A_DATABASE.
 */
export function* refuseForeign(disk: Disk, isCreating: boolean): Task<void> {
  const names = [...(yield* disk.list())].toSorted();
  const foreign = names.find((name) => !isOurs(name));
  if (foreign !== undefined) {
    const what = `no file named control, but one named ${JSON.stringify(foreign)}`;
    throw new LatchworkError(
      "NOT_A_DATABASE",
      `the directory has ${what}: it is not a database; name an empty directory`,
    );
  }
  for (const name of names) {
    const isUsed = isLogSegment(name)
      ? yield* isUsedSegment(disk, name)
      : name === PAGES_FILE && (yield* arePagesUsed(disk));
    if (!isUsed) continue;
    throw new LatchworkError(
      "NOT_A_DATABASE",
      `${name} is of a database, but there is no file named control: it was removed or never was ` +
        "in this directory",
    );
  }
  if (!isCreating) {
    throw new LatchworkError("NOT_A_DATABASE", "the directory holds no database");
  }
}

/**
 * Whether a segment was ever written to, which one of a creation that was cut off was not. One that
 * begins at a later position is made only by opening a database that has logged something.
 */
function* isUsedSegment(disk: Disk, name: string): Task<boolean> {
  if (segmentStart(name) !== FIRST_LSN) return true;
  const file = yield* disk.open(name, "read");
  const size = yield* file.size();
  yield* file.close();
  return size > SEGMENT_HEADER_BYTES;
}

/** Whether a page file is more than a creation that was cut off has left: a new, empty tree. */
function* arePagesUsed(disk: Disk): Task<boolean> {
  const file = yield* disk.open(PAGES_FILE, "read");
  const size = yield* file.size();
  const bytes = new Uint8Array(NEW_PAGES * LARGEST_PAGE_BYTES);
  const count = yield* file.read(0, bytes);
  yield* file.close();
  if (size > bytes.length) return true;
  const pageSize = pageSizeOf(bytes);
  if (pageSize === null) return false;
  for (let at = 0; at < count; at += pageSize) {
    // What was never logged has no position.
    if (lsnOf(new PageFrame(bytes.buffer, at, SMALLEST_PAGE_BYTES)) !== NEVER_LOGGED) return true;
  }
  return false;
}

/** The page size that a page file says it has; null if it says nothing of the kind. */
function pageSizeOf(bytes: Uint8Array): number | null {
  try {
    return parametersOf(new PageFrame(bytes.buffer, META_PAGE, SMALLEST_PAGE_BYTES)).pageSize;
  } catch {
    return null;
  }
}
