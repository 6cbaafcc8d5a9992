import { LatchworkError } from "../task/index.ts";
import { NUMBER_MAX } from "./numbers.ts";

/** How much of a text that cannot be read is shown. */
const SHOWN_MAX = 80;

/** Says what is wrong with a scenario, on which line (0: nowhere), and what would be right. */
export function bad(line: number, what: string, right: string): LatchworkError {
  const where = line === 0 ? "scenario" : `scenario line ${line}`;
  const shown = what.length <= SHOWN_MAX ? what : `${what.slice(0, SHOWN_MAX)}...`;
  return new LatchworkError("BAD_SCENARIO", `${where}: ${shown}; expected ${right}`);
}

/** Reads a whole number of a scenario. */
export function number(text: string, line: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > NUMBER_MAX) {
    throw bad(line, `${JSON.stringify(text)} is no number`, `a whole number up to ${NUMBER_MAX}`);
  }
  return value;
}
