import { CONTROL_FILE, NEW_CONTROL_FILE } from "./control.ts";
import { NEW_SEGMENT_FILE, segmentStart } from "./log-format.ts";

/** The page file: page `id` begins at byte `id * pageSize`. */
export const PAGES_FILE = "pages";
/** The lock file, which names the process that has the directory open. */
export const LOCK_FILE = "lock";

const PLAIN_NAMES = [PAGES_FILE, CONTROL_FILE, NEW_CONTROL_FILE, NEW_SEGMENT_FILE];

/** Whether this is the name of a log segment, which says where in the log it begins. */
export function isLogSegment(name: string): boolean {
  return segmentStart(name) !== null;
}

/** Whether a database makes files of this name. */
export function isOurs(name: string): boolean {
  const isPlain = PLAIN_NAMES.includes(name);
  return isPlain || isLogSegment(name) || name === LOCK_FILE || name.startsWith(`${LOCK_FILE}.`);
}
