import { parseArgs } from "node:util";
import { CASES, type CaseName } from "./errand.ts";

export const HELP = `Usage: npm run profile:insert -- [options]

Where the time of a put and of a get goes, by phase and by function, and what they allocate.

  --case NAME     one of: ${CASES.join(", ")} (default: all)
  --keys N        keys put, or there to be read (default 400000)
  --in-flight N   operations at once in the durable cases (default 64)
  --repeats N     processes a case (default 3)
  --top N         functions listed a case (default 12)
  --json          one line of JSON
  --help          this text`;

/** Bad input, said in one line. */
export class Refused extends Error {}

/** What the command line asks for. */
export interface Request {
  readonly cases: readonly CaseName[];
  readonly keys: number;
  readonly inFlight: number;
  readonly repeats: number;
  readonly top: number;
}

const LEAST = { keys: 1000, "in-flight": 1, repeats: 1, top: 0 } as const;

/** Reads a command line; null if it asks for help. @throws Refused. */
export function parseRequest(words: readonly string[]): Request | null {
  const { values } = readWords(words);
  if (values.help) return null;
  const number = (name: keyof typeof LEAST): number => {
    const found = Number(values[name]);
    if (Number.isSafeInteger(found) && found >= LEAST[name]) return found;
    const range = `a whole number of at least ${LEAST[name]}`;
    throw new Refused(`--${name}: expected ${range}, found ${JSON.stringify(values[name])}`);
  };
  const name = CASES.find((known) => known === values.case);
  if (values.case !== undefined && name === undefined) {
    const found = JSON.stringify(values.case);
    throw new Refused(`--case: expected one of ${CASES.join(", ")}, found ${found}`);
  }
  return {
    cases: name === undefined ? CASES : [name],
    keys: number("keys"),
    inFlight: number("in-flight"),
    repeats: number("repeats"),
    top: number("top"),
  };
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- inferred from the options
function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        case: { type: "string" },
        keys: { type: "string", default: "400000" },
        "in-flight": { type: "string", default: "64" },
        repeats: { type: "string", default: "3" },
        top: { type: "string", default: "12" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}
