import type { Lsn, PageId } from "../storage/index.ts";

/**
 * What a tree logs for itself, as what goes into a part of it that has no pages: the log carries
 * the bytes, and only the tree knows what they mean.
 */
export interface LogicalRecord {
  readonly kind: "logical";
  /** Whose it is: below 2^32. Recovery hands it to the handler registered for that tree. */
  readonly tree: number;
  /** At most 65,535 bytes. Copied at once. */
  readonly payload: Uint8Array;
}

/** How a transaction or a batch over several logs has ended, written where that is decided. */
export interface CommitDecision {
  readonly kind: "decision";
  /** Below 2^53. */
  readonly transaction: number;
  /** From 0 to 255; what each means is agreed between who writes it and the handler. */
  readonly verdict: number;
}

/** What a group may hold beside changes of pages. */
export type OwnRecord = LogicalRecord | CommitDecision;

/** One page of a group, as the log has it. */
export interface LoggedChange {
  readonly id: PageId;
  readonly kind: "image" | "operations";
  /** The operations; or the place of the gap and the bytes around it. Part of a larger array. */
  readonly payload: Uint8Array;
}

/** A record of a group, as the log has it. The payloads are part of a larger array. */
export type LoggedRecord = LoggedChange | OwnRecord;

/** One group, as the log has it: what happened together, all or none. */
export interface LoggedGroup {
  /** The position before the group, and the one after it, which is the group's own. */
  readonly startLsn: Lsn;
  readonly lsn: Lsn;
  /** Whether the group is not the last of its batch. */
  readonly continues: boolean;
  readonly records: readonly LoggedRecord[];
  /** Where it was read. */
  readonly file: string;
  readonly offset: number;
}
