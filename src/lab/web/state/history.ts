import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Moment } from "./moment.ts";

/** Moments that can be gone back to. */
const KEPT_MAX = 500;

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

  /** The moment before `now`; null if there is none. */
  undo(now: Moment): Moment | null {
    const before = this.#past.value.at(-1);
    if (before === undefined) return null;
    this.#past.value = this.#past.value.slice(0, -1);
    this.#future.value = [...this.#future.value, now];
    return before;
  }

  /** The moment that was undone last; null if there is none. */
  redo(now: Moment): Moment | null {
    const after = this.#future.value.at(-1);
    if (after === undefined) return null;
    this.#future.value = this.#future.value.slice(0, -1);
    this.#past.value = [...this.#past.value, now];
    return after;
  }
}
