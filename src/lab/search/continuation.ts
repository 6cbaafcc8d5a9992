import {
  ABANDON,
  type ChoicePoint,
  type Coverage,
  type RunSummary,
  type Schedule,
  type Strategy,
} from "../../sim/index.ts";

/** Follows a schedule that has been decided, and leaves what comes after it to another strategy. */
export class ContinuationStrategy implements Strategy {
  readonly name: string;
  readonly #decided: Schedule;
  readonly #rest: Strategy;

  constructor(decided: Schedule, rest: Strategy) {
    this.name = rest.name;
    this.#decided = decided;
    this.#rest = rest;
  }

  beginRun(): boolean {
    return this.#rest.beginRun();
  }

  choose(point: ChoicePoint): number | typeof ABANDON {
    const wanted = this.#decided[point.decisionIndex];
    if (wanted === undefined) return this.#rest.choose(point);
    if (point.kind === "value") return wanted < 0 && ~wanted < point.count ? ~wanted : ABANDON;
    for (let i = 0; i < point.count; i++) if (point.taskAt(i) === wanted) return i;
    return ABANDON;
  }

  endRun(summary: RunSummary): void {
    this.#rest.endRun(summary);
  }

  coverage(): Coverage {
    return this.#rest.coverage();
  }
}
