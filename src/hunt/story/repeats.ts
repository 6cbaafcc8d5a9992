import type { StoryRow } from "./rows.ts";

/** Rows that are shown together, and how often the blocks from `period` before come again. */
export interface RepeatedBlock {
  readonly rows: readonly StoryRow[];
  readonly again: Again | null;
}

/** What follows a block says the same once more, and once more: so it is left out. */
export interface Again {
  readonly times: number;
  /** How many blocks in a row come again. */
  readonly period: number;
  /** The last step that is left out. */
  readonly to: number | null;
}

// A loop of more blocks than this is shown in full.
const PERIOD_MAX = 6;
// Fewer repetitions than this are no burden to a reader.
const TIMES_LEAST = 4;

/**
 * Leaves out what comes again and again, as in a run that goes round in a circle.
 *
 * @param isGap Whether rows between two blocks are missing already. O(blocks).
 */
export function foldRepeats(
  blocks: readonly (readonly StoryRow[])[],
  isGap: (before: readonly StoryRow[], after: readonly StoryRow[]) => boolean,
): RepeatedBlock[] {
  const names = blocks.map(nameOf);
  const kept: RepeatedBlock[] = [];
  for (let at = 0; at < blocks.length;) {
    const found = repeatAt(at, names, (i) => isGap(blocks[i - 1] ?? [], blocks[i] ?? []));
    const period = found?.period ?? 1;
    const last = at + period * (found?.times ?? 1) - 1;
    for (let i = at; i < at + period; i++) {
      const isEnd = found !== null && i === at + period - 1;
      const to = blocks[last]?.at(-1)?.step ?? null;
      const again = isEnd ? { times: found.times - 1, period, to } : null;
      kept.push({ rows: blocks[i] ?? [], again });
    }
    at = last + 1;
  }
  return kept;
}

/** What a block says, whenever it says it. */
function nameOf(rows: readonly StoryRow[]): string {
  return JSON.stringify(rows.map((row) => ({ ...row, step: null, fact: null })));
}

function repeatAt(
  at: number,
  names: readonly string[],
  isGapBefore: (index: number) => boolean,
): { readonly period: number; readonly times: number } | null {
  for (let period = 1; period <= PERIOD_MAX; period++) {
    let end = at + period;
    while (end < names.length && names[end] === names[end - period] && !isGapBefore(end)) end++;
    const times = Math.floor((end - at) / period);
    if (times >= TIMES_LEAST) return { period, times };
  }
  return null;
}
