import type { Task } from "../task/index.ts";
import type { Entry } from "./entry.ts";

/**
 * A place in something sorted: a memtable, a run, or several of them merged. Entries are in the
 * order of {@link compareEntries}; a new cursor is before the first.
 */
export interface Cursor {
  /**
   * Goes before the first entry of `key` whose sequence number is not above `seq`, or of the first
   * key above it. With null, before all.
   */
  seek(key: Uint8Array | null, seq: number): Task<void>;
  /**
   * Goes behind the last entry of the last key below `key`, or not above it if `isInclusive`. With
   * null, behind all.
   */
  seekBack(key: Uint8Array | null, isInclusive: boolean): Task<void>;
  /** Moves to the next entry; false at the end. */
  next(): Task<boolean>;
  /** Moves to the entry before; false at the beginning. */
  previous(): Task<boolean>;
  /** The entry that the last move came to. Its bytes may change with the next move. */
  readonly entry: Entry;
  /** Gives back what it holds. */
  close(): void;
}
