import { protocolNamed } from "../btree/index.ts";
import {
  EventLoop,
  type FileDirectory,
  FileDisk,
  type LockHolder,
  lockHolderOf,
  mustBePath,
  nodeChecksum,
  openDirectory,
  ownDirectory,
  refuseOddFiles,
  refusePart,
} from "../drivers/index.ts";
import {
  type Disk,
  inWords,
  LatchworkError,
  mustBeFunction,
  optionNames,
  refuseUnknownOptions,
  type Task,
} from "../task/index.ts";
import { policyNamed, readControl, tableDirectory } from "../wal/index.ts";
import {
  inspectTable,
  OverlayDisk,
  readPartitions,
  recoverTable,
  type TableInspection,
  type TableRecovery,
  type TableReport,
  type VerifyProgress,
  verifyTable,
} from "../engine/index.ts";
import { namesInWords, noSuchTable, readCatalog } from "../engine/tables/index.ts";
import { contradiction } from "./level-error.ts";

/** Which part of a directory is meant. */
export interface WhichTable {
  /** The name of a table; for a directory with tables, and only there. */
  readonly table?: string;
}

const INSPECT_NAMES = optionNames<WhichTable>({ table: true });

/** What is in a directory, and which process has it open. */
export interface DirectoryInspection extends TableInspection {
  readonly holder: LockHolder | null;
}

/**
 * Looks at the database of a directory: reads, changes nothing, and may be done beside a process
 * that has it open. See {@link inspectTable}.
 *
 * @throws LatchworkError NOT_A_DATABASE, NO_SUCH_TABLE or DISK_ERROR; BAD_ARGUMENT for an option
 *   that there is not.
 */
export async function inspectDirectory(
  path: string,
  options: WhichTable = {},
): Promise<DirectoryInspection> {
  refuseUnknownOptions("inspectDirectory", options, INSPECT_NAMES);
  return lookInto(path, async (directory, loop) => {
    const disk = await run(loop, path, databaseIn(new FileDisk(directory, loop), options));
    const inspection = await run(loop, path, inspectTable({ disk, checksum: nodeChecksum }));
    try {
      return { ...inspection, holder: await lockHolderOf(directory) };
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      return { ...inspection, holder: null, damage: [...inspection.damage, error.message] };
    }
  });
}

export interface VerifyDirectoryOptions extends WhichTable {
  /** Verify even while a process has it open: the result may then mix several moments. */
  readonly force?: boolean;
  readonly onProgress?: (progress: VerifyProgress) => void;
}

const VERIFY_NAMES = optionNames<VerifyDirectoryOptions>({
  force: true,
  onProgress: true,
  table: true,
});

/**
 * Checks the whole database of a directory, without changing anything. See {@link verifyTable}.
 *
 * @throws LatchworkError NOT_A_DATABASE or NO_SUCH_TABLE; DATABASE_IN_USE if a process has it open,
 *   or opened it meanwhile; DISK_ERROR; BAD_ARGUMENT for an option that there is not.
 */
export async function verifyDirectory(
  path: string,
  options: VerifyDirectoryOptions = {},
): Promise<TableReport> {
  refuseUnknownOptions("verifyDirectory", options, VERIFY_NAMES);
  refusePart(path);
  const { force = false, onProgress } = options;
  if (typeof force !== "boolean") {
    const message = `force must be true or false, not ${inWords(force)}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
  }
  if (onProgress !== undefined) mustBeFunction("onProgress", onProgress, "a function");
  const progress = onProgress === undefined ? {} : { onProgress };
  return lookInto(path, async (directory, host) => {
    const disk = await run(host, path, databaseIn(new FileDisk(directory, host), options));
    if (!force) await refuseInUse(path, directory, "would");
    const task = verifyTable({ disk, host, checksum: nodeChecksum, ...progress });
    const report = await run(host, path, task);
    if (!force) await refuseInUse(path, directory, "may");
    return report;
  });
}

/** What a recovery did, or would do. Of a table in partitions, what was done in all of them. */
export interface RecoveryAccount extends TableRecovery {
  readonly isDryRun: boolean;
}

/**
 * Recovers the database of a directory, by opening and closing it; or does all of that in memory,
 * which leaves the files as they are and takes no lock.
 *
 * @throws LatchworkError NOT_A_DATABASE, NO_SUCH_TABLE, DATABASE_IN_USE, BAD_PAGE, BAD_LOG,
 *   LOG_FAILED, NO_SPACE or DISK_ERROR: the same in both cases, but for those of writing.
 */
export async function recoverDirectory(
  path: string,
  isDryRun: boolean,
  which: WhichTable = {},
): Promise<RecoveryAccount> {
  refusePart(path);
  return lookInto(path, async (directory, loop) => {
    const files = await run(loop, path, databaseIn(new FileDisk(directory, loop), which));
    if (isDryRun) {
      await refuseInUse(path, directory, "would");
      return { ...(await run(loop, path, openAndClose(loop, new OverlayDisk(files)))), isDryRun };
    }
    // Not even a lock file is made where there is no database.
    await run(loop, path, refuseNone(files));
    const owned = await ownDirectory(directory, loop);
    try {
      const disk = await run(loop, path, databaseIn(owned.disk, which));
      return { ...(await run(loop, path, openAndClose(loop, disk))), isDryRun };
    } finally {
      await owned.release();
    }
  });
}

/** Opens a directory, and closes it afterwards: all of the work is done in one and the same. */
export async function lookInto<T>(
  path: string,
  work: (directory: FileDirectory, loop: EventLoop) => Promise<T>,
): Promise<T> {
  mustBePath(path);
  const directory = openDirectory(path);
  try {
    refuseOddFiles(path, directory);
    const result = await work(directory, new EventLoop());
    directory.confirm();
    return result;
  } finally {
    directory.close();
  }
}

/** The directory of the database that is meant: this one, or that of one of its tables. */
export function* databaseIn(disk: Disk, { table }: WhichTable): Task<Disk> {
  const catalog = yield* readCatalog(disk, nodeChecksum);
  if (catalog === null) {
    if (table === undefined) return disk;
    const why = "the directory is not one with tables";
    throw new LatchworkError("NO_SUCH_TABLE", `there is no table ${inWords(table)}: ${why}`);
  }
  const { tables } = catalog;
  if (table === undefined) {
    const there = tables.length === 0 ? "tables, but none yet" : namesInWords(tables);
    throw new LatchworkError("NOT_A_DATABASE", `the directory has ${there}: name one`);
  }
  const entry = tables.find(({ name }) => name === table);
  if (entry === undefined) throw noSuchTable(table, tables);
  return yield* disk.directory(tableDirectory(entry.id), "open");
}

function* refuseNone(disk: Disk): Task<void> {
  if ((yield* readPartitions(disk, nodeChecksum)) !== null) return;
  if ((yield* readControl(disk, nodeChecksum)) !== null) return;
  throw new LatchworkError("NOT_A_DATABASE", "the directory holds no database");
}

function* openAndClose(host: EventLoop, disk: Disk): Task<TableRecovery> {
  yield* refuseNone(disk);
  try {
    return yield* recoverTable({
      disk,
      host,
      latches: host,
      protocol: protocolNamed("tree-mutex"),
      policy: policyNamed("each"),
      checksum: nodeChecksum,
    });
  } catch (error) {
    throw error instanceof LatchworkError ? error : contradiction(error);
  }
}

/** Runs a task; an error that it throws names the directory. */
export async function run<T>(loop: EventLoop, path: string, task: Task<T>): Promise<T> {
  try {
    return await loop.run(task);
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== "NOT_A_DATABASE") throw error;
    throw new LatchworkError(error.code, `${path}: ${error.message}`);
  }
}

/** @throws LatchworkError DATABASE_IN_USE if a process that may live has the directory open. */
async function refuseInUse(
  path: string,
  directory: FileDirectory,
  may: "would" | "may",
): Promise<void> {
  const holder = await lockHolderOf(directory);
  if (holder === null || holder.life === "dead") return;
  const who = holder.life === "alive" ? "" : ` of machine ${JSON.stringify(holder.host)}`;
  const what = `has it open: the result ${may} mix several moments`;
  throw new LatchworkError("DATABASE_IN_USE", `${path}: process ${holder.pid}${who} ${what}`);
}
