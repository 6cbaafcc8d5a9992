import type { JsonFields } from "../../hunt/index.ts";
import {
  keyText,
  type LatchPicture,
  type PagePicture,
  type Picture,
  type PictureEventKind,
  type TaskPicture,
} from "../picture/index.ts";
import type { Sight } from "./level.ts";

/** What an operation answered, as `-> absent`; null before it has. */
export function resultOf(picture: Picture, operation: string): string | null {
  return operationIn(picture, operation)?.result ?? null;
}

/** Whether an operation has returned. */
export function hasReturned(picture: Picture, operation: string): boolean {
  return operationIn(picture, operation)?.state === "returned";
}

/** Every operation with its answer. */
export function resultsIn({ tasks }: Picture): string {
  return tasks
    .flatMap(({ operations }) => operations)
    .map(({ text, result }) => `${text} ${result ?? "did not return"}`)
    .join("; ");
}

/** The leaf in which a key is; null if it is in none. */
export function leafWith(picture: Picture, key: number): PagePicture | null {
  const leaves = picture.trees.flatMap(({ pages }) => [...pages.values()]);
  const found = leaves.find(
    ({ kind, entries }) =>
      kind === "leaf" && entries.some((entry) => keyText(entry.key) === String(key)),
  );
  return found ?? null;
}

/** The latch of a page, if it is held or waited for. */
export function latchOf({ latches }: Picture, page: number): LatchPicture | null {
  return [...latches.values()].find((latch) => latch.page === page) ?? null;
}

/** Whether something of this kind happened in the step that led here. */
export function happened({ picture }: Sight, kind: PictureEventKind): boolean {
  return picture.events.some((event) => event.kind === kind);
}

/** The trace lines of a kind of the step that led here. */
export function linesOfKind({ stop }: Sight, kind: string): readonly JsonFields[] {
  return stop.lines.filter((line) => line["kind"] === kind);
}

/** A task by the letter of its column. */
export function taskNamed({ tasks }: Picture, name: string): TaskPicture | null {
  return tasks.find((task) => task.name === name) ?? null;
}

/** Whether the first waits for the second, by their letters. */
export function waitsFor(picture: Picture, name: string, other: string): boolean {
  const waited = taskNamed(picture, other);
  return waited !== null && taskNamed(picture, name)?.waitsFor.includes(waited.task) === true;
}

/** An operation by its text, as `get 20`. */
export function operationIn(
  { tasks }: Picture,
  text: string,
): TaskPicture["operations"][number] | null {
  const all = tasks.flatMap(({ operations }) => operations);
  return all.find((operation) => operation.text === text) ?? null;
}
