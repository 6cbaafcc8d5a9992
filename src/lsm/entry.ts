import { compareBytes } from "../btree/index.ts";

/** What one write left of one key. Newer ones hide older ones, and a tombstone hides all. */
export interface Entry {
  readonly key: Uint8Array;
  /** The sequence number: orders all writes of a database. Below 2^53. */
  readonly seq: number;
  readonly kind: EntryKind;
  /** Empty for a tombstone. */
  readonly value: Uint8Array;
}

export type EntryKind = "value" | "tombstone";

/** Above every sequence number that is given: at it, everything is visible. */
export const SEQ_MAX: number = Number.MAX_SAFE_INTEGER;

/** By keys, as bytes; of one key, the newest first. No two entries are equal. */
export function compareEntries(a: EntryPlace, b: EntryPlace): number {
  return compareBytes(a.key, b.key) || b.seq - a.seq;
}

/** What orders an entry. */
export type EntryPlace = Pick<Entry, "key" | "seq">;
