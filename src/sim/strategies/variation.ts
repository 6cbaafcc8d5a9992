import type { Prng } from "../../task/index.ts";
import type { ChoicePoint } from "../strategy.ts";

/** How many tasks in a row an added stretch may go on, at most. */
const STRETCH_MAX = 8;

/** No option: whoever asks is to choose by themselves. */
const OWN = -1;

/**
 * Follows recorded choices with one change, at a place that is drawn:
 *
 * - *added*: another task goes on for a few choices, and then things go on as recorded. This adds a
 *   preemption, or moves one;
 * - *left out*: a few choices are, which takes one away;
 * - *cut*: from there on the run is another.
 *
 * A recorded choice of a task that cannot go on is passed over.
 */
export class Variation {
  readonly #prng: Prng;
  #choices: readonly number[] = [];
  #next = 0;
  #place = 0;
  #kind: "added" | "left out" | "cut" = "cut";
  /** Choices that an added stretch still has, and its task. */
  #stretch = 0;
  #stretchTask = -1;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** Begins a run. @param choices At each choice the task, or `~v` for a value. */
  begin(choices: readonly number[]): void {
    this.#choices = choices;
    this.#next = 0;
    this.#stretch = 0;
    this.#place = OWN;
    if (choices.length === 0) return;
    this.#place = this.#prng.below(choices.length);
    this.#kind = (["added", "left out", "cut"] as const)[this.#prng.below(3)] ?? "cut";
  }

  /** The option to take, or -1 where whoever asks is to choose. */
  wanted(point: ChoicePoint): number {
    if (this.#place >= 0 && this.#next >= this.#place) this.#change(point);
    if (this.#stretch > 0) {
      this.#stretch--;
      const option = optionOf(point, this.#stretchTask);
      if (option >= 0) return option;
      this.#stretch = 0;
    }
    return this.#follow(point);
  }

  #follow(point: ChoicePoint): number {
    while (this.#next < this.#choices.length) {
      const option = optionOf(point, this.#choices[this.#next++] ?? 0);
      if (option >= 0) return option;
    }
    return OWN;
  }

  #change(point: ChoicePoint): void {
    // Once only.
    this.#place = OWN;
    if (this.#kind === "cut") {
      this.#next = this.#choices.length;
      return;
    }
    const length = 1 + this.#prng.below(STRETCH_MAX);
    if (this.#kind === "left out") {
      this.#next += length;
      return;
    }
    const drawn = this.#prng.below(point.count);
    this.#stretchTask = point.kind === "value" ? ~drawn : point.taskAt(drawn);
    this.#stretch = length;
  }
}

/** The option that a recorded choice means here, or -1. A crash is none. */
function optionOf(point: ChoicePoint, choice: number): number {
  if (point.kind === "value") return choice < 0 && ~choice < point.count ? ~choice : OWN;
  for (let i = 0; i < point.count; i++) {
    if (i !== point.crashIndex && point.taskAt(i) === choice) return i;
  }
  return OWN;
}
