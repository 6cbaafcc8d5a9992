import { badHistory, type HistoryEvent } from "../history.ts";
import { EdnReader } from "./edn-reader.ts";
import type { FormatReader } from "./format-reader.ts";
import type { ReadLimits } from "./read-limits.ts";

/**
 * Reads the logs of a key-value store that Porcupine is tested with: EDN maps with a string under
 * `:key`, and get, put and append of strings. A key that is absent is read as `""`.
 *
 * More than that is refused, so that a file of another kind is not judged by the wrong model.
 */
export class PorcupineKvReader implements FormatReader {
  readonly #edn: EdnReader;

  constructor(file: string, limits: ReadLimits, add: (event: HistoryEvent) => void) {
    this.#edn = new EdnReader(file, limits, (event) => add(checked(event)));
  }

  push(text: string): void {
    this.#edn.push(text);
  }

  end(): void {
    this.#edn.end();
  }
}

function checked(event: HistoryEvent): HistoryEvent {
  const { f, key, value, type, place } = event;
  if (key === null) throw badHistory(place, 'no :key; write a string, as :key "0"');
  if (f !== "get" && f !== "put" && f !== "append") {
    throw badHistory(place, `${JSON.stringify(f)} is none of get, put, append`);
  }
  const needsText = f === "get" ? type === "ok" : type === "invoke";
  if (needsText && typeof value !== "string") {
    throw badHistory(
      place,
      `the value of ${type} ${f} is ${JSON.stringify(value)}; write a string`,
    );
  }
  return event;
}
