import { CONTROL_FILE, NEW_CONTROL_FILE } from "./control.ts";
import { NEW_SEGMENT_FILE, segmentStart } from "./log-format.ts";

/** The page file: page `id` begins at byte `id * pageSize`. */
export const PAGES_FILE = "pages";
/** The lock file, which names the process that has the directory open. */
export const LOCK_FILE = "lock";

/** The catalog of a directory with several tables, and the file that is about to replace it. */
export const TABLES_FILE = "tables";
export const NEW_TABLES_FILE = "tables.new";

const TABLE_DIRECTORY = /^table-([1-9][0-9]{0,9})$/;

/** The directory of a table, by the table's number. */
export function tableDirectory(id: number): string {
  return `table-${id}`;
}

/** The number of the table whose directory has this name; null if it is no such directory. */
export function tableIdOf(directory: string): number | null {
  const digits = TABLE_DIRECTORY.exec(directory)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The file that says how a table is divided, and the one that is about to replace it. */
export const PARTITIONS_FILE = "partitions";
export const NEW_PARTITIONS_FILE = "partitions.new";

const PARTITION_NAME = /^partition-(?:[1-9]\d*)-(?:0|[1-9]\d*)$/u;

/** Whether this is the name of a partition's directory, of whatever generation. */
export function isPartitionName(name: string): boolean {
  return PARTITION_NAME.test(name);
}

const PLAIN_NAMES = [PAGES_FILE, CONTROL_FILE, NEW_CONTROL_FILE, NEW_SEGMENT_FILE];

/** Whether this is the name of a log segment, which says where in the log it begins. */
export function isLogSegment(name: string): boolean {
  return segmentStart(name) !== null;
}

/** Whether this is the lock file, or one that is made for it. */
export function isOfLock(name: string): boolean {
  return name === LOCK_FILE || name.startsWith(`${LOCK_FILE}.`);
}

/** Whether a database makes files of this name. */
export function isOurs(name: string): boolean {
  return PLAIN_NAMES.includes(name) || isLogSegment(name) || isOfLock(name);
}
