import { LatchworkError } from "../../task/index.ts";
import { NUMBER_MAX } from "./numbers.ts";

/** How much of a text that cannot be read is shown. */
const SHOWN_MAX = 80;

/** A scenario that cannot be read. */
export class BadScenario extends LatchworkError {
  /** On which line, from 1; 0 if on none. */
  readonly line: number;
  /** What is wrong there. */
  readonly problem: string;
  /** What would be right. */
  readonly expected: string;

  constructor(line: number, problem: string, expected: string) {
    const where = line === 0 ? "scenario" : `scenario line ${line}`;
    super("BAD_SCENARIO", `${where}: ${problem}; expected ${expected}`);
    this.line = line;
    this.problem = problem;
    this.expected = expected;
  }
}

/** Says what is wrong with a scenario, on which line (0: nowhere), and what would be right. */
export function bad(line: number, what: string, right: string): BadScenario {
  const shown = what.length <= SHOWN_MAX ? what : `${what.slice(0, SHOWN_MAX)}...`;
  return new BadScenario(line, shown, right);
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
