import type { Schedule } from "../schedule.ts";
import { type ChoicePoint, type Coverage, sampledCoverage, type Strategy } from "../strategy.ts";
import { optionAtRank } from "./rank.ts";

/**
 * Follows a recorded schedule, as far as it fits.
 *
 * Where the schedule names a task that cannot go on, or is used up, the current task goes on (or
 * the first that can, but no crash): the shortest change that still is a run. {@link drift} tells
 * whether that happened, so that a replay which no longer fits its program is reported and not
 * taken for one.
 */
export class ReplayStrategy implements Strategy {
  readonly name = "replay";
  readonly #schedule: Schedule;
  #runs = 0;
  /** The first step at which the schedule could not be followed, or null. */
  drift: number | null = null;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  beginRun(): boolean {
    this.drift = null;
    return this.#runs++ === 0;
  }

  choose(point: ChoicePoint): number {
    const wanted = this.#schedule[point.decisionIndex];
    if (point.kind === "value") {
      if (wanted !== undefined && wanted < 0 && ~wanted < point.count) return ~wanted;
    } else if (wanted !== undefined && wanted >= 0) {
      for (let i = 0; i < point.count; i++) if (point.taskAt(i) === wanted) return i;
    }
    this.drift ??= point.stepIndex;
    return optionAtRank(point, 0);
  }

  endRun(): void {}

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }
}
