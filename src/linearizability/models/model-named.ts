import { LatchworkError, optionNames, refuseUnknownOptions } from "../../task/index.ts";
import { jsonCopy } from "../json-value.ts";
import { counter, fifoQueue, setModel, stack } from "./collections.ts";
import { type KvOptions, kvMap } from "./kv-map.ts";
import type { Model, NullReads } from "./model.ts";
import { multiRegister } from "./multi-register.ts";
import { mutex, semaphore } from "./mutex-model.ts";
import { refuseUnknownHighEnd, refuseUnknownNullReads, refuseUnlessFlag } from "./option-values.ts";
import { casRegister, register, type RegisterOptions } from "./register.ts";

/** What the model of a name starts with. */
export interface NamedModelOptions {
  /**
   * A JSON value in place of the usual one: the first value of a register, what absent keys of a
   * map hold, the registers of `multi-register` as an object, the permits of a `semaphore`, the
   * number that a counter begins with.
   */
  readonly initial?: unknown;
  /** Whether the `high` of a map's scans belongs to their range; it does unless given. */
  readonly highEnd?: KvOptions["highEnd"];
  /** What a read of null means, in place of what it means to the model. */
  readonly nullReads?: NullReads | undefined;
  /** Of a counter: whether an answer that repeats the argument says nothing. */
  readonly echoes?: boolean | undefined;
}

const OPTION_NAMES = optionNames<NamedModelOptions>({
  initial: true,
  highEnd: true,
  nullReads: true,
  echoes: true,
});

/** The options without `initial`, for models that look at them. */
type Reading = Omit<NamedModelOptions, "initial">;

interface Maker {
  /** Makes the model with this first value, or with the usual one if it is undefined. */
  readonly make: (initial: unknown, reading: Reading) => Model;
  /** What `initial` must be; null if the model always starts the same. */
  readonly starts: string | null;
  readonly accepts?: (initial: unknown) => boolean;
  /** Whether it has reads that can find null. */
  readonly readsNull?: true;
}

const ANY = "a JSON value";

const isWhole = Number.isSafeInteger;

const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["register", registerMaker((options) => register(options))],
  ["cas-register", registerMaker((options) => casRegister(options))],
  [
    "knossos-cas-register",
    registerMaker(({ initial = 0, nullReads = "wildcard" }) => casRegister({ initial, nullReads })),
  ],
  ["kv", kvMaker(null)],
  ["kv-append", kvMaker("")],
  ["set", { make: () => setModel(), starts: null }],
  [
    "counter",
    {
      make: (initial = 0, { echoes }) => counter({ initial: Number(initial), echoes }),
      starts: "a whole number",
      accepts: isWhole,
    },
  ],
  ["queue", { make: () => fifoQueue(), starts: null }],
  ["stack", { make: () => stack(), starts: null }],
  ["mutex", { make: () => mutex(), starts: null }],
  [
    "semaphore",
    {
      make: (initial = 1) => semaphore(Number(initial)),
      starts: "a whole number over 0, the permits",
      accepts: (initial) => isWhole(initial) && Number(initial) > 0,
    },
  ],
  [
    "multi-register",
    {
      make: (initial = {}, { nullReads }) =>
        multiRegister(initial as Readonly<Record<string, unknown>>, { nullReads }),
      starts: "an object of registers",
      accepts: (initial) =>
        typeof initial === "object" && initial !== null && !Array.isArray(initial),
      readsNull: true,
    },
  ],
]);

function registerMaker(make: (options: RegisterOptions) => Model): Maker {
  return {
    make: (initial, { nullReads }) =>
      make({ ...(initial === undefined ? {} : { initial }), nullReads }),
    starts: ANY,
    readsNull: true,
  };
}

function kvMaker(usual: unknown): Maker {
  return {
    make: (initial = usual, { highEnd, nullReads }) => kvMap({ initial, highEnd, nullReads }),
    starts: ANY,
    readsNull: true,
  };
}

/** The names {@link modelNamed} knows. */
export const MODEL_NAMES: readonly string[] = [...MAKERS.keys()];

/**
 * Makes the model of that name, with its usual options.
 *
 * @throws LatchworkError UNKNOWN_NAME if there is none, BAD_ARGUMENT if it cannot start so, or an
 *   option cannot have that value.
 */
export function modelNamed(name: string, options: NamedModelOptions = {}): Model {
  refuseUnknownOptions("a model", options, OPTION_NAMES);
  refuseUnknownHighEnd("a model", options.highEnd);
  refuseUnknownNullReads("a model", options.nullReads);
  refuseUnlessFlag("echoes of a model", options.echoes);
  const maker = MAKERS.get(name);
  if (maker === undefined) {
    throw new LatchworkError(
      "UNKNOWN_NAME",
      `no model is called ${JSON.stringify(name)}: expected one of ${MODEL_NAMES.join(", ")}`,
    );
  }
  if (options.nullReads !== undefined && maker.readsNull !== true) {
    const named = namesOf(({ readsNull }) => readsNull === true);
    const what = `a ${name} has no reads that find null`;
    throw new LatchworkError("BAD_ARGUMENT", `${what}; what null says is for ${named}`);
  }
  if (options.initial === undefined) return maker.make(undefined, options);
  if (maker.starts === null) {
    const named = namesOf(({ starts }) => starts !== null);
    const what = `a ${name} always starts the same`;
    throw new LatchworkError("BAD_ARGUMENT", `${what}; an initial value is for ${named}`);
  }
  const initial = jsonCopy(options.initial, "the initial value");
  if (maker.accepts?.(initial) === false) {
    const what = `a ${name} cannot start with ${JSON.stringify(initial)}`;
    throw new LatchworkError("BAD_ARGUMENT", `${what}; expected ${maker.starts}`);
  }
  return maker.make(initial, options);
}

function namesOf(has: (maker: Maker) => boolean): string {
  return [...MAKERS].flatMap(([name, maker]) => (has(maker) ? [name] : [])).join(", ");
}
