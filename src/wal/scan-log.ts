import { type Checksum, crc32, type Lsn } from "../storage/index.ts";
import { type Disk, type Host, LatchworkError, type Step, type Task } from "../task/index.ts";
import { badLog } from "./decode-group.ts";
import { segmentName, segmentStart } from "./log-format.ts";
import type { LoggedGroup } from "./log-records.ts";
import {
  type SegmentReport,
  type SegmentScan,
  scanSegment,
  type TornTail,
} from "./scan-segment.ts";
import { readFile } from "./read-file.ts";

export interface LogScanOptions {
  readonly disk: Disk;
  /** Groups that end after this are read. */
  readonly redoLsn: Lsn;
  readonly checksum?: Checksum;
  /** Says when to pause for other tasks. Default: never. */
  readonly host?: Host;
  /** Groups that end after this are not handed out. Default: all are. */
  readonly untilLsn?: Lsn;
  /** Called with each group, in order, before it is known how the log ends. */
  readonly visit?: (group: LoggedGroup) => Task<void>;
  /** As `visit`, but waits for nothing; may throw BAD_LOG to reject a group. */
  readonly inspect?: (group: LoggedGroup) => void;
  /** Called with each segment once it was read, and its bytes; those to `endOffset` count. */
  readonly wasRead?: (segment: SegmentReport, bytes: Uint8Array) => void;
}

/** What the log holds from the redo position on. */
export interface LogContents {
  /** All files of the log, oldest first; those before the redo position are not looked into. */
  readonly segments: readonly SegmentReport[];
  readonly redoLsn: Lsn;
  /** The end of the last whole group. */
  readonly endLsn: Lsn;
  /** As `endLsn`, without a batch at the end of which the last group is missing. */
  readonly settledLsn: Lsn;
  /** Groups that end after the redo position. */
  readonly groups: number;
  /** How many of them belong to a batch whose last group is missing. */
  readonly unfinishedGroups: number;
  readonly tornTail: TornTail | null;
  /** Why the log cannot be trusted from some place on; null if it can. */
  readonly damage: LatchworkError | null;
}

/**
 * Reads the log from the redo position on. Changes nothing. Holds one segment in memory at a time.
 *
 * A block that is not whole ends the log, unless something proves that it was whole once: a later
 * segment, or a later block that was sealed when the log was durable beyond it.
 *
 * @throws LatchworkError BAD_LOG naming file and offset if it was, or if the bytes make no sense;
 *   DISK_ERROR.
 */
export function* scanLog(options: LogScanOptions): Task<LogContents> {
  const contents = yield* inspectLog(options);
  if (contents.damage !== null) throw contents.damage;
  return contents;
}

/** As {@link scanLog}, but gives damage among the contents, with all that precedes it. */
export function* inspectLog(options: LogScanOptions): Task<LogContents> {
  const scan = new LogScan(options);
  let damage: LatchworkError | null = null;
  try {
    yield* scan.run();
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== "BAD_LOG") throw error;
    damage = error;
  }
  return scan.contents(damage);
}

/** One reading of the log. */
export class LogScan {
  readonly #options: LogScanOptions;
  readonly #checksum: Checksum;
  readonly #reports: SegmentReport[] = [];
  #endLsn: Lsn;
  #settledLsn: Lsn;
  #groups = 0;
  #unfinished = 0;
  #tornTail: TornTail | null = null;

  constructor(options: LogScanOptions) {
    this.#options = options;
    this.#checksum = options.checksum ?? crc32;
    this.#endLsn = options.redoLsn;
    this.#settledLsn = options.redoLsn;
  }

  contents(damage: LatchworkError | null): LogContents {
    return {
      segments: this.#reports,
      redoLsn: this.#options.redoLsn,
      endLsn: this.#endLsn,
      settledLsn: this.#settledLsn,
      groups: this.#groups,
      unfinishedGroups: this.#unfinished,
      tornTail: this.#tornTail,
      damage,
    };
  }

  /** @throws LatchworkError BAD_LOG or DISK_ERROR. */
  *run(): Task<void> {
    const { disk, redoLsn } = this.#options;
    const starts = (yield* disk.list())
      .flatMap((name) => segmentStart(name) ?? [])
      .toSorted((a, b) => a - b);
    const first = starts.findLastIndex((start) => start <= redoLsn);
    if (first < 0) {
      const what = `no segment holds redo position ${redoLsn}`;
      throw badLog(segmentName(starts[0] ?? redoLsn), 0, starts.length === 0 ? "missing" : what);
    }
    for (const start of starts.slice(0, first)) this.#reports.push(staleReport(start));
    for (let index = first; index < starts.length; index++) {
      const start = starts[index];
      if (start !== undefined) yield* this.#segment(start, starts[index + 1] ?? null);
    }
  }

  *#segment(start: Lsn, next: Lsn | null): Task<void> {
    const { disk, redoLsn } = this.#options;
    const file = segmentName(start);
    const bytes = yield* readFile(disk, file);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const scan: SegmentScan = { file, bytes, view, start, next, checksum: this.#checksum };
    const report: SegmentReport = yield* scanSegment(scan, (group) => this.#group(group));
    this.#reports.push(report);
    if (report.damage !== null) throw report.damage;
    this.#options.wasRead?.(report, bytes);
    this.#tornTail = report.tornTail;
    if (next !== null) return;
    if (report.endLsn < redoLsn) {
      const what = `the log ends at ${report.endLsn}, before redo position ${redoLsn}`;
      throw badLog(file, report.endOffset, what);
    }
  }

  *#group(group: LoggedGroup): Task<void> {
    const { redoLsn, untilLsn, visit, inspect } = this.#options;
    const pause = this.#pauseIfDue();
    if (pause !== null) yield pause;
    if (group.lsn <= redoLsn) return;
    inspect?.(group);
    this.#groups++;
    this.#endLsn = group.lsn;
    if (group.continues) this.#unfinished++;
    else {
      this.#unfinished = 0;
      this.#settledLsn = group.lsn;
    }
    if (visit === undefined || (untilLsn !== undefined && group.lsn > untilLsn)) return;
    yield* visit(group);
  }

  #pauseIfDue(): Step | null {
    return this.#options.host?.pauseIfDue() ?? null;
  }
}

function staleReport(start: Lsn): SegmentReport {
  return {
    file: segmentName(start),
    startLsn: start,
    endLsn: start,
    blocks: 0,
    groups: 0,
    bytes: 0,
    endOffset: 0,
    isNeeded: false,
    tornTail: null,
    damage: null,
  };
}
