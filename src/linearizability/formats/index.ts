/**
 * Formats: histories as files, in our own form and in three that others write.
 *
 * Everything is read in pieces, so a file need not fit in memory as text, and by pure code, so it
 * runs in a browser too. Each reader hands on the same events, whatever the file looks like;
 * docs/history-format.md says what becomes of what.
 *
 * Invariants:
 * 1. A file is read as what it says, or refused with BAD_HISTORY naming file and line. In
 *    particular no two values that differ in the file are read as the same value.
 * 2. Memory beside the history is bounded by one event's text, stack by the depth of its values.
 * 3. Nothing is decided here about meaning: what a nil read is, and what a register holds at
 *    first, is the model's.
 *
 * Left out: writing foreign formats; JSON that holds a whole history in one array.
 */
export { detectFormat, HISTORY_FORMATS, type HistoryFormat } from "./detect-format.ts";
export { HistoryReader, readHistory, readHistoryFrom, type ReadOptions } from "./history-reader.ts";
export { jsonLineOf, jsonLinesOf, type WrittenEvent } from "./json-lines-writer.ts";
export { READ_LIMITS, type ReadLimits } from "./read-limits.ts";
