/**
 * The write-ahead log: change groups in order, made durable together, replayed after a crash.
 *
 * Invariants:
 * 1. A group's position is drawn while all its pages are latched.
 *
 * Left out: undo. A change group is complete when it is appended.
 */
export type { ChangeLog, PageChange } from "./change-log.ts";
