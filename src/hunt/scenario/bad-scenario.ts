import { LatchworkError } from "../../task/index.ts";
import { NUMBER_MAX } from "./numbers.ts";

/** How much of a text that cannot be read is shown. */
const SHOWN_MAX = 80;

/** A scenario that cannot be read. */
export class BadScenario extends LatchworkError {
  /** What would be right. */
  readonly expected: string;

  constructor(message: string, expected: string) {
    super("BAD_SCENARIO", `${message}; expected ${expected}`);
    this.expected = expected;
  }
}

/** Says what is wrong with a scenario, on which line (0: nowhere), and what would be right. */
export function bad(line: number, what: string, right: string): BadScenario {
  const where = line === 0 ? "scenario" : `scenario line ${line}`;
  const shown = what.length <= SHOWN_MAX ? what : `${what.slice(0, SHOWN_MAX)}...`;
  return new BadScenario(`${where}: ${shown}`, right);
}

/** Reads a whole number of a scenario; `what` is what messages call it, such as `the key`. */
export function number(text: string, line: number, what: string | null = null): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > NUMBER_MAX) {
    const shown = JSON.stringify(text);
    const problem = what === null ? `${shown} is no number` : `${what} is ${shown}`;
    throw bad(line, problem, `a whole number from 0 to ${NUMBER_MAX}`);
  }
  return value;
}
