import type { Lsn, PageId, PageRedo, PageView } from "../storage/index.ts";
import type { Task } from "../task/index.ts";
import type { OwnRecord } from "./log-records.ts";

/** How one page of a change group was changed. The objects are reused by later groups. */
export interface PageChange {
  readonly id: PageId;
  /** The page as it is now, latched, with the position of its last change before this one. */
  readonly page: PageView;
  readonly redo: PageRedo;
  /** The bytes of the page that mean nothing, from here to `unusedTo`: no image needs them. */
  readonly unusedFrom: number;
  readonly unusedTo: number;
}

/** Where change groups are recorded, and where their log sequence numbers come from. */
export interface ChangeLog {
  /** Whether changes are kept; if not, they need not be described. */
  readonly keepsChanges: boolean;
  /** The position after the last group: redo of whatever comes next begins here. */
  readonly endLsn: Lsn;
  /**
   * Records that these pages changed together, all or none, while all of them are latched. Never
   * waits, so that the position is drawn and stamped under the latches.
   *
   * @param records What else happened together with that; there must be one or the other.
   * @returns the position after the group, greater than any before. The group is durable once the
   *   log is up to there.
   */
  append(changes: readonly PageChange[], records?: readonly OwnRecord[]): Lsn;
  /**
   * Waits until the log is durable up to a position, as the commit policy has it.
   *
   * @param waitsFor Whether the caller made a change up to there, or saw one; for the message.
   * @throws LatchworkError LOG_FAILED or NO_SPACE if it cannot be.
   */
  waitDurable(position: Lsn, waitsFor?: "change" | "sight"): Task<void>;
}
