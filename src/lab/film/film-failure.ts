import { type Failure, linesOf } from "../../sim/index.ts";
import type { FilmFailure } from "./film.ts";
import { heldWords, stepWords } from "./step-words.ts";

/** A failure in words. */
export function failureOf({ kind, message, task, cycle = [] }: Failure): FilmFailure {
  return {
    kind,
    message: linesOf(message).join("\n"),
    task,
    cycle: cycle.map(({ task: id, wants, held }) => ({
      task: id,
      wants: wants === null ? "" : stepWords(wants.fact, wants.object).wish,
      holds: held.map(({ fact, object }) => heldWords(fact, object)),
    })),
  };
}
