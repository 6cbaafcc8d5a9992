import { LatchworkError } from "../../task/index.ts";
import { jsonCopy } from "../json-value.ts";
import { counter, fifoQueue, setModel, stack } from "./collections.ts";
import { type KvOptions, kvMap } from "./kv-map.ts";
import type { Model } from "./model.ts";
import { multiRegister } from "./multi-register.ts";
import { mutex, semaphore } from "./mutex.ts";
import { casRegister, register } from "./register.ts";

/** What the model of a name starts with. */
export interface NamedModelOptions {
  /**
   * A JSON value in place of the usual one: the first value of a register, what absent keys of a
   * map hold, the registers of `multi-register` as an object, the permits of a `semaphore`.
   */
  readonly initial?: unknown;
  /** Whether the `high` of a map's scans belongs to their range; it does unless given. */
  readonly highEnd?: KvOptions["highEnd"];
}

interface Maker {
  /** Makes the model with this first value, or with the usual one if it is undefined. */
  readonly make: (initial: unknown, highEnd: KvOptions["highEnd"]) => Model;
  /** What `initial` must be; null if the model always starts the same. */
  readonly starts: string | null;
  readonly accepts?: (initial: unknown) => boolean;
}

const ANY = "a JSON value";

const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["register", { make: (initial) => register({ initial }), starts: ANY }],
  ["cas-register", { make: (initial) => casRegister({ initial }), starts: ANY }],
  [
    "knossos-cas-register",
    {
      make: (initial = 0) => casRegister({ initial, nullReads: "wildcard" }),
      starts: ANY,
    },
  ],
  ["kv", { make: (initial, highEnd) => kvMap({ initial, highEnd }), starts: ANY }],
  ["kv-append", { make: (initial = "", highEnd) => kvMap({ initial, highEnd }), starts: ANY }],
  ["set", { make: () => setModel(), starts: null }],
  ["counter", { make: () => counter(), starts: null }],
  ["queue", { make: () => fifoQueue(), starts: null }],
  ["stack", { make: () => stack(), starts: null }],
  ["mutex", { make: () => mutex(), starts: null }],
  [
    "semaphore",
    {
      make: (initial = 1) => semaphore(Number(initial)),
      starts: "a whole number over 0, the permits",
      accepts: (initial) => Number.isSafeInteger(initial) && Number(initial) > 0,
    },
  ],
  [
    "multi-register",
    {
      make: (initial = {}) => multiRegister(initial as Readonly<Record<string, unknown>>),
      starts: "an object of registers",
      accepts: (initial) =>
        typeof initial === "object" && initial !== null && !Array.isArray(initial),
    },
  ],
]);

/** The names {@link modelNamed} knows. */
export const MODEL_NAMES: readonly string[] = [...MAKERS.keys()];

/**
 * Makes the model of that name, with its usual options.
 *
 * @throws LatchworkError UNKNOWN_NAME if there is none, BAD_ARGUMENT if it cannot start so.
 */
export function modelNamed(name: string, options: NamedModelOptions = {}): Model {
  const maker = MAKERS.get(name);
  if (maker === undefined) {
    throw new LatchworkError(
      "UNKNOWN_NAME",
      `no model is called ${JSON.stringify(name)}: expected one of ${MODEL_NAMES.join(", ")}`,
    );
  }
  if (options.initial === undefined) return maker.make(undefined, options.highEnd);
  if (maker.starts === null) {
    const named = [...MAKERS].flatMap(([other, { starts }]) => (starts === null ? [] : [other]));
    const what = `a ${name} always starts the same`;
    throw new LatchworkError(
      "BAD_ARGUMENT",
      `${what}; an initial value is for ${named.join(", ")}`,
    );
  }
  const initial = jsonCopy(options.initial, "the initial value");
  if (maker.accepts?.(initial) === false) {
    const what = `a ${name} cannot start with ${JSON.stringify(initial)}`;
    throw new LatchworkError("BAD_ARGUMENT", `${what}; expected ${maker.starts}`);
  }
  return maker.make(initial, options.highEnd);
}
