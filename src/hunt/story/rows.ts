import type { Fact, LatchFact } from "../../task/index.ts";

/** How a step of a story ended. */
export type StoryOutcome =
  | "taken"
  /** The latch was not free, or the gate; the task waits in its queue. */
  | "waits"
  /** The task now has the latch or gate that it was waiting for. */
  | "granted"
  /** A try-latch did not get it. */
  | "refused"
  /** The disk made it fail, as was drawn or planned. */
  | "fails"
  /** The run ended before the task could take the step. */
  | "wants";

/** One step of one task, with what the task did before it paused again. */
interface AnyRow {
  /** Counted from 1, 0 before the first; null for a step that the run ended without. */
  readonly step: number | null;
  readonly task: number;
  /** The operation it belongs to, by its index in the story's operations; -1 for none of them. */
  readonly operation: number;
  /** Whether it is the operation's first step. */
  readonly isFirst: boolean;
  readonly outcome: StoryOutcome;
  /** For a step that waits: the tasks in its way. */
  readonly behind: readonly number[];
  /** The latch orders that asking for this breaks, and what is held against them. */
  readonly breaks: readonly string[];
  /** What the task changed in tree and log before its next step. */
  readonly changes: readonly string[];
  /** The operations that ended before its next step. */
  readonly ended: readonly number[];
  /** The latches the task holds afterwards, oldest first: `S0`, `X4`. */
  readonly holds: readonly string[];
  /** What the step met, if the world made it fail: `DISK_ERROR: sync of log-1: ...`. */
  readonly fault: string | null;
  /** What the disk did wrong meanwhile, as drawn or planned: `a failed sync of log-1`. */
  readonly faults: readonly string[];
  /** What the task must wait for next, where that is not a step of its own. */
  readonly blocked: string | null;
  /** What went wrong in the code that ran before the next step. */
  readonly fails: string | null;
  /** Whether another task took over next though this one could have gone on. */
  readonly isPreempted: boolean;
}

/** A step that is about a latch. */
export interface LatchRow extends AnyRow {
  readonly kind: "latch";
  /** What the step does, as data; so too in the rows below. */
  readonly fact: LatchFact;
  /** `S`, `try S`, `X`, `upgrade to X`. */
  readonly mode: string;
  readonly page: number;
  /** The partition whose page it is; null where there is one tree. */
  readonly partition: number | null;
  /** What the page was at that moment: `leaf [20,30)`. */
  readonly role: string;
  /** What the page is to the protocol: `child`, `left sibling`. */
  readonly site: string;
  /** For a leaf latched to be read, what is in it then: `[10,20]`. */
  readonly sees: string | null;
  /** Whether the page had to be read from the disk first. */
  readonly isRead: boolean;
}

/** A step of disk, log or gate. */
export interface DurableRow extends AnyRow {
  readonly kind: "durable";
  readonly fact: Fact;
  /** `writes bytes 32-119 of log-1`. */
  readonly text: string;
  /** Whether it says nothing of what becomes durable, as the reading of a file does not. */
  readonly isQuiet: boolean;
}

/** A step of anything else: of a page that is read without a latch, or of somebody's own. */
export interface PlainRow extends AnyRow {
  readonly kind: "plain";
  readonly fact: Fact;
  /** `reads slots of page 4 (leaf [20,30)), as child`. */
  readonly text: string;
}

/** What an operation did before its first step: it failed there, or needed none. */
export interface StartRow extends AnyRow {
  readonly kind: "start";
}

/** The step of a crash. */
export interface CrashRow extends AnyRow {
  readonly kind: "crash";
  /** Counted from 1. */
  readonly crash: number;
  /** What was in memory only, and what became of each unsynced write. */
  readonly survived: readonly string[];
  /** What the control file and the log say now. */
  readonly found: readonly string[];
  /** The operations it cut off, and those acknowledged by then. */
  readonly cut: readonly number[];
  readonly acknowledged: readonly number[];
}

/** A step of a task that opens the database after a crash. */
export interface RecoveryRow extends AnyRow {
  readonly kind: "recovery";
  readonly fact: Fact;
  readonly text: string;
  readonly isQuiet: boolean;
  /** For the last one: what recovery did, and the tree it gave, a line a level. */
  readonly report: readonly string[];
  readonly tree: readonly string[];
}

/** One step of one task, with what the task did before it paused again. */
export type StoryRow = StartRow | LatchRow | DurableRow | PlainRow | CrashRow | RecoveryRow;

/** How much of the log was durable when an operation was acknowledged. */
export interface Acknowledged {
  /** Everything up to this position was durable. */
  readonly durableLsn: number;
  /** Where the log ended. */
  readonly endLsn: number;
}

/** One operation of a story. */
export interface StoryOperation {
  readonly task: number;
  /** `insert 15`. */
  readonly text: string;
  /** Its first and last step, counted from 1; null if it never began, or never ended. */
  readonly firstStep: number | null;
  readonly lastStep: number | null;
  /** `-> absent`; null if it did not end. */
  readonly result: string | null;
  /** For a write of a durable scenario: set once it was acknowledged, so that it has to last. */
  readonly acknowledged: Acknowledged | null;
}

/** Something that is filled in bit by bit. */
export type Open<T> = T extends unknown ? { -readonly [K in keyof T]: T[K] } : never;

/** A row of which only the task is known yet. */
export function emptyRow(task: number, step: number | null): Open<AnyRow> {
  return {
    step,
    task,
    operation: -1,
    isFirst: false,
    outcome: "taken",
    behind: [],
    breaks: [],
    changes: [],
    ended: [],
    holds: [],
    fault: null,
    faults: [],
    blocked: null,
    fails: null,
    isPreempted: false,
  };
}
