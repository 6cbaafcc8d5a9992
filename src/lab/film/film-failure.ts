import { type Failure, linesOf } from "../../sim/index.ts";
import { heldOf, wishOf } from "../../task/index.ts";
import type { FilmFailure } from "./film.ts";

/** A failure in words. */
export function failureOf({ kind, message, task, cycle = [] }: Failure): FilmFailure {
  return {
    kind,
    message: linesOf(message).join("\n"),
    task,
    cycle: cycle.map(({ task: id, wants, held }) => ({
      task: id,
      wants: wants === null ? "" : wishOf(wants.fact, wants.object),
      holds: held.map(({ fact, object }) => heldOf(fact, object)),
    })),
  };
}
