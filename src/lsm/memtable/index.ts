/**
 * Memtables: what is logged and in no run yet, in memory and in order.
 *
 * Invariants:
 * 1. Entries are added, and none is changed or taken away; a frozen memtable never changes.
 * 2. An entry is added within one segment, and every access is declared.
 * 3. The same writes give the same table, on every machine.
 *
 * Left out: the log, which has every entry before a memtable does; a memtable that is a latched
 * tree of ours, to be measured beside this one.
 */
export { Memtable } from "./memtable.ts";
export { MemtableCursor } from "./memtable-cursor.ts";
