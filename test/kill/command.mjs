import { parseArgs } from "node:util";

/** Ends the process with 2 and one line: the words it was started with are wrong. */
export function refuse(why) {
  process.stderr.write(`${why}; see --help\n`);
  process.exit(2);
}

/** As node's `parseArgs`, with `--help`, which prints the usage. */
export function readWords(usage, config) {
  if (process.argv.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    return refuse(error.message.split("\n")[0]);
  }
}

/** The number that a text names; ends with 2 if it is no whole number above 0. */
export function wholeNumber(name, text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  return refuse(`${name} must be a whole number above 0, not ${JSON.stringify(text)}`);
}

/** Reads `--rounds N --seed S --protocol P --json`. */
export function readArguments(command, defaults) {
  const usage = `npm run ${command} -- [--rounds N] [--seed S] [--protocol P] [--json]`;
  const { values } = readWords(usage, {
    options: {
      rounds: { type: "string", default: String(defaults.rounds) },
      seed: { type: "string", default: "1" },
      protocol: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  return { ...values, rounds: wholeNumber("--rounds", values.rounds) };
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
