import type { TaskRole } from "../film/index.ts";

/** How everything stands at one stop of a film, as far as a drawing needs it. Never changed. */
export interface Picture {
  /** The stop of the film. */
  readonly stop: number;
  /** Whether there is a database to look at: not between a crash and the end of its recovery. */
  readonly isOpen: boolean;
  /** The trees, one for each partition; while the database is not open, as they were before. */
  readonly trees: readonly TreePicture[];
  /** By task number. */
  readonly tasks: readonly TaskPicture[];
  /** Latches of pages that are held or waited for, by object id. */
  readonly latches: ReadonlyMap<number, LatchPicture>;
  /** Gates that keep writers and batches apart, by name; none where there are partitions. */
  readonly gates: ReadonlyMap<string, GatePicture>;
  /** The pages that look different since the last stop, as {@link pageKey} names them. */
  readonly changed: ReadonlySet<string>;
  /** The log and what survives; null for a scenario in memory. */
  readonly disk: DiskPicture | null;
  /** What the step that led here did, beside its own deed, in words, oldest first. */
  readonly events: readonly PictureEvent[];
}

export interface TreePicture {
  /** From 0; null where there is one tree. */
  readonly partition: number | null;
  /** The page at which the tree begins; null if there is no tree, as during a recovery. */
  readonly root: number | null;
  /** The pages in use, by number; without the meta page and the space map. */
  readonly pages: ReadonlyMap<number, PagePicture>;
}

/** One page of a tree. Keys are in hexadecimal, as in a trace; `keyText` gives words. */
export interface PagePicture {
  readonly page: number;
  readonly kind: "leaf" | "inner" | "unreadable";
  readonly level: number;
  /** Empty: below all keys. */
  readonly low: string;
  /** Null: no bound. */
  readonly high: string | null;
  /** Page numbers; 0 for none. */
  readonly left: number;
  readonly right: number;
  readonly entries: readonly EntryPicture[];
}

export interface EntryPicture {
  readonly key: string;
  /** Of a leaf, in hexadecimal; else null. */
  readonly value: string | null;
  /** Of an inner page; else null. */
  readonly child: number | null;
}

export type Mode = "S" | "U" | "X";

/** The latch of a page. */
export interface LatchPicture {
  readonly objectId: number;
  /** Of what partition it is; null where there is one tree. */
  readonly partition: number | null;
  /** The page that it protects; 0 is the meta page. */
  readonly page: number;
  /** As in `page 2 (leaf)`. */
  readonly name: string;
  readonly holders: readonly LatchUse[];
  /** Those in line, the next one first. */
  readonly queue: readonly LatchUse[];
  /** Those that wait outside the line and ask once they can have it. */
  readonly blocked: readonly LatchUse[];
}

export interface LatchUse {
  readonly task: number;
  readonly mode: Mode;
  /** For an upgrade, what the task holds meanwhile. */
  readonly heldMode: Mode | null;
  /** What the page is to the protocol, as `left sibling`. */
  readonly site: string;
}

export interface TaskPicture {
  readonly task: number;
  readonly name: string;
  readonly role: TaskRole;
  readonly state: "ready" | "waits" | "ended" | "stopped";
  /** Whether it may be the next to go on, and whether its step would only join a queue. */
  readonly mayGo: boolean;
  readonly wouldWait: boolean;
  readonly operations: readonly OperationPicture[];
  /** What it did last, in words; empty before its first step. */
  readonly did: string;
  /** What it does next: see `Intent.text`. */
  readonly next: string;
  /** The page that its next step is about, and the mode in which it asks for its latch. */
  readonly wants: WantedPage | null;
  /** The page that its last latch or read was about; null if there is none yet. */
  readonly at: PagePlace | null;
  /** What it holds, the oldest first. */
  readonly holds: readonly HeldLatch[];
  /** The tasks that it waits for: who holds what it wants, or is before it in the line. */
  readonly waitsFor: readonly number[];
}

export interface PagePlace {
  readonly page: number;
  /** Of what partition it is; null where there is one tree, or where it is not told. */
  readonly partition: number | null;
}

export interface WantedPage extends PagePlace {
  /** Null for a read without a latch. */
  readonly mode: Mode | null;
}

export interface HeldLatch {
  readonly objectId: number;
  readonly partition: number | null;
  readonly page: number;
  readonly name: string;
  readonly mode: Mode;
}

export interface OperationPicture {
  readonly index: number;
  readonly text: string;
  readonly state: "to come" | "runs" | "returned" | "cut off";
  /** As in `-> absent`; null before it has returned. */
  readonly result: string | null;
}

/** A gate, which many may enter together or one alone. */
export interface GatePicture {
  readonly inside: readonly GateUse[];
  /** Those in line, the next one first. */
  readonly queue: readonly GateUse[];
}

export interface GateUse {
  readonly task: number;
  readonly isExclusive: boolean;
}

/** The log, in the order in which groups of changes were appended. */
export interface DiskPicture {
  /** None where there are several partitions, whose logs have positions of their own. */
  readonly groups: readonly GroupPicture[];
  /** Everything up to this position survives a crash. */
  readonly durableTo: number;
  readonly crashes: number;
  /** Files with what was written to them and not synced since. */
  readonly unsynced: readonly string[];
}

export interface GroupPicture {
  readonly position: number;
  readonly pages: readonly number[];
  /** `in doubt`: a crash came before it was durable, so it may be lost. */
  readonly state: "in memory" | "durable" | "in doubt";
}

/** Something that happened, for the eye to follow. */
export interface PictureEvent {
  readonly kind: PictureEventKind;
  readonly text: string;
  readonly task: number | null;
  /** The pages that it is about, as of a split the old one and the new one. */
  readonly pages: readonly number[];
}

export type PictureEventKind =
  | "split"
  | "merge"
  | "root"
  | "allocated"
  | "freed"
  | "changed"
  | "waits"
  | "gate-waits"
  | "gate-entered"
  | "gate-left"
  | "granted"
  | "released"
  | "refused"
  | "began"
  | "returned"
  | "durable"
  | "crash"
  | "fault";
