import { parseArgs } from "node:util";

/** Reads `--rounds N --seed S --protocol P --json`. */
export function readArguments(defaults) {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: String(defaults.rounds) },
      seed: { type: "string", default: "1" },
      protocol: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds must be a whole number above 0, not ${values.rounds}`);
  }
  return { ...values, rounds };
}

/** Shows how far it is, on a terminal, and what came of it. */
export class Show {
  #isQuiet;

  constructor(isQuiet) {
    this.#isQuiet = isQuiet || !process.stderr.isTTY;
  }

  progress(line) {
    if (!this.#isQuiet) process.stderr.write(`\r\u001b[K${line}`);
  }

  end() {
    this.progress("");
  }
}

/** Gives the outcome, in words or as JSON, and sets the exit code. */
export function conclude(outcome, isJson, lines) {
  const text = isJson ? JSON.stringify(outcome, null, 2) : lines.join("\n");
  process.stdout.write(`${text}\n`);
  process.exitCode = outcome.problems.length === 0 ? 0 : 1;
}

export function countOf(number, what) {
  return `${number.toLocaleString("en-US")} ${what}${number === 1 ? "" : "s"}`;
}

/** `a 3, b 2`: most frequent first. */
export function tally(counts) {
  const sorted = Object.entries(counts).toSorted((a, b) => b[1] - a[1]);
  return sorted.map(([name, count]) => `${name} ${count}`).join(", ");
}
