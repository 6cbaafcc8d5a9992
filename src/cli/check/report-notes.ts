import {
  type History,
  type HistoryFormat,
  type Model,
  type Note,
  noteAdvice,
  noteSeen,
  notesOn,
  type Verdict,
} from "../../linearizability/index.ts";
import { answersNull, canStartWith, KNOW_KEYS } from "./models.ts";
import type { CheckRequest, MeantOption, NoteFact } from "./report.ts";

/** What a report says beside its verdict. */
export interface Notes {
  /** All of them, each a sentence. */
  readonly notes: readonly string[];
  /** The same as data, in the same order. */
  readonly noteFacts: readonly NoteFact[];
  /** Those that put the verdict in doubt whatever it is: they go to standard error too. */
  readonly warnings: readonly string[];
}

/** What the user ought to know of a verdict, or may have meant otherwise. */
export function notesFor(
  history: History,
  model: Model,
  verdict: Verdict,
  format: HistoryFormat | null,
  request: CheckRequest,
): Notes {
  const seen = notesOn(history, model, verdict);
  const isWrong = verdict.kind === "not-linearizable";
  const options = isWrong ? meantOtherwise(history, format, request) : [];
  const canChoose = canStartWith(request.model);
  const textOf = (note: Note): string => {
    const advice = adviceOn(note, canChoose);
    return `${noteSeen(note, history)}${advice === null ? "" : `: ${advice}`}`;
  };
  return {
    notes: [...seen.map(textOf), ...options.map((option) => OPTION_TEXTS[option])],
    noteFacts: [...seen, ...options.map((option): NoteFact => ({ kind: "option", option }))],
    warnings: seen.filter(({ kind }) => kind === "times").map(textOf),
  };
}

/** What to do about a note, by the option that does it. */
function adviceOn(note: Note, canChoose: boolean): string | null {
  const { kind } = note;
  if (kind === "null-reads") return "--nil absent takes null for a value";
  if (kind === "echo-totals") return "if it only repeats it, leave the answer out";
  if (kind !== "start") return noteAdvice(note);
  const value = note.initial === undefined ? "" : JSON.stringify(note.initial);
  if (value !== "" && value.length <= INITIAL_LENGTH_MAX) {
    return `if it was so from the start, give --initial ${shellWord(value)}`;
  }
  const advice = noteAdvice({ ...note, initial: undefined });
  return canChoose && value === "" ? `${advice} (--initial is the same for every key)` : advice;
}

/** No command line that anybody would type is longer. */
const INITIAL_LENGTH_MAX = 200;

/** A text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const OPTION_TEXTS: Readonly<Record<MeantOption, string>> = {
  "--model kv-append": 'in such files an absent key reads as "": that is --model kv-append',
  "--half-open": "no scan answers the high end of its range: if it should not, give --half-open",
  "--nil unknown":
    "null was taken for a value: if it stands for what was not recorded, that is --nil unknown",
  "--model knossos-cas-register":
    "Knossos writes nil for what it does not know: that is --model knossos-cas-register",
  "--independent": "each value seems to be a pair of key and value: that is --independent",
};

/** What the user may have meant otherwise, where a history was found not to be linearizable. */
function meantOtherwise(
  history: History,
  format: HistoryFormat | null,
  { model, independent, halfOpen, nil }: CheckRequest,
): MeantOption[] {
  const { operations } = history;
  const readsNull = nil === null && operations.some(answersNull);
  const reads = operations.filter(({ f }) => f === "read" || f === "get");
  const arePairs = reads.length > 0 && reads.every(({ input }) => isPair(input));
  const isEdn = format === "edn";
  const meant: [MeantOption, boolean][] = [
    ["--model kv-append", format === "porcupine-kv" && model === "kv"],
    ["--half-open", !halfOpen && KNOW_KEYS.includes(model) && seemHalfOpen(history)],
    ["--nil unknown", readsNull && (model === "multi-register" || (isEdn && model === "kv"))],
    [
      "--model knossos-cas-register",
      isEdn && readsNull && ["register", "cas-register"].includes(model),
    ],
    ["--independent", isEdn && !independent && arePairs],
  ];
  return meant.flatMap(([option, applies]) => (applies ? [option] : []));
}

/** With fewer scans, none may have met the high end of its range. */
const SCANS_MIN = 10;

/** Whether scans that answer something never answer their high end. */
function seemHalfOpen({ operations }: History): boolean {
  let scans = 0;
  for (const { f, outcome, input, output } of operations) {
    if (!f.startsWith("scan") || outcome !== "ok" || !isPair(input)) continue;
    if (!Array.isArray(output) || output.length === 0) continue;
    if (output.some((entry) => isPair(entry) && entry[0] === input[1])) return false;
    scans++;
  }
  return scans >= SCANS_MIN;
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}
