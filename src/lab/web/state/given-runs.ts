import type { Film, FilmScript } from "../../index.ts";
import { formatSchedule, type Schedule } from "../../../sim/index.ts";

/**
 * The runs that the visitor did not decide: they were found, drawn at random or came with a link.
 * A run to which they have added a decision is theirs; so is one in which whoever runs goes on.
 */
export class GivenRuns {
  readonly #schedules = new Set<string>();

  /** The visitor is given a run. */
  give(schedule: Schedule): void {
    if (schedule.length > 0) this.#schedules.add(formatSchedule(schedule));
  }

  /** The visitor decides a run, which may be one that they were given before. */
  decide(schedule: Schedule): void {
    this.#schedules.delete(formatSchedule(schedule));
  }

  /** A script was filmed. */
  filmed({ schedule, goOn }: FilmScript, film: Film): void {
    const isDrawn = goOn !== null && goOn.strategy !== "on";
    if (isDrawn || this.has(schedule)) this.give(film.schedule);
    else this.decide(film.schedule);
  }

  has(schedule: Schedule): boolean {
    return this.#schedules.has(formatSchedule(schedule));
  }
}
