import type { JsonFields } from "../../hunt/index.ts";
import type { Draw } from "./film.ts";

/**
 * The values drawn in one step, from its trace lines.
 *
 * @param from Where in the schedule the first of them stands.
 */
export function drawsOf(lines: readonly JsonFields[], from: number): Draw[] {
  return lines
    .filter(({ kind }) => kind === "value-drawn")
    .map(({ value, count }, i) => ({ at: from + i, value: Number(value), count: Number(count) }));
}
