import type { EventType } from "../history.ts";
import { sameJson } from "../models/index.ts";

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
 * The answers that `ok`s stand for. Formats made for cas registers repeat the pair `[from, to]`
 * when a cas succeeded, and write `fail` when it did not; here a cas answers true or false. Another
 * pair than that of the invocation stays as it is, for the model to refuse.
 */
export class CasAnswers {
  /** What each process gave its last cas. */
  readonly #pairs = new Map<string, unknown>();

  /** The value that an event has in the history. Takes every `invoke` and `ok`, in their order. */
  valueOf(type: EventType, process: string, f: string, value: unknown): unknown {
    if (f !== "cas") return value;
    if (type === "invoke") this.#pairs.set(process, value);
    const isPair = type === "ok" && Array.isArray(value);
    return isPair && sameJson(value, this.#pairs.get(process)) ? true : value;
  }
}
