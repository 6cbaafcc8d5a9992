import { LatchworkError, optionNames, refuseUnknownOptions } from "../task/index.ts";
import { DEFAULT_MIX, type Mix, parseMix } from "./mix.ts";
import type { PossibleValues } from "./possible-values.ts";

/** What a stress run does. Everything but the address has a default. */
export interface StressOptions {
  /** Scheme, host and port of the server, as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Names of tables that are there. `["orders", "users", "events"]` unless given. */
  readonly tables?: readonly string[];
  /** Keys of each table. 100 unless given: few, so that clients meet. */
  readonly keys?: number;
  /** Clients, each with a connection and one request at a time. 16 unless given. */
  readonly clients?: number;
  /** How long requests are drawn. 10 unless given. */
  readonly seconds?: number;
  /** Most requests that are drawn, by all clients together; no limit unless given. */
  readonly requests?: number;
  /** What is drawn; see {@link parseMix}. */
  readonly mix?: Mix;
  /** Requests a second that are asked for; as many as there can be unless given. */
  readonly rate?: number;
  /** Bytes of a value; 100 unless given. A value is never shorter than its name. */
  readonly valueBytes?: number;
  /** Of what is drawn; 1 unless given. What the server does between is its own. */
  readonly seed?: string | number;
  /** Whether every key is read at the end, as it is unless this is false. */
  readonly verify?: boolean;
  /** A bearer token to send. */
  readonly token?: string;
  /** Takes the history, in pieces. Nothing is recorded unless given. */
  readonly record?: (text: string) => void;
  /** What keys may hold from runs before, whose keys were the same. */
  readonly possible?: PossibleValues;
  /** Called now and then with the requests that were answered so far. */
  readonly onProgress?: (answered: number) => void;
}

/** The same with its defaults. */
export type StressSettings = Required<Omit<StressOptions, "token" | "record" | "possible">> &
  Pick<StressOptions, "token" | "record" | "possible">;

export const DEFAULT_TABLES: readonly string[] = ["orders", "users", "events"];

const OPTION_NAMES = optionNames<StressOptions>({
  url: true,
  tables: true,
  keys: true,
  clients: true,
  seconds: true,
  requests: true,
  mix: true,
  rate: true,
  valueBytes: true,
  seed: true,
  verify: true,
  token: true,
  record: true,
  possible: true,
  onProgress: true,
});

/**
 * Fills in what is not given.
 *
 * @throws LatchworkError BAD_ARGUMENT for an option that does not exist, or a value of no use.
 */
export function stressSettings(options: StressOptions): StressSettings {
  refuseUnknownOptions("a stress run", options, OPTION_NAMES);
  const settings = {
    tables: DEFAULT_TABLES,
    keys: 100,
    clients: 16,
    seconds: 10,
    requests: Number.POSITIVE_INFINITY,
    mix: parseMix(DEFAULT_MIX),
    rate: Number.POSITIVE_INFINITY,
    valueBytes: 100,
    seed: 1,
    verify: true,
    onProgress: () => undefined,
    ...options,
    url: originOf(options.url),
  };
  for (const name of ["keys", "clients"] as const) requireWhole(name, settings[name], 1);
  requireWhole("valueBytes", settings.valueBytes, 0);
  for (const name of ["seconds", "rate", "requests"] as const) requireAbove(name, settings[name]);
  if (settings.token !== undefined && !/^[\x21-\x7e]+$/u.test(settings.token)) {
    throw bad("token has characters of no header", "expected printable ASCII without spaces");
  }
  if (settings.tables.length === 0) throw bad("tables are none", "name one that is there");
  return settings;
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === "http:" && parsed.pathname === "/" && parsed.search === "") {
    return parsed.origin;
  }
  throw bad(`address is ${url}`, "expected one such as http://127.0.0.1:8080");
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw bad(`${name} is ${value}`, `expected a whole number from ${least}`);
}

function requireAbove(name: string, value: number): void {
  if (!(value > 0)) throw bad(`${name} is ${value}`, "expected a number above 0");
}

function bad(what: string, right: string): LatchworkError {
  return new LatchworkError("BAD_ARGUMENT", `stress: ${what}; ${right}`);
}
