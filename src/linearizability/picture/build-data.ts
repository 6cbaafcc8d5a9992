import { optionNames, refuseUnknownOptions } from "../../task/index.ts";
import type { CheckOptions } from "../check-options.ts";
import { type ExplanationFact, sentencesUnder } from "../explain/index.ts";
import type { History, Operation } from "../history.ts";
import type { Model } from "../models/index.ts";
import type { Verdict } from "../verdict.ts";
import { operationText, verdictLines } from "../verdict-text.ts";
import { Interner } from "./interner.ts";
import { OUTCOMES, type PictureData } from "./picture-data.ts";
import { NAME_LENGTH_MAX, shownText, valueText } from "./shown-text.ts";
import { looksAt } from "./subject.ts";
import { type DrawnOrder, drawnOrder } from "./drawn-order.ts";

/** What to show beside the history and the verdict. Everything may be left out. */
export interface PictureOptions {
  /** The core to highlight, and the facts to print in words; what `explain` gives. */
  readonly explanation?: {
    readonly core: readonly number[];
    readonly facts: readonly ExplanationFact[];
    readonly named?: readonly { readonly name: string; readonly id: number }[];
  };
  readonly title?: string;
  /**
   * How the verdict was found: crash rule and scan rule must be the same, so that the longest
   * prefix is judged by the same rules. The budget holds for each of about 2 log2(n) checks of a
   * prefix.
   */
  readonly check?: CheckOptions;
}

const OPTION_NAMES = optionNames<PictureOptions>({ explanation: true, title: true, check: true });

/** Sentences printed at most, and their length. */
const SENTENCES_MAX = 200;
const SENTENCE_LENGTH_MAX = 1000;

/**
 * Puts together what a picture shows. O(events) and one step of the model for each operation, and
 * for a history that is not linearizable the checks of {@link drawnOrder}.
 */
export function buildData(
  history: History,
  model: Model,
  verdict: Verdict,
  options: PictureOptions,
): PictureData {
  refuseUnknownOptions("a picture", options, OPTION_NAMES);
  const { explanation, title, check } = options;
  const core = (explanation?.core ?? []).filter((id) => history.operations[id] !== undefined);
  const named = (explanation?.named ?? []).filter(({ id }) => history.operations[id] !== undefined);
  const sentences = sentencesUnder(explanation?.facts ?? [], named).slice(0, SENTENCES_MAX);
  const drawn = drawnOrder(history, model, verdict, check ?? {});
  const texts = new Interner();
  const stateOf = (states: readonly string[]): number[] =>
    states.map((text) => texts.placeOf(text));
  const { keyNames, ...columns } = columnsOf(history, model, verdict, texts);
  return {
    title: shownText(title ?? "History"),
    kind: verdict.kind,
    headline: shownText(headlineOf(history, verdict, drawn), SENTENCE_LENGTH_MAX),
    sentences: sentences.map(({ depth, text }) => ({
      depth,
      text: shownText(text, SENTENCE_LENGTH_MAX),
    })),
    model: shownText(model.name),
    events: history.events,
    ...columns,
    crashes: history.crashes,
    crashRule: check?.crash ?? "durable",
    times: timesOf(history),
    order: drawn.order,
    before: stateOf(drawn.before),
    after: stateOf(drawn.after),
    verdictKeys: keysOf(verdict).map((key) => keyNames.indexOf(key)),
    lane: laneOf(drawn, model, keyNames),
    core: core.toSorted((a, b) => a - b),
    named: named.map(({ id }) => id),
    names: named.map(({ name }) => shownText(name, 8)),
    stuck: drawn.stuck,
    notes: drawn.notes,
    texts: texts.texts,
    keys: keyNames.map((key) => shownText(key)),
  };
}

type Columns = Pick<
  PictureData,
  | "processes"
  | "files"
  | "fs"
  | "process"
  | "key"
  | "inputs"
  | "outputs"
  | "outcomes"
  | "invoked"
  | "returned"
  | "file"
  | "line"
> & { readonly keyNames: readonly string[] };

/** The first answer that no order explains, which the search need not have named. */
function headlineOf(history: History, verdict: Verdict, { stuck }: DrawnOrder): string {
  const [line = ""] = verdictLines(verdict, history);
  const operation = history.operations[stuck];
  if (operation === undefined) return line;
  const [key, ...more] = keysOf(verdict);
  const where = key === undefined ? "" : more.length === 0 ? `key ${key}: ` : "";
  return `${where}no order explains ${operationText(operation, "client")}`;
}

function columnsOf(
  { operations }: History,
  model: Model,
  verdict: Verdict,
  texts: Interner,
): Columns {
  const processes = new Interner();
  const keys = new Interner();
  const files = new Interner();
  const valueOf = (value: unknown): number =>
    value === null || value === undefined ? -1 : texts.placeOf(valueText(value));
  const column = (of: (operation: Operation) => number): number[] => operations.map(of);
  const atFault = keysOf(verdict);
  const keyOf = (operation: Operation): number => {
    const { partition } = model;
    if (partition === undefined || operation.outcome === "fail") {
      return operation.key === null ? -1 : keys.placeOf(operation.key);
    }
    const key = partition.keyOf(operation);
    if (key !== null) return keys.placeOf(key);
    const isAtFault = atFault.some((each) => looksAt(partition, operation, each));
    return atFault.length === 0 || isAtFault ? -2 : -3;
  };
  const key = column(keyOf);
  // Scans may have found a key that no other operation names.
  for (const each of atFault) keys.placeOf(each);
  return {
    fs: column(({ f }) => texts.placeOf(shownText(f))),
    process: column(({ process }) => processes.placeOf(process)),
    key,
    inputs: column(({ input }) => valueOf(input)),
    // What a read found is shown even if it is null; an answer that repeats the argument is not.
    outputs: column(({ outcome, output, input }) => {
      if (outcome !== "ok") return -1;
      if ((output ?? null) === null) return input === null ? texts.placeOf("null") : -1;
      const answer = valueOf(output);
      return answer === valueOf(input) ? -1 : answer;
    }),
    outcomes: column(({ outcome }) => OUTCOMES.indexOf(outcome)),
    invoked: column(({ invokedAt }) => invokedAt),
    returned: column(({ returnedAt }) => (Number.isFinite(returnedAt) ? returnedAt : -1)),
    file: column(({ place }) => files.placeOf(place.file)),
    line: column(({ place }) => place.line),
    processes: processes.texts.map((name) => shownText(name)),
    files: files.texts.map((name) => shownText(name, 2 * NAME_LENGTH_MAX)),
    keyNames: keys.texts,
  };
}

/** Times of all events, never falling; unknown ones lie between their neighbours'. */
function timesOf({ operations, events }: History): readonly number[] | null {
  if (operations.length === 0 || operations.some(({ invokedTime }) => invokedTime === null)) {
    return null;
  }
  const known = new Float64Array(events).fill(Number.NaN);
  for (const { invokedAt, invokedTime, returnedAt, returnedTime } of operations) {
    if (invokedTime !== null) known[invokedAt] = invokedTime;
    if (returnedTime !== null) known[returnedAt] = returnedTime;
  }
  const first = operations[0]?.invokedTime ?? 0;
  const times: number[] = [];
  let unknownFrom = 0;
  let last = 0;
  for (let event = 0; event < events; event++) {
    const time = known[event] ?? Number.NaN;
    if (Number.isNaN(time)) continue;
    const next = Math.max(last, time - first);
    const gap = event - unknownFrom + 1;
    for (let i = 1; i <= gap; i++) times.push(last + ((next - last) * i) / gap);
    unknownFrom = event + 1;
    last = next;
  }
  while (times.length < events) times.push(last);
  return last > 0 ? times : null;
}

function keysOf(verdict: Verdict): readonly string[] {
  return verdict.kind === "linearizable" ? [] : verdict.keys;
}

/** One lane of states is drawn where there is one object to speak of. */
function laneOf(drawn: DrawnOrder, model: Model, keys: readonly string[]): number {
  if (drawn.order.length === 0) return -2;
  if (model.partition === undefined) return -1;
  if (drawn.key !== null) return keys.indexOf(drawn.key);
  return keys.length === 1 ? 0 : -2;
}
