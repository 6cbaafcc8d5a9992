import { compareBytes } from "../../btree/index.ts";
import { LatchworkError, type Task } from "../../task/index.ts";
import { compareEntries, type Entry } from "../entry.ts";
import type { Block } from "./block.ts";
import { entriesOf } from "./block-entries.ts";
import { filterHash } from "./key-filter.ts";
import type { Run } from "./run.ts";

/** What a check has seen of a run so far. */
interface Seen {
  first: Entry | null;
  last: Entry | null;
  entries: number;
  tombstones: number;
  smallestSeq: number;
  largestSeq: number;
}

/**
 * Reads all of a run and lists what is wrong with it: blocks that are damaged, and whatever of
 * order, filter, index and footer does not go with the entries.
 *
 * @returns one line for each problem; none for a run that is as it should be.
 * @throws LatchworkError DISK_ERROR.
 */
export function* checkRun(run: Run): Task<readonly string[]> {
  const problems: string[] = [];
  const seen: Seen = {
    first: null,
    last: null,
    entries: 0,
    tombstones: 0,
    smallestSeq: Number.MAX_SAFE_INTEGER,
    largestSeq: 0,
  };
  const sweep = run.sweep();
  let isWhole = true;
  for (let block = 0; block < run.index.blocks; block++) {
    try {
      checkBlock(run, block, yield* sweep.block(block), seen, problems);
    } catch (error) {
      if (!(error instanceof LatchworkError) || error.code !== "BAD_RUN") throw error;
      problems.push(error.message);
      isWhole = false;
    }
  }
  if (isWhole) compareWithFooter(run, seen, problems);
  return problems;
}

function checkBlock(run: Run, index: number, block: Block, seen: Seen, problems: string[]): void {
  const at = `${run.name}: offset ${run.index.offsetOf(index)}: a data block`;
  for (const entry of entriesOf(block)) {
    const { key, seq } = entry;
    seen.first ??= entry;
    if (seen.last !== null && compareEntries(seen.last, entry) >= 0) {
      problems.push(`${at}: entry ${seen.entries} of the run is not in order`);
    }
    if (run.index.find(key, seq) !== index) {
      problems.push(`${at}: the index seeks entry ${seen.entries} of the run in another block`);
    }
    if (!run.mayHold(filterHash(key))) {
      problems.push(`${at}: the filter denies the key of entry ${seen.entries} of the run`);
    }
    seen.last = entry;
    seen.entries++;
    if (entry.kind === "tombstone") seen.tombstones++;
    if (seq < seen.smallestSeq) seen.smallestSeq = seq;
    if (seq > seen.largestSeq) seen.largestSeq = seq;
  }
}

function compareWithFooter(run: Run, seen: Seen, problems: string[]): void {
  for (const field of ["entries", "tombstones", "smallestSeq", "largestSeq"] as const) {
    const expected = run.info[field];
    if (seen[field] === expected) continue;
    problems.push(`${run.name}: the footer says ${field} ${expected}, found ${seen[field]}`);
  }
  const { smallest, largest } = run.index;
  const isFirst = seen.first !== null && compareBytes(seen.first.key, smallest) === 0;
  const isLast = seen.last !== null && compareBytes(seen.last.key, largest) === 0;
  if (!isFirst) problems.push(`${run.name}: the index has another first key than the run`);
  if (!isLast) problems.push(`${run.name}: the index has another last key than the run`);
}
