/**
 * The write-ahead log: change groups in order, made durable together, replayed after a crash.
 *
 * `Log` is the log while the database runs: groups are encoded into a block in memory, and whoever
 * waits for durability writes and syncs it for everybody (group commit, by a `CommitPolicy`).
 * `scanLog` reads what is on the disk and distinguishes a torn tail from damage. `Recovery` replays
 * it onto the pages, and `Checkpoint` moves the place where that begins. docs/log-format.md has the
 * bytes.
 *
 * A group is physiological redo: for each page the operations that changed it, or the page itself.
 * It is one atomic step from one right tree to the next, so there is nothing to undo. A group may
 * also hold records that are no page's: what a tree logs for itself, and how a transaction over
 * several logs has ended. The log only carries those, and recovery hands them to whoever is
 * registered for them ({@link RecordHandlers}).
 *
 * Invariants:
 * 1. A group's position is drawn while all its pages are latched, and stamped on each of them. It
 *    is the position after the group, so the group is durable if the log is up to there.
 * 2. What is durable is a prefix of the log: blocks are written in order, one flush at a time, and
 *    nothing is called durable before a sync has followed its write.
 * 3. A segment is made only when all before it is durable. No segment begins within a batch.
 * 4. A block says up to where the log was durable when it was sealed. Hence a block that is not
 *    whole is a torn tail, unless a later segment or a later block proves that it was durable.
 * 5. Since the latest checkpoint began, the first change of each page is logged with its image.
 * 6. Redo changes a page only if its LSN is below the group's; it may be cut off and done again.
 * 7. A batch's groups carry a flag, all but the last; none of them is written before the last is
 *    appended, and recovery drops those at the end of the log whose last is missing.
 * 8. The control file is replaced only after the page file is synced, segments are removed only
 *    after the control file is replaced.
 * 9. A sync that fails is never asked for again: the log is dead until it is opened anew. A write
 *    that finds no room is made again, at the same place, with the same bytes.
 * 10. What recovery reads may be in the system's cache only, marked clean by a sync that failed. So
 *     it writes the last segment again, and every page that the log has changes of.
 * 11. Records are redone in the order of the log, each by its kind. A kind that is not known, or
 *     for which no handler is registered, is rejected before anything is redone.
 * 12. Tasks share the end of the log, the writers in flight, the list of segments and the commit
 *     queue; each of them is one object to the host, and every access to it is declared.
 *
 * Left out: undo and transactions; compression; reading the log while it is written; archives.
 */
export type { ChangeLog, PageChange } from "./change-log.ts";
export {
  Checkpoint,
  type CheckpointOptions,
  type CheckpointPool,
  type CheckpointReport,
  type PageCleaner,
} from "./checkpoint.ts";
export {
  type CommitLoad,
  type CommitPolicy,
  POLICIES,
  policyNamed,
  WINDOW_MS_DEFAULT,
} from "./commit-policy.ts";
export type { LogState } from "./commit-queue.ts";
export {
  type Control,
  CONTROL_FILE,
  CONTROL_FORMAT,
  encodeControl,
  NEW_CONTROL_FILE,
  readControl,
  replaceControl,
  writeControl,
} from "./control.ts";
export { badLog } from "./decode-group.ts";
export {
  isLogSegment,
  isOfLock,
  isOurs,
  isPartitionName,
  LOCK_FILE,
  NEW_PARTITIONS_FILE,
  NEW_TABLES_FILE,
  PAGES_FILE,
  PARTITIONS_FILE,
  tableDirectory,
  tableIdOf,
  TABLES_FILE,
} from "./file-names.ts";
export { Log } from "./log.ts";
export type { LogParts, LogStats } from "./log-parts.ts";
export {
  LOG_FORMAT,
  NEW_SEGMENT_FILE,
  RECORD_BYTES_MAX,
  SEGMENT_HEADER_BYTES,
  segmentName,
  segmentStart,
} from "./log-format.ts";
export type {
  CommitDecision,
  LoggedChange,
  LoggedGroup,
  LoggedRecord,
  LogicalRecord,
  OwnRecord,
} from "./log-records.ts";
export { createLogSegment, LogSegments } from "./log-segments.ts";
export { segmentHeader } from "./segment-header.ts";
export { openLog, type OpenLogOptions } from "./open-log.ts";
export { readFile } from "./read-file.ts";
export type { RecordHandler, RecordHandlers } from "./record-handlers.ts";
export {
  type LastSegment,
  Recovery,
  type RecoveryOptions,
  type RecoveryReport,
  type RedoPool,
} from "./recovery.ts";
export { inspectLog, type LogContents, LogScan, type LogScanOptions, scanLog } from "./scan-log.ts";
export type { SegmentReport, TornTail } from "./scan-segment.ts";
