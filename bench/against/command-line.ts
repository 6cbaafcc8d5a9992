import { parseArgs } from "node:util";

export const BENCHES = ["sim", "tree", "check", "storage"] as const;
export type BenchName = (typeof BENCHES)[number];

export const CLOCKS = ["wall", "cpu"] as const;
export type ClockName = (typeof CLOCKS)[number];

/** What was asked for. */
export interface Request {
  readonly revision: string;
  readonly rows: readonly BenchName[];
  readonly rounds: number;
  /** What each row's ratio has to reach, or null if nothing is judged. */
  readonly least: number | null;
  readonly clock: ClockName;
  readonly json: boolean;
}

/** What a person asked for cannot be done; the message is one line for them. */
export class Refused extends Error {
  override readonly name = "Refused";
}

const ROUNDS = 3;

export const HELP = `usage: npm run bench:against -- REV [options]

Builds revision REV in a temporary folder, measures it and the working tree in turn, process by
process, and prints for each row how many times as fast this one is: above 1 is faster here.

  --rows NAMES   of ${BENCHES.join(",")} (default: all)
  --rounds N     how often each side measures each row (default: ${ROUNDS})
  --least R      exit with 1 if the median ratio of a row is under R
  --clock NAME   wall (default), or cpu: the time that a process has on a processor, for a machine
                 that others use as well
  --json         print one line of JSON
  --help         print this

Exit codes: 0 done, 1 a row is under --least, 2 bad input, 130 interrupted; what was measured until
then is printed. A round of all rows takes about two minutes. Measure on an idle machine; to see how
far to trust it, measure a revision against itself (REV = HEAD).

example: npm run bench:against -- edc34cd --rows sim,tree --rounds 5 --least 0.95
`;

/** Reads the words behind the command; null asks for help. Throws `Refused`. */
export function parseRequest(words: readonly string[]): Request | null {
  const { values, positionals } = parse(words);
  if (values.help) return null;
  const [revision, ...others] = positionals;
  if (revision === undefined) throw new Refused("expected a revision, such as HEAD~1; see --help");
  if (others.length > 0) throw new Refused(`expected one revision, found ${positionals.join(" ")}`);
  return {
    revision,
    rows: values.rows === undefined ? BENCHES : parseRows(values.rows),
    rounds: values.rounds === undefined ? ROUNDS : parseRounds(values.rounds),
    least: values.least === undefined ? null : parseLeast(values.least),
    clock: parseClock(values.clock),
    json: values.json,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        rows: { type: "string" },
        rounds: { type: "string" },
        least: { type: "string" },
        clock: { type: "string", default: "wall" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    // Node explains at length how to write a positional that begins with a dash.
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new Refused(`${first}; see --help`, { cause: error });
  }
}

function parseRows(text: string): BenchName[] {
  const asked = text.split(",");
  const unknown = asked.find((name) => !BENCHES.some((each) => each === name));
  if (unknown !== undefined) {
    const known = BENCHES.join(", ");
    throw new Refused(`--rows: expected some of ${known}, found ${JSON.stringify(unknown)}`);
  }
  return BENCHES.filter((name) => asked.includes(name));
}

function parseRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isSafeInteger(rounds) && rounds > 0) return rounds;
  throw new Refused(`--rounds: expected a whole number above 0, found ${JSON.stringify(text)}`);
}

function parseLeast(text: string): number {
  const least = Number(text);
  if (Number.isFinite(least) && least > 0) return least;
  throw new Refused(`--least: expected a number above 0, found ${JSON.stringify(text)}`);
}

function parseClock(text: string): ClockName {
  const clock = CLOCKS.find((name) => name === text);
  if (clock !== undefined) return clock;
  throw new Refused(`--clock: expected ${CLOCKS.join(" or ")}, found ${JSON.stringify(text)}`);
}
