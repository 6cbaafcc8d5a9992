/**
 * Stories: the account of one run, for a reader who wants to see why it failed.
 *
 * A run is replayed from its scenario and schedule. A listener writes down a row for each step;
 * the rows become a table with a column for each task, the trees before and after, the rule that
 * was broken, and the line that replays it.
 *
 * Beside it stands what the failure depends on: its causal slice, and the one switch that matters.
 *
 * Invariants:
 * 1. A story is recorded of a replay and changes nothing of the run.
 * 2. Rows are values; only the printing half of the room knows of widths and columns.
 * 3. The same scenario and schedule give the same text, to the byte.
 * 4. A story that is too long says what it leaves out.
 *
 * Left out: pictures.
 */
export type { StoryCauses, StorySwitch } from "./causes.ts";
export type {
  Acknowledged,
  CrashRow,
  DurableRow,
  LatchRow,
  PlainRow,
  RecoveryRow,
  StartRow,
  StoryOperation,
  StoryOutcome,
  StoryRow,
} from "./rows.ts";
export { formatStory, type StoryTextOptions } from "./story-text.ts";
export { type Story, tellStory } from "./story.ts";
