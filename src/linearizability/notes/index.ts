/**
 * Notes: what a reader should know before he believes a verdict.
 *
 * A verdict is about the history as it was read. Where that may not be what happened, or where
 * answers show nothing, `notesOn` lists facts (`note.ts`), which `note-text.ts` puts into words,
 * with what to do.
 *
 * - `times`: times go back from event to event, so the order of events may not be that of time.
 * - `start`: the history is not linearizable, and an operation found what no other put there. The
 *   object may not have begun as the model does.
 * - `null-reads`, `missing`, `echoes`: answers that agree with every state.
 * - `echo-totals`: answers that repeat their argument, and were taken for the new total.
 *
 * Invariants:
 * 1. A note never changes a verdict, and says nothing that is not so of this history.
 * 2. Linear in the history.
 *
 * Left out: notes about files of one format, which are for the command.
 */
export type { Note, NoteKind } from "./note.ts";
export { noteAdvice, noteSeen, noteText } from "./note-text.ts";
export { notesOn } from "./notes.ts";
