import type { History } from "../history.ts";
import { operationText, shortJson } from "../verdict-text.ts";
import type { Note } from "./note.ts";

/** A note as a sentence, with what to do for those who call the library. */
export function noteText(note: Note, history: History): string {
  const advice = noteAdvice(note);
  return advice === null ? noteSeen(note, history) : `${noteSeen(note, history)}: ${advice}`;
}

/** What was seen, as the beginning of a sentence. */
export function noteSeen(note: Note, { operations }: History): string {
  const nameOf = (id: number): string => {
    const operation = operations[id];
    return operation === undefined ? "" : operationText(operation);
  };
  switch (note.kind) {
    case "times": {
      const { count, timed, operation, isReturn, from, to } = note;
      const where = `${isReturn ? "the answer of " : ""}${nameOf(operation)}`;
      const often = `at ${count} of ${timed}, first from ${from} to ${to} at ${where}`;
      return `times go back from event to event, ${often}`;
    }
    case "start":
      return `${nameOf(note.operation)} found ${foundText(note)}, which nobody put there`;
    case "echoes":
      return `${whichText(note)} only repeat the argument, and show nothing`;
    case "missing":
      return `${whichText(note)} are missing, and agree with every value`;
    case "null-reads": {
      const what = note.f === "txn" ? "have read null" : "are null";
      return `${whichText(note)} ${what}, which agrees with every value`;
    }
    case "echo-totals":
      return "whatever changes the counter answers its own argument, taken for the new value";
  }
}

/** What to do about it, as the end of a sentence; null if there is nothing to say. */
export function noteAdvice(note: Note): string | null {
  switch (note.kind) {
    case "times":
      return (
        "operations were judged in the order of their lines, and their times were not looked at; " +
        "if the times are right, sort the events by them first"
      );
    case "start": {
      const right =
        note.initial === undefined
          ? "begin the history with operations that put it there"
          : `give the model ${shortJson(note.initial)} to start with`;
      return `if it was so from the start, ${right}`;
    }
    case "echo-totals":
      return "if it only repeats it, take counter({ echoes: true })";
    case "echoes":
    case "missing":
    case "null-reads":
      return null;
  }
}

function foundText({ key, value, isElement }: Note & { kind: "start" }): string {
  if (key === null) return shortJson(value);
  return isElement ? `the element ${key}` : `${key} as ${shortJson(value)}`;
}

function whichText({ f, count, answers }: Extract<Note, { f: string }>): string {
  return `${count} of ${answers} answers to ${f}`;
}
