import { type Checksum, lsn, type Lsn } from "../storage/index.ts";
import { LatchworkError, type Task } from "../task/index.ts";
import { type BlockHeader, decodeBlock, findLaterBlock } from "./decode-block.ts";
import { badLog, decodeGroup, type SegmentBytes } from "./decode-group.ts";
import { BLOCK_HEADER_BYTES, SEGMENT_HEADER_BYTES } from "./log-format.ts";
import type { LoggedGroup } from "./log-records.ts";
import { segmentHeaderFault } from "./segment-header.ts";

/** Where the log ends because what follows was not written whole. */
export interface TornTail {
  readonly file: string;
  /** Offset of the first byte that counts for nothing. */
  readonly offset: number;
  readonly bytes: number;
  /** What is wrong there, in words. */
  readonly reason: string;
}

/** What one file of the log holds. */
export interface SegmentReport {
  readonly file: string;
  readonly startLsn: Lsn;
  /** The position after the last group that counts; where the segment starts, if there is none. */
  readonly endLsn: Lsn;
  readonly blocks: number;
  readonly groups: number;
  /** Size of the file; 0 if it was not looked into. */
  readonly bytes: number;
  /** Offset at which what counts ends. */
  readonly endOffset: number;
  /** Whether redo needs it. */
  readonly isNeeded: boolean;
  readonly tornTail: TornTail | null;
  readonly damage: LatchworkError | null;
}

/** A segment to be scanned, and where the next one starts, or null for the last. */
export interface SegmentScan extends SegmentBytes {
  readonly start: Lsn;
  readonly next: Lsn | null;
  readonly checksum: Checksum;
}

interface Progress {
  endLsn: Lsn;
  blocks: number;
  groups: number;
}

/** Reads one segment. Whatever is wrong with its bytes is in the report; nothing is thrown. */
export function* scanSegment(
  scan: SegmentScan,
  visit: (group: LoggedGroup) => Task<void>,
): Task<SegmentReport> {
  const progress: Progress = { endLsn: scan.start, blocks: 0, groups: 0 };
  let damage: LatchworkError | null = null;
  let tornTail: TornTail | null = null;
  try {
    tornTail = yield* readBlocks(scan, progress, visit);
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== "BAD_LOG") throw error;
    damage = error;
  }
  return {
    file: scan.file,
    startLsn: scan.start,
    ...progress,
    bytes: scan.bytes.length,
    endOffset: offsetOf(scan, progress.endLsn),
    isNeeded: true,
    tornTail,
    damage,
  };
}

function offsetOf({ start }: SegmentScan, position: Lsn): number {
  return SEGMENT_HEADER_BYTES + (position - start);
}

function* readBlocks(
  scan: SegmentScan,
  progress: Progress,
  visit: (group: LoggedGroup) => Task<void>,
): Task<TornTail | null> {
  const { file, start, next, checksum } = scan;
  const headerFault = segmentHeaderFault(scan.bytes, start, checksum);
  if (headerFault !== null) return tornAt(scan, 0, start, headerFault);
  while (next === null || progress.endLsn < next) {
    const position = progress.endLsn;
    const offset = offsetOf(scan, position);
    if (next === null && offset === scan.bytes.length) return null;
    const block = decodeBlock(scan, offset, position, checksum);
    if (typeof block === "string") return tornAt(scan, offset, position, block);
    yield* readGroups(scan, block, progress, visit);
    progress.blocks++;
  }
  if (progress.endLsn === next) return null;
  throw badLog(file, offsetOf(scan, next), `no group ends at ${next}, where the next file starts`);
}

function* readGroups(
  scan: SegmentScan,
  block: BlockHeader,
  progress: Progress,
  visit: (group: LoggedGroup) => Task<void>,
): Task<void> {
  const end = offsetOf(scan, lsn(block.startLsn + block.length));
  let at = offsetOf(scan, block.startLsn) + BLOCK_HEADER_BYTES;
  for (let i = 0; i < block.groups; i++) {
    const before = lsn(scan.start + at - SEGMENT_HEADER_BYTES);
    const group = decodeGroup(scan, at, end, before);
    at += group.lsn - before;
    // What recovery has cut off, because its batch never ended, still lies in the last block.
    if (scan.next !== null && progress.endLsn >= scan.next) continue;
    progress.groups++;
    progress.endLsn = group.lsn;
    yield* visit(group);
  }
  if (at === end) return;
  throw badLog(scan.file, at, `a block has ${end - at} bytes too many for its groups`);
}

/**
 * What is not whole ends the log, or it is damage.
 *
 * A segment is made only when all before it is durable, and a block says up to where the log was
 * durable when it was sealed. So the bytes at `position` were whole once if there is a later
 * segment, or a later block that says so.
 */
function tornAt(scan: SegmentScan, offset: number, position: Lsn, reason: string): TornTail {
  const { file, start, next, bytes, checksum } = scan;
  if (next !== null) {
    throw badLog(file, offset, `${reason}; it was whole once: the log goes on at ${next}`);
  }
  // With its header gone, any block at all proves that the segment had one.
  const durable = offset === 0 ? lsn(start - 1) : position;
  const later = findLaterBlock(scan, start, offset + 1, durable, checksum);
  if (later !== null) {
    throw badLog(file, offset, `${reason}; it was whole once: the block at ${later} came after`);
  }
  const end = endOfContents(bytes, offset);
  // Room that the file was given ahead, or a flush of which only the file's length is left.
  if (end === offset) return { file, offset, bytes: bytes.length - offset, reason: ONLY_ZEROS };
  return { file, offset, bytes: end - offset, reason };
}

const ONLY_ZEROS = "nothing but zeros";

/** Behind the last byte that is not zero. */
function endOfContents(bytes: Uint8Array, from: number): number {
  let end = bytes.length;
  while (end > from && bytes[end - 1] === 0) end--;
  return end;
}
