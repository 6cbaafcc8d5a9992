/**
 * Cursors over cursors: several sorted things as one, and what a reader at one moment sees of them.
 *
 * A {@link MergeCursor} gives the entries of memtables and runs in one order, for scans and for
 * compactions; a {@link VisibleCursor} hides what is too new, what is outdated and what is deleted.
 *
 * Invariants:
 * 1. A cursor is on an entry or between two. At either end, a move the other way comes to the
 *    entry at that end, so whatever way it has come, the next move depends on its place alone.
 * 2. A fault on the way leaves a cursor that nobody can move before it has sought a place anew.
 * 3. A move is done at once, without a step, if what is below is.
 *
 * Left out: ranges, which are the business of whoever scans; entries that are equal, which there
 * are not.
 */
export { MergeCursor } from "./merge-cursor.ts";
export { VisibleCursor } from "./visible-cursor.ts";
