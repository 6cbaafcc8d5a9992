/**
 * What happens in a run, as plain data: what a step is about to do, and what a task does on its way
 * to the next one. Reports, stories, traces and tools take what they need from the fields; only the
 * renderers (`fact-text.ts` here, and what knows of trees in the hunt) make sentences of them.
 *
 * A kind in the base form (`latch-ask`, `file-write`) is what a step does once it is taken; one in
 * the past (`latch-granted`, `page-edited`) happened within the code that ran since the last step.
 * Facts are made when somebody looks, never for a run that nobody listens to, and are not changed
 * afterwards. Kinds and fields may be added; `docs/trace-format.md` says what stays.
 */
export type Fact =
  | LatchFact
  | GateFact
  | GatheringFact
  | PageFact
  | LogFact
  | FileFact
  | FaultFact
  | ValueFact
  | BlockFact
  | TaskFact
  | WaitFact
  | CustomFact;

/** S shared, U update, X exclusive. */
export type ModeLetter = "S" | "U" | "X";

/** One request for a latch, and what becomes of it. */
export interface LatchFact {
  readonly kind: LatchFactKind;
  /** The latch's id: in a tree, the number of the page that it protects. */
  readonly latch: number;
  /** The id under which steps name the latch, which distinguishes the latches of two trees. */
  readonly objectId: number;
  /** Whose request it is; a release hands the latch to another task than the one that runs. */
  readonly task: number;
  /** The mode asked for. */
  readonly mode: ModeLetter;
  /** For an upgrade, the mode in which the task holds the latch until then; else null. */
  readonly heldMode: ModeLetter | null;
  /** Where in the code it was asked for, as `left sibling`. */
  readonly site: string;
  /** Whether it is refused rather than queued if the latch is not free. */
  readonly isTry: boolean;
  /** Whether what the latch protects has to be brought into memory first. */
  readonly isFetching: boolean;
}

/**
 * - `latch-ask`: the step. Taken, it was granted or, for a try, refused.
 * - `latch-queued`: not free; the request waits in the latch's queue, an upgrade at its head.
 * - `latch-blocked`: the task's next step asks for it and cannot be taken; it is in no queue.
 * - `latch-granted`: the task is a holder now; it goes on at its next step if it had waited.
 * - `latch-upgraded`: the task, the only holder, now holds it in the mode asked for.
 * - `latch-refused`: a try that did not get it.
 * - `latch-released`: the task is no holder any more; `mode` is what it held.
 */
export type LatchFactKind =
  | "latch-ask"
  | "latch-queued"
  | "latch-blocked"
  | "latch-granted"
  | "latch-upgraded"
  | "latch-refused"
  | "latch-released";

/** The way into a gate, which admits many together or one exclusively. */
export interface GateFact {
  /** Step: `gate-enter`. The rest: it waits, it is in, it has left. */
  readonly kind: "gate-enter" | "gate-queued" | "gate-entered" | "gate-left";
  readonly gate: string;
  readonly task: number;
  /** Whether it enters exclusively, with everybody else kept out. */
  readonly isExclusive: boolean;
}

/** Writes that go down together, see the engine's write batching. */
export type GatheringFact =
  /**
   * Step: a write joins those that gather, and is over once its batch is. `joined`: it waits for
   * that; `leads`: its task sees to it, for all of them; `over`: it is.
   */
  | { readonly kind: "write-gather"; readonly state: "wanted" | "joined" | "leads" | "over" }
  /** The leader takes so many writes with it. */
  | { readonly kind: "writes-gathered"; readonly writes: number };

/** What is done to pages of a store; numbers are page ids. */
export type PageFact =
  /** Step: brings a page into memory and pins it; `site` is what for. */
  | { readonly kind: "page-fetch"; readonly page: number; readonly site: string }
  /** Step: recovery brings in a page to which it has to do changes again. */
  | { readonly kind: "page-fetch-for-redo"; readonly page: number }
  /** The bytes of these pages were changed, and the change is complete. */
  | { readonly kind: "pages-edited"; readonly pages: readonly number[] }
  /** Step of a reader that holds no latch: takes the page's version, reads part, looks again. */
  | {
      readonly kind: "page-read-optimistic";
      readonly page: number;
      readonly site: string;
      readonly phase: "version" | "header" | "slots" | "cells" | "validate";
      /**
       * Of `version`, whether the page may be read, and of `validate`, whether it has not changed;
       * null for other phases, and before the step is taken.
       */
      readonly isValid: boolean | null;
    }
  /** A free page was taken for use. */
  | { readonly kind: "page-allocated"; readonly page: number }
  /** Nothing points to the page any more; it may be used anew once nobody can be on it. */
  | { readonly kind: "page-freed"; readonly page: number }
  /** The upper entries of `page`, from `separator` on, went to `into`, a fresh page. */
  | {
      readonly kind: "page-split";
      readonly page: number;
      readonly into: number;
      readonly separator: Uint8Array;
    }
  /** The entries of `page` went to `into`, its left sibling. */
  | { readonly kind: "page-merged"; readonly page: number; readonly into: number }
  /** The tree's root is another page now. */
  | { readonly kind: "root-changed"; readonly page: number };

/** What happens to the log; positions are bytes of it since it began. */
export type LogFact =
  /** A change group of these pages was appended, and ends at `position`. */
  | {
      readonly kind: "group-appended";
      readonly position: number;
      readonly pages: readonly number[];
    }
  /** Step: the last moment at which a group can still get into the open block. */
  | { readonly kind: "block-seal" }
  /** A block was closed, to be written. */
  | { readonly kind: "block-sealed"; readonly from: number; readonly to: number }
  /** Everything up to `position` survives a crash. */
  | { readonly kind: "log-durable"; readonly position: number }
  /** Step: the log is durable up to `position`, or this task has to see to it. */
  | {
      readonly kind: "log-wait";
      readonly position: number;
      /** Whether no flush can reach it yet, since a batch that it is in has not ended. */
      readonly isInBatch: boolean;
    }
  /** Step: nobody flushes the log any more. */
  | { readonly kind: "flush-wait" };

/** One request to a disk. All of them are steps; a position or size is in bytes. */
export type FileFact =
  | ({ readonly kind: "file-open"; readonly name: string; readonly mode: string } & InDirectory)
  | ({ readonly kind: "file-read" | "file-write"; readonly name: string } & Extent)
  | { readonly kind: "file-sync" | "file-size" | "file-close"; readonly name: string }
  | { readonly kind: "file-resize"; readonly name: string; readonly bytes: number }
  | ({ readonly kind: "file-rename"; readonly name: string; readonly to: string } & InDirectory)
  | ({ readonly kind: "file-remove"; readonly name: string } & InDirectory)
  /** Opens or removes a directory of that name within another. */
  | ({
      readonly kind: "directory-open";
      readonly name: string;
      readonly mode: string;
    } & InDirectory)
  | ({ readonly kind: "directory-remove"; readonly name: string } & InDirectory)
  /** Lists files or directories, or makes names durable. */
  | ({ readonly kind: "directory-list" | "directories-list" | "directory-sync" } & InDirectory)
  /** A request of a disk that says no more of it than what the operation is called. */
  | { readonly kind: "file-request"; readonly operation: string; readonly name: string };

/** The directory it is done in, by its path on the disk; empty for the topmost. */
export interface InDirectory {
  readonly directory: string;
}

/** Part of a file. */
export interface Extent {
  readonly at: number;
  readonly bytes: number;
}

/** What a simulated disk does wrong, as its schedule decides. */
export type FaultFact =
  | { readonly kind: "disk-fault"; readonly fault: string; readonly name: string }
  /** `delayMs` is infinite for a request that never ends. */
  | { readonly kind: "disk-delay"; readonly request: FileFact; readonly delayMs: number };

/**
 * Steps on variables that tasks share. Values are in words, cut if they are long, as they were when
 * the fact was made: objects may change later.
 */
export type ValueFact =
  /** Once the step is taken, what it gave; before, what is there. */
  | { readonly kind: "value-read"; readonly how: "read" | "load"; readonly value: string }
  | { readonly kind: "value-write"; readonly how: "write" | "store"; readonly value: string }
  /** A read-modify-write: `how` is the method's name. Before it is taken both are what is there. */
  | {
      readonly kind: "value-change";
      readonly how: "update" | "exchange" | "compare and set";
      readonly before: string;
      readonly after: string;
    };

/** Steps of mutexes, semaphores and condition variables. */
export type BlockFact =
  | {
      readonly kind: "mutex-lock";
      /** The condition by whose signal the task must be woken first; null if there is none. */
      readonly condition: string | null;
      /** Whether it was. */
      readonly isSignalled: boolean;
    }
  | { readonly kind: "mutex-try-lock"; readonly isGot: boolean }
  | { readonly kind: "semaphore-acquire" }
  | { readonly kind: "semaphore-try-acquire"; readonly isGot: boolean }
  | { readonly kind: "semaphore-release"; readonly count: number }
  /** Releases the mutex and waits for a signal. */
  | { readonly kind: "condition-wait" }
  | { readonly kind: "condition-signal" | "condition-broadcast" }
  /** A release that was deferred to a step of its own. */
  | { readonly kind: "release" };

/** Beginnings and ends, and what the schedule decides beside the order of steps. */
export type TaskFact =
  | { readonly kind: "task-start" }
  | { readonly kind: "task-spawn" | "task-join"; readonly name: string }
  | { readonly kind: "operation-begun"; readonly operation: string }
  /** `result` is what the operation gave, in words. */
  | { readonly kind: "operation-returned"; readonly operation: string; readonly result: string }
  /** Step: the power fails. Memory is lost, and of the disk what was not synced may be. */
  | { readonly kind: "crash" }
  /** A value below `count` was drawn, as of what survives a crash. */
  | { readonly kind: "value-drawn"; readonly value: number; readonly count: number }
  | { readonly kind: "time-passed"; readonly toMs: number };

/** Steps that wait for something which is not named above. */
export type WaitFact =
  /** `durationMs` is null where a step does not know it any more. */
  | { readonly kind: "sleep"; readonly durationMs: number | null }
  /** Gives others a turn. */
  | { readonly kind: "pause" }
  /** No write of this page is under way. */
  | { readonly kind: "page-write-wait"; readonly page: number }
  /** All page writes that were under way have ended. */
  | { readonly kind: "page-writes-wait" };

/** A step of somebody's own, which says in the infinitive what it does. */
export interface CustomFact {
  readonly kind: "custom";
  readonly label: string;
}
