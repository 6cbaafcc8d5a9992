import { formatNewTree, type TreeParameters, treeParameters } from "../btree/index.ts";
import {
  asEditor,
  type Checksum,
  crc32,
  lsn,
  type Lsn,
  pageId,
  PageMemory,
  sealPage,
  setLsn,
} from "../storage/index.ts";
import type { Disk, Task } from "../task/index.ts";
import {
  type Control,
  CONTROL_FORMAT,
  createLogSegment,
  PAGES_FILE,
  writeControl,
} from "../wal/index.ts";
import { ENGINE_DEFAULTS, type EngineOptions } from "./engine-options.ts";

/** The position before the first record of a log; 0 is that of pages that were never logged. */
export const FIRST_LSN: Lsn = lsn(1);
const NEVER_LOGGED = lsn(0);
/** A new, empty tree has the meta page, the space page and one leaf. */
export const NEW_PAGES = 3;

/**
 * Makes the files of a new, empty database.
 *
 * @throws LatchworkError BAD_PAGE_SIZE or BAD_CAPACITY.
 */
export function* createDatabase(options: EngineOptions): Task<Control> {
  const { disk, pageSize = ENGINE_DEFAULTS.pageSize } = options;
  const params = treeParameters(pageSize, options.mostEntries ?? ENGINE_DEFAULTS.mostEntries);
  return yield* writeNewDatabase(disk, newTree(params), params, options.checksum);
}

/** The page file of a new, empty database. */
export function newPageFile(params: TreeParameters, checksum: Checksum): Uint8Array {
  return pageFileOf(newTree(params), checksum);
}

function newTree(params: TreeParameters): PageMemory {
  const { pageSize } = params;
  const memory = new PageMemory({ pageSize, chunkBytes: NEW_PAGES * pageSize });
  formatNewTree(memory, params);
  return memory;
}

/** The pages of a tree, one after another, as if they had never been logged. */
function pageFileOf(memory: PageMemory, checksum: Checksum): Uint8Array {
  const { pageSize } = memory;
  const pages = memory.pagesTouched;
  const whole = new Uint8Array(pages * pageSize);
  for (let id = 0; id < pages; id++) {
    const page = asEditor(memory.frame(pageId(id)));
    setLsn(page, NEVER_LOGGED);
    sealPage(page, checksum);
    whole.set(page.bytes, id * pageSize);
  }
  return whole;
}

/** The first control file of a database. */
export function newControl({ pageSize, mostEntries }: TreeParameters): Control {
  const formatVersion = CONTROL_FORMAT;
  return { formatVersion, pageSize, mostEntries, redoLsn: FIRST_LSN, checkpoints: 0 };
}

/**
 * Makes the files of a database that holds a tree laid out in memory. It exists once the control
 * file does, which comes last and at one stroke, so a crash on the way leaves a directory in which
 * this can be done over: see {@link refuseForeign}, which knows such files by what is written here.
 */
export function* writeNewDatabase(
  disk: Disk,
  memory: PageMemory,
  params: TreeParameters,
  checksum: Checksum = crc32,
): Task<Control> {
  const file = yield* disk.open(PAGES_FILE, "create");
  yield* file.write(0, pageFileOf(memory, checksum));
  yield* file.sync();
  yield* file.close();
  yield* (yield* createLogSegment(disk, FIRST_LSN, checksum)).close();
  const control = newControl(params);
  yield* writeControl(disk, control, checksum);
  return control;
}
