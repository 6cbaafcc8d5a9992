import type { JsonFields } from "../../hunt/index.ts";
import type { FailureKind, Schedule } from "../../sim/index.ts";

/**
 * One run, step by step, as plain data: it can be sent to and from a worker. Stop 0 is before the
 * first step, and stop `i` after step `i`.
 */
export interface Film {
  /** Every decision that was made, to the last stop. */
  readonly schedule: Schedule;
  /** The tasks that there were, by number; crashes and recoveries are tasks too. */
  readonly tasks: readonly FilmTask[];
  readonly stops: readonly Stop[];
  /** Why the run failed, or null: it went well, or is not over. */
  readonly failure: FilmFailure | null;
  /** Whether the last stop is the end of the run. */
  readonly isOver: boolean;
  /**
   * The first step, from 1, that is not as the schedule had it, or null. A schedule that is
   * followed exactly is followed up to there.
   */
  readonly drift: number | null;
  /** How often a task was switched away from that could have gone on. */
  readonly preemptions: number;
}

/** A task, and the operations of the scenario that it does. */
export interface FilmTask {
  readonly task: number;
  /** As schedules and columns name it: `a`. */
  readonly name: string;
  readonly role: TaskRole;
  readonly operations: readonly { readonly index: number; readonly text: string }[];
}

export type TaskRole = "operations" | "crash" | "recovery";

/** A failure in words, and for a deadlock, who waits for whom. */
export interface FilmFailure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly task: number | null;
  /** Each waits for the next one, and the last for the first; empty if it is no deadlock. */
  readonly cycle: readonly {
    readonly task: number;
    readonly wants: string;
    readonly holds: readonly string[];
  }[];
}

/** A moment between two steps. */
export interface Stop {
  /** How many decisions of the schedule had been made: what is left of it if one cuts here. */
  readonly decisions: number;
  /** The step that led here, in words; null at stop 0. */
  readonly deed: Deed | null;
  /** The trace lines of that step, as docs/trace-format.md has them. */
  readonly lines: readonly JsonFields[];
  /** What each task is about to do, by task; and whether it may. */
  readonly next: readonly Intent[];
  /** The tasks that may go next: one only where there is no choice, none at the end of the run. */
  readonly choices: readonly number[];
  /** The values that were drawn in the step that led here, as of which writes a crash leaves. */
  readonly draws: readonly Draw[];
}

/** A value that the schedule decides: any from 0 to `count - 1` was possible. */
export interface Draw {
  /** Where in the schedule it stands, as `~value`. */
  readonly at: number;
  readonly value: number;
  readonly count: number;
}

/** A step that was taken. */
export interface Deed {
  readonly task: number;
  /** As in `latches S on page 4 (root), as root`, or what it waits for. */
  readonly text: string;
  /** The kind of its fact: see docs/trace-format.md. */
  readonly kind: string;
  /** The latch or other object that it is about; negative if none. */
  readonly objectId: number;
}

/** What a task is about to do. */
export interface Intent {
  readonly task: number;
  /**
   * Of a task that is ready, in the infinitive, as in `latch S on page 4 (root), as root`; of one
   * that waits, what follows the word, as in `to latch S on page 4`; empty if it has ended.
   */
  readonly text: string;
  readonly kind: string;
  readonly objectId: number;
  /** The page of the latch that it is to ask for, or to read; null if it is about no page. */
  readonly page: number | null;
  /** The mode in which it asks for a latch, as `S`; null for what is no latch. */
  readonly mode: string | null;
  /** `ready`: may go on. `waits`: may not. `ended`, or `stopped` by a crash before its end. */
  readonly state: "ready" | "waits" | "ended" | "stopped";
  /** Whether it has been given the latch that it was waiting for, and only has to go on. */
  readonly isGranted: boolean;
  /** Whether the step would be taken now, or only join a queue. */
  readonly isFree: boolean;
}
