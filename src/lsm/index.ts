/**
 * The log-structured merge tree, an engine beside the B+ tree: writes go to a table in memory and
 * to the same log; tables are written out as sorted runs, and runs are merged (O'Neil et al., "The
 * Log-Structured Merge-Tree", Acta Informatica 1996; LevelDB and RocksDB have the form followed
 * here).
 *
 * It is being built: so far there are entries and cursors over them.
 *
 * Invariants:
 * 1. Every write has a sequence number of its own; a reader at a number sees all writes up to it,
 *    and no other.
 * 2. Whatever is sorted is so by keys, and of one key the newest entry comes first.
 *
 * Left out: everything that a B+ tree does in place.
 */
export type { Cursor } from "./cursor.ts";
export { compareEntries, type Entry, type EntryKind, type EntryPlace, SEQ_MAX } from "./entry.ts";
