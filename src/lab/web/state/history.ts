import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Moment } from "./moment.ts";

/** Moments that can be gone back to. */
const KEPT_MAX = 500;

/** A way through the history, which has not been gone yet: the moment may not be to be had. */
export interface HistoryMove {
  readonly to: Moment;
  /** Is called once the moment is shown. */
  readonly done: () => void;
}

/** What was looked at before, for undo, and what was undone, for redo. */
export class MomentHistory {
  readonly #past = signal<readonly Moment[]>([]);
  readonly #future = signal<readonly Moment[]>([]);
  readonly canUndo: ReadonlySignal<boolean> = computed(() => this.#past.value.length > 0);
  readonly canRedo: ReadonlySignal<boolean> = computed(() => this.#future.value.length > 0);

  /** The visitor leaves a moment by something that can be undone. */
  left(moment: Moment): void {
    this.#past.value = [...this.#past.value, moment].slice(-KEPT_MAX);
    this.#future.value = [];
  }

  /** There is nothing to go back to, or on to. */
  clear(): void {
    this.#past.value = [];
    this.#future.value = [];
  }

  /** To the moment before `now`; null if there is none. */
  undo(now: Moment): HistoryMove | null {
    return move(this.#past, this.#future, now);
  }

  /** To the moment that was undone last; null if there is none. */
  redo(now: Moment): HistoryMove | null {
    return move(this.#future, this.#past, now);
  }
}

type Moments = Signal<readonly Moment[]>;

function move(from: Moments, other: Moments, now: Moment): HistoryMove | null {
  const to = from.value.at(-1);
  if (to === undefined) return null;
  const done = (): void => {
    from.value = from.value.slice(0, -1);
    other.value = [...other.value, now];
  };
  return { to, done };
}
