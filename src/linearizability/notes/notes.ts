import type { History } from "../history.ts";
import { isEchoing, type Model, type Untold } from "../models/index.ts";
import type { Verdict } from "../verdict.ts";
import { shortJson } from "../verdict-text.ts";
import { startOf } from "./start.ts";
import { timesText } from "./times.ts";

export type NoteKind = "times" | "start" | "null-reads" | "missing" | "echoes" | "echo-totals";

/** Something to know before a verdict is believed. */
export interface Note {
  readonly kind: NoteKind;
  /** What was seen, as part of a sentence. */
  readonly text: string;
  /** Of `start`, what the model would have to start with; undefined if it cannot be told to. */
  readonly initial?: unknown;
}

/** What is to be known of this verdict. Linear in the history. */
export function notesOn(history: History, model: Model, verdict: Verdict): readonly Note[] {
  const times = timesText(history);
  const notes: Note[] = times === null ? [] : [{ kind: "times", text: times }];
  notes.push(...untoldNotes(history, model));
  if (verdict.kind !== "not-linearizable") return notes;
  const start = startOf(history, model, verdict);
  if (start !== null) notes.push({ kind: "start", ...start });
  const { name } = model.partition?.one ?? model;
  const isTold = notes.some(({ kind }) => kind === "echoes");
  if (name === "counter" && !isTold && isEchoing(history.operations)) {
    const text = "whatever changes the counter answers its own argument, taken for the new value";
    notes.push({ kind: "echo-totals", text });
  }
  return notes;
}

/** A note as a sentence, for who calls the library. */
export function noteText({ kind, text, initial }: Note): string {
  switch (kind) {
    case "times":
    case "null-reads":
    case "missing":
    case "echoes":
      return text;
    case "start": {
      const right =
        initial === undefined
          ? "begin the history with operations that put it there"
          : `give the model ${shortJson(initial)} to start with`;
      return `${text}, which nobody put there: if it was so from the start, ${right}`;
    }
    case "echo-totals":
      return `${text}: if it only repeats it, take counter({ echoes: true })`;
  }
}

/** Counts answers that tell nothing: those of one operation, and of one reason, are one note. */
function untoldNotes({ operations }: History, model: Model): Note[] {
  if (model.untold === undefined) return [];
  const counts = new Map<string, { readonly f: string; readonly why: Untold; count: number }>();
  const answers = new Map<string, number>();
  for (const operation of operations) {
    if (operation.outcome !== "ok") continue;
    const { f } = operation;
    answers.set(f, (answers.get(f) ?? 0) + 1);
    const why = model.untold(operation);
    if (why === null) continue;
    const entry = counts.get(`${why} ${f}`) ?? { f, why, count: 0 };
    entry.count++;
    counts.set(`${why} ${f}`, entry);
  }
  return [...counts.values()].map(({ f, why, count }): Note => {
    const which = `${count} of ${answers.get(f) ?? 0} answers to ${f}`;
    if (why === "echo") {
      return { kind: "echoes", text: `${which} only repeat the argument, and show nothing` };
    }
    if (why === "missing") {
      return { kind: "missing", text: `${which} are missing, and agree with every value` };
    }
    const what = f === "txn" ? "have read null" : "are null";
    return { kind: "null-reads", text: `${which} ${what}, which agrees with every value` };
  });
}
