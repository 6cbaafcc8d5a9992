import { optionNames, refuseUnknownOptions } from "../../task/index.ts";
import { jsonCopy } from "../json-value.ts";
import {
  anyState,
  type Call,
  casPair,
  type Footprint,
  impossibleAnswer,
  isBoolean,
  isBooleanOrNull,
  isNullAnswer,
  type Model,
  type NullReads,
  oncePerAnswer,
  refused,
  sameJson,
  stepOfFootprint,
  unknownCall,
  type Uninformative,
  wrongAnswer,
} from "./model.ts";
import { refuseUnknownHighEnd, refuseUnknownNullReads } from "./option-values.ts";
import { casFault, casFootprint } from "./register.ts";

/** What an absent key holds, and how scans and gets are to be read. */
export interface KvOptions {
  /**
   * What an absent key holds, from the start and after a delete; null unless given. A key that
   * holds it is absent to `insert`, `delete` and scans.
   */
  readonly initial?: unknown;
  /** Whether a scan's `high` belongs to its range; it does unless given. */
  readonly highEnd?: "inclusive" | "exclusive" | undefined;
  /** As of a register: whether a get of null finds nothing there (`value`), or says nothing. */
  readonly nullReads?: NullReads | undefined;
}

const OPTION_NAMES = optionNames<KvOptions>({ initial: true, highEnd: true, nullReads: true });

type Entry = readonly [key: string, value: unknown];
type Entries = readonly Entry[];

const SINGLE = ["get", "put", "insert", "delete", "cas", "append"] as const;
const SCANS = ["scan", "scan-back"] as const;
const NAMES = [...SINGLE, ...SCANS];
/** Operations whose answer says whether they did anything. */
const CONDITIONAL: readonly string[] = ["insert", "delete", "cas"];

/**
 * A map from keys to values: `get`, `put`, `insert` (only if absent), `delete`, `cas`, `append`,
 * `scan` and `scan-back`.
 *
 * An insert, delete or cas answers true if it changed the map and false if it did nothing; a cas
 * may also answer its pair for true, and a delete null, which says nothing about what was there.
 * `append` joins strings, an absent key being the empty one. A scan of `[low, high]`, both ends
 * inclusive unless `highEnd` says otherwise, and null for none, answers a list of `[key, value]`,
 * ascending by UTF-16 units of the key, or descending for `scan-back`.
 */
export function kvMap(options: KvOptions = {}): Model {
  refuseUnknownOptions("kv", options, OPTION_NAMES);
  refuseUnknownNullReads("kv", options.nullReads);
  refuseUnknownHighEnd("kv", options.highEnd);
  const initial = jsonCopy(options.initial, "the initial value of kv");
  const isOpen = options.highEnd === "exclusive";
  const one = kvKey(initial, options.nullReads === "wildcard");
  return anyState<Entries>({
    name: "kv",
    initial: [],
    step: (state, call) => {
      if (isScan(call)) return scanAgrees(state, call, isOpen) ? [state] : [];
      const key = call.key ?? "";
      const found = state.find((entry) => entry[0] === key);
      const next = one.step(found === undefined ? initial : found[1], call);
      return next.map((value) => withEntry(state, key, value, initial));
    },
    fault,
    uninformative: (call) => one.uninformative?.(call) ?? null,
    observes,
    partition: {
      one,
      keyOf: (call) => (isScan(call) ? null : (call.key ?? "")),
      covers: (call, key) => isInRange(call, key, isOpen),
      keysNamed: (call) => answerOf(call)?.map((entry) => entry[0]) ?? [],
      project: (call, key) => project(call, key, initial, isOpen),
    },
  });
}

/** One key of the map, as a register. A scan's look at it is what {@link project} makes. */
function kvKey(initial: unknown, wildcard: boolean): Model {
  const uninformative = (call: Call): Uninformative | null =>
    wildcard && call.f === "get" && isNullAnswer(call) ? "null" : null;
  const footprint = (call: Call): Footprint | null =>
    uninformative(call) === null ? footprintOf(call, initial) : {};
  const step = (state: unknown, call: Call): readonly unknown[] => {
    const print = footprint(call);
    if (print !== null) return stepOfFootprint(state, print);
    return [`${typeof state === "string" ? state : ""}${String(call.input)}`];
  };
  return anyState<unknown>({
    name: "kv",
    initial,
    step,
    fault: (call) => (isScan(call) ? null : fault(call)),
    uninformative,
    observes,
    footprint,
  });
}

/** @param absent What an absent key holds. */
function footprintOf(call: Call, absent: unknown): Footprint | null {
  switch (call.f) {
    case "get":
    case "scan":
    case "scan-back":
      return call.outcome === "ok" ? { needs: call.output ?? null } : {};
    case "put":
      return { makes: call.input ?? null };
    case "insert":
      return refused(call) ? { avoids: absent } : { needs: absent, makes: call.input ?? null };
    case "delete":
      if (refused(call)) return { needs: absent };
      return call.outcome === "ok" && call.output === true
        ? { avoids: absent, makes: absent }
        : { makes: absent };
    case "cas":
      return casFootprint(call);
    default:
      return null;
  }
}

function observes(call: Call): boolean {
  return isScan(call) || call.f === "get" || (CONDITIONAL.includes(call.f) && refused(call));
}

function isScan(call: Call): boolean {
  return call.f === "scan" || call.f === "scan-back";
}

function fault(call: Call): string | null {
  const unknown = unknownCall(call, NAMES) ?? casFault(call);
  if (unknown !== null) return unknown;
  if (isScan(call)) {
    if (rangeOf(call) === null) {
      return `${call.f} of ${JSON.stringify(call.input)}: expected [low, high], strings or null`;
    }
    if (call.outcome === "ok" && answerOf(call) === null) {
      return `${call.f} answers ${JSON.stringify(call.output)}: expected a list of [key, value]`;
    }
    return null;
  }
  if (call.key === null) return `${call.f} without a key`;
  if (call.f === "append" && typeof call.input !== "string") {
    return `append of ${JSON.stringify(call.input)}: expected a string`;
  }
  if (call.f === "insert") return wrongAnswer(call, isBoolean, "true or false");
  if (call.f === "delete") {
    return wrongAnswer(call, isBooleanOrNull, "true or false, or null for unknown");
  }
  return null;
}

function withEntry(state: Entries, key: string, value: unknown, initial: unknown): Entries {
  const rest = state.filter((entry) => entry[0] !== key);
  if (sameJson(value, initial)) return rest;
  const after = rest.findIndex((entry) => entry[0] > key);
  rest.splice(after < 0 ? rest.length : after, 0, [key, value]);
  return rest;
}

function rangeOf(call: Call): readonly [string | null, string | null] | null {
  const pair = casPair(call);
  if (pair === null) return null;
  const [low, high] = pair;
  if ((low !== null && typeof low !== "string") || (high !== null && typeof high !== "string")) {
    return null;
  }
  return [low, high];
}

function isInRange(call: Call, key: string, isOpen: boolean): boolean {
  const [low, high] = rangeOf(call) ?? [null, null];
  if (low !== null && key < low) return false;
  return high === null || key < high || (key === high && !isOpen);
}

/** The list that a scan answered, or null if there is none or it is not such a list. */
function answerOf(call: Call): Entries | null {
  if (!isScan(call) || call.outcome !== "ok" || !Array.isArray(call.output)) return null;
  return answerIn(call)?.entries ?? null;
}

interface Answer {
  readonly entries: Entries;
  /** Of each key in it: where it stands, or -1 if more than once. */
  readonly places: ReadonlyMap<string, number>;
}

const answerIn = oncePerAnswer((answer): Answer | null => {
  const entries: Entry[] = [];
  const places = new Map<string, number>();
  for (const item of answer) {
    if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== "string") return null;
    places.set(item[0], places.has(item[0]) ? -1 : entries.length);
    entries.push([item[0], item[1]]);
  }
  return { entries, places };
});

function scanAgrees(state: Entries, call: Call, isOpen: boolean): boolean {
  if (call.outcome !== "ok") return true;
  const answer = answerOf(call);
  if (answer === null) return false;
  const expected = state.filter((entry) => isInRange(call, entry[0], isOpen));
  if (call.f === "scan-back") expected.reverse();
  return (
    expected.length === answer.length &&
    expected.every((entry, i) => entry[0] === answer[i]?.[0] && sameJson(entry[1], answer[i]?.[1]))
  );
}

/**
 * What a scan says about one key, at some moment of the scan. It keeps the scan's name: a get of
 * null may not have been recorded, but a row that is not there was seen to be absent. A key that
 * the scan answers out of order, twice or out of range was never right: that agrees with no state.
 */
function project(call: Call, key: string, initial: unknown, isOpen: boolean): Call {
  const look = { f: call.f, key, input: null, outcome: call.outcome };
  const answer = answerOf(call);
  if (answer === null) return { ...look, output: null };
  const at = answerIn(call)?.places.get(key);
  if (at === undefined) return { ...look, output: initial };
  const entry = answer[at];
  const before = answer[at - 1];
  const isRight =
    entry !== undefined &&
    isInRange(call, key, isOpen) &&
    !sameJson(entry[1], initial) &&
    (before === undefined || (call.f === "scan" ? before[0] < key : before[0] > key));
  return { ...look, output: isRight ? entry[1] : impossibleAnswer(call.f) };
}
