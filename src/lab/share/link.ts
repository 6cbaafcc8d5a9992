import { formatReplay, parseReplay, resolveProtocol, type Scenario } from "../../hunt/index.ts";
import { formatSchedule, parseSchedule, type Schedule } from "../../sim/index.ts";
import { film } from "../film/index.ts";

/** Everything that a link carries. */
export interface SharedState {
  readonly run: SharedRun | null;
  /** The level that is played, by its id. */
  readonly level: string | null;
  /** The protocol that the run is compared with. */
  readonly beside: string | null;
  /** The panel that is open, by its id. */
  readonly tab: string | null;
  /** A protocol of the sender's own, as JavaScript. Nobody is to run it without being asked. */
  readonly code: string | null;
}

/** A run as far as it is decided, and the stop that is shown. */
export interface SharedRun {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  readonly cursor: number;
}

/** What is in a link; or what is wrong with it, in one line. */
export type OpenedLink =
  | { readonly kind: "state"; readonly state: SharedState }
  | { readonly kind: "fault"; readonly message: string };

const NOTHING: SharedState = { run: null, level: null, beside: null, tab: null, code: null };
const TEXT_FIELDS = ["level", "beside", "tab", "code"] as const;
/** No run has more decisions, and a few characters of a schedule could ask for millions. */
const DECISIONS_MAX = 200_000;
const CODE_MAX = 200_000;

/**
 * Writes a state as the fragment of an address, without its `#`: the replay line of the run, then
 * fields, as in `LW1:protocol+crabbing;...&at=5&tab=compare`.
 */
export function formatLink({ run, ...fields }: SharedState): string {
  const parts: string[] = [];
  if (run !== null) {
    parts.push(escaped(formatReplay(run.scenario, formatSchedule(run.schedule))));
    parts.push(`at=${run.cursor}`);
  }
  for (const name of TEXT_FIELDS) {
    const value = fields[name];
    if (value !== null) parts.push(`${name}=${escaped(value)}`);
  }
  return parts.join("&");
}

/**
 * Reads a fragment, with or without its `#`. Fields that this version does not know are left out.
 * Never throws: a link comes from anywhere.
 */
export function parseLink(fragment: string): OpenedLink {
  try {
    return { kind: "state", state: stateOf(fragment.replace(/^#/, "")) };
  } catch (error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { kind: "fault", message: `This link cannot be opened: ${why}` };
  }
}

function stateOf(fragment: string): SharedState {
  const parts = fragment.split("&").filter((part) => part !== "");
  const line = parts.find((part) => /^LW\d/.test(part)) ?? null;
  const fields = new Map(
    parts.filter((part) => part !== line).map((part) => splitAt(part, part.indexOf("="))),
  );
  const texts = Object.fromEntries(
    TEXT_FIELDS.map((name) => [name, unescaped(fields.get(name) ?? null)]),
  );
  const state: SharedState = { ...NOTHING, ...texts };
  if (state.code !== null && state.code.length > CODE_MAX) {
    throw new Error(`its protocol has more than ${CODE_MAX} characters`);
  }
  if (line === null) {
    if (fragment === "" || Object.values(texts).some((text) => text !== null)) return state;
    throw new Error("it has no line that begins with LW1:");
  }
  return { ...state, run: runOf(unescaped(line) ?? "", fields.get("at") ?? "0", state.code) };
}

function runOf(line: string, at: string, code: string | null): SharedRun {
  const file = parseReplay(line);
  const schedule = parseSchedule(file.schedule);
  if (schedule.length > DECISIONS_MAX) {
    throw new Error(`its schedule has ${schedule.length} decisions, which no run has`);
  }
  if (!/^\d{1,9}$/.test(at))
    throw new Error(`the stop is ${JSON.stringify(at)}, which is no number`);
  // A protocol of the sender's own is not there yet; a run under one is looked at once it is.
  const isOwn = code !== null && !isKnown(file.scenario);
  if (!isOwn) film(file.scenario, { schedule: [], rule: "exact", goOn: null });
  return { scenario: file.scenario, schedule, cursor: Number(at) };
}

function isKnown(scenario: Scenario): boolean {
  try {
    resolveProtocol(scenario);
    return true;
  } catch {
    return false;
  }
}

/** Escapes what a fragment or the text around a link may not hold, and little more: it is read. */
function escaped(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replaceAll("%3A", ":")
    .replaceAll("%3B", ";")
    .replaceAll("%2C", ",");
}

function unescaped(text: string | null): string | null {
  if (text === null) return null;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new Error("it was cut short or changed: an escaped character is not whole");
  }
}

function splitAt(part: string, at: number): [string, string] {
  return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
}
