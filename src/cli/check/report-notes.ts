import {
  type History,
  type HistoryFormat,
  type Model,
  type Note,
  notesOn,
  noteText,
  type Verdict,
} from "../../linearizability/index.ts";
import { answersNull, canStartWith, KNOW_KEYS } from "./models.ts";
import type { CheckRequest } from "./report.ts";

/** What a report says besides its verdict. */
export interface Notes {
  /** All of them, each a sentence. */
  readonly notes: readonly string[];
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
  const sentenceOf = (note: Note): string => withOption(note, canStartWith(request.model));
  const isNo = verdict.kind === "not-linearizable";
  const notes = seen.map(sentenceOf);
  if (isNo) notes.push(...meantOtherwise(history, format, request));
  const warnings = seen.filter(({ kind }) => kind === "times").map(sentenceOf);
  return { notes, warnings };
}

/** A note as a sentence that names the option which would change what it speaks of. */
function withOption(note: Note, isChoosable: boolean): string {
  const { kind, text, initial } = note;
  if (kind === "null-reads") return `${text}: --nil absent takes null for a value`;
  if (kind === "echo-totals") return `${text}: if it only repeats it, leave the answer out`;
  if (kind !== "start") return noteText(note);
  const value = initial === undefined ? "" : JSON.stringify(initial);
  if (value !== "" && value.length <= INITIAL_LENGTH_MAX) {
    const option = `--initial ${shellWord(value)}`;
    return `${text}, which nobody put there: if it was so from the start, give ${option}`;
  }
  const said = noteText({ kind, text });
  return isChoosable && value === "" ? `${said} (--initial is the same for every key)` : said;
}

/** No command line that anybody would type is longer. */
const INITIAL_LENGTH_MAX = 200;

/** A text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What the user may have meant otherwise, where a history was found not to be linearizable. */
function meantOtherwise(
  history: History,
  format: HistoryFormat | null,
  { model, independent, halfOpen, nil }: CheckRequest,
): string[] {
  const { operations } = history;
  const notes: string[] = [];
  if (format === "porcupine-kv" && model === "kv") {
    notes.push('in such files an absent key reads as "": that is --model kv-append');
  }
  if (!halfOpen && KNOW_KEYS.includes(model) && seemHalfOpen(history)) {
    notes.push("no scan answers the high end of its range: if it should not, give --half-open");
  }
  const readsNull = nil === null && operations.some(answersNull);
  if (readsNull && (model === "multi-register" || (format === "edn" && model === "kv"))) {
    notes.push(
      "null was taken for a value: if it stands for what was not recorded, that is --nil unknown",
    );
  }
  if (format !== "edn") return notes;
  if (readsNull && ["register", "cas-register"].includes(model)) {
    notes.push(
      "Knossos writes nil for what it does not know: that is --model knossos-cas-register",
    );
  }
  const reads = operations.filter(({ f }) => f === "read" || f === "get");
  if (!independent && reads.length > 0 && reads.every(({ input }) => isPair(input))) {
    notes.push("each value seems to be a pair of key and value: that is --independent");
  }
  return notes;
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
