import { type Checksum, crc32, type Lsn } from "../storage/index.ts";
import { assert, type Disk, type Host, LatchworkError, type Task } from "../task/index.ts";
import type { CommitPolicy } from "./commit-policy.ts";
import { Log } from "./log.ts";
import { segmentName, segmentStart } from "./log-format.ts";
import type { LogParts } from "./log-parts.ts";
import { createLogSegment, LogSegments, replaceLogSegment } from "./log-segments.ts";

export interface OpenLogOptions {
  readonly disk: Disk;
  readonly host: Host;
  readonly policy: CommitPolicy;
  /** A segment that is at least so long is followed by another. */
  readonly segmentBytes: number;
  /** Where the log goes on: where recovery found its end, or 1 for a new database. */
  readonly startLsn: Lsn;
  readonly checksum?: Checksum;
  /** See LogParts.failed. */
  readonly failed?: (error: LatchworkError) => void;
  /** Makes the log; for subclasses. */
  readonly make?: (parts: LogParts) => Log;
}

/**
 * Opens the log for writing, always with a new segment: what a torn tail has left behind lies
 * beyond the end of the segment before, where nothing reads it.
 *
 * @throws LatchworkError LOG_FAILED, NO_SPACE or DISK_ERROR; BAD_LOG if there is a segment that
 *   begins later, which recovery would have refused.
 */
export function* openLog(options: OpenLogOptions): Task<Log> {
  const { disk, host, policy, segmentBytes, startLsn, checksum = crc32 } = options;
  assert(startLsn >= 1, "position 0 means never logged");
  const starts: Lsn[] = [];
  let isThere = false;
  for (const name of yield* disk.list()) {
    const start = segmentStart(name);
    if (start === startLsn) isThere = true;
    if (start === null || start === startLsn) continue;
    if (start > startLsn) {
      const message = `${name}: the log begins anew before it, at ${startLsn}`;
      throw new LatchworkError("BAD_LOG", message);
    }
    starts.push(start);
  }
  starts.sort((a, b) => a - b);
  starts.push(startLsn);
  const make = isThere ? replaceLogSegment : createLogSegment;
  const file = yield* make(disk, startLsn, checksum);
  assert(file.name === segmentName(startLsn), "a disk opens the file it was asked for");
  const segments = new LogSegments(host, disk, checksum, segmentBytes, starts, file);
  const { failed } = options;
  const telling = failed === undefined ? {} : { failed };
  const parts: LogParts = { host, checksum, policy, segments, startLsn, ...telling };
  return options.make?.(parts) ?? new Log(parts);
}
