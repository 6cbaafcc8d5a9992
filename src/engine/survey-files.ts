import type { Checksum, Lsn, PageId } from "../storage/index.ts";
import { type Disk, LatchworkError, type Task } from "../task/index.ts";
import {
  type Control,
  CONTROL_FILE,
  inspectLog,
  isLogSegment,
  type LogContents,
  type LoggedGroup,
  PAGES_FILE,
  readControl,
} from "../wal/index.ts";

/**
 * Reads the control file, or says what is wrong with it.
 *
 * @throws LatchworkError NOT_A_DATABASE if the other files of a database are not there either, or
 *   DISK_ERROR.
 */
export function* controlOf(
  disk: Disk,
  checksum: Checksum,
): Task<[control: Control, damage: ""] | [control: null, damage: string]> {
  const names = yield* disk.list();
  const isDatabase = names.includes(PAGES_FILE) && names.some(isLogSegment);
  try {
    const control = yield* readControl(disk, checksum);
    if (control !== null) return [control, ""];
  } catch (error) {
    if (!(error instanceof LatchworkError) || !isDatabase) throw error;
    return [null, error.message];
  }
  if (isDatabase) return [null, `${CONTROL_FILE}: missing, expected beside ${PAGES_FILE} and log`];
  throw new LatchworkError("NOT_A_DATABASE", "the directory holds no database");
}

/** What the log holds, and what it does for the page file. */
export interface LogSurvey {
  readonly contents: LogContents;
  /** The pages whose first change is their image: redo heals whatever the file has. */
  readonly imaged: ReadonlySet<PageId>;
}

/**
 * Reads the log from a position on, and changes nothing.
 *
 * @throws LatchworkError DISK_ERROR, or NO_SUCH_FILE if a segment goes away meanwhile; damage is
 *   among the contents.
 */
export function* surveyLog(disk: Disk, redoLsn: Lsn, checksum: Checksum): Task<LogSurvey> {
  const seen = new Set<PageId>();
  const imaged = new Set<PageId>();
  const visit = function* ({ records }: LoggedGroup): Task<void> {
    for (const record of records) {
      if (record.kind === "logical" || record.kind === "decision") continue;
      if (record.kind === "image" && !seen.has(record.id)) imaged.add(record.id);
      seen.add(record.id);
    }
  };
  const contents = yield* inspectLog({ disk, redoLsn, checksum, visit });
  return { contents, imaged };
}
