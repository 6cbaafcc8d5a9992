import type { History } from "../history.ts";
import { isEchoing, type Model, type Uninformative } from "../models/index.ts";
import type { Verdict } from "../verdict.ts";
import type { Note } from "./note.ts";
import { startOf } from "./start.ts";
import { timesNote } from "./times.ts";

/** The notes on a verdict. Linear in the history. */
export function notesOn(history: History, model: Model, verdict: Verdict): readonly Note[] {
  const times = timesNote(history);
  const notes: Note[] = [...(times === null ? [] : [times]), ...uninformativeNotes(history, model)];
  if (verdict.kind !== "not-linearizable") return notes;
  const start = startOf(history, model, verdict);
  if (start !== null) notes.push(start);
  const { name } = model.partition?.one ?? model;
  const isKnown = notes.some(({ kind }) => kind === "echoes");
  if (name === "counter" && !isKnown && isEchoing(history.operations)) {
    notes.push({ kind: "echo-totals" });
  }
  return notes;
}

const KINDS = { echo: "echoes", missing: "missing", null: "null-reads" } as const;

/** Counts uninformative answers: one note for each kind of operation and reason. */
function uninformativeNotes({ operations }: History, model: Model): Note[] {
  if (model.uninformative === undefined) return [];
  const counts = new Map<
    string,
    { readonly f: string; readonly why: Uninformative; count: number }
  >();
  const answers = new Map<string, number>();
  for (const operation of operations) {
    if (operation.outcome !== "ok") continue;
    const { f } = operation;
    answers.set(f, (answers.get(f) ?? 0) + 1);
    const why = model.uninformative(operation);
    if (why === null) continue;
    const entry = counts.get(`${why} ${f}`) ?? { f, why, count: 0 };
    entry.count++;
    counts.set(`${why} ${f}`, entry);
  }
  return [...counts.values()].map(({ f, why, count }): Note => {
    return { kind: KINDS[why], f, count, answers: answers.get(f) ?? 0 };
  });
}
