import type { EventType } from "../history.ts";

/** Reads one file of one format, piece by piece, and hands its events on as it finds them. */
export interface FormatReader {
  /** @throws LatchworkError BAD_HISTORY at the first thing that is not of the format. */
  push(text: string): void;
  /** Reads what was held back. @throws LatchworkError BAD_HISTORY if the file ends too early. */
  end(): void;
}

const TYPES: readonly EventType[] = ["invoke", "ok", "fail", "info", "crash"];

export const TYPES_WANTED = "invoke, ok, fail, info, crash";

export function isEventType(text: unknown): text is EventType {
  return TYPES.some((type) => type === text);
}

/**
 * The answer that an `ok` stands for. Formats made for cas registers repeat the pair `[from, to]`
 * when a cas succeeded, and write `fail` when it did not; here a cas answers true or false.
 */
export function answerOf(type: EventType, f: string, value: unknown): unknown {
  return type === "ok" && f === "cas" && Array.isArray(value) ? true : value;
}
