import { printable } from "../../task/index.ts";

/** Longest text of a value or a state; what is cut off ends in an ellipsis. */
export const VALUE_LENGTH_MAX = 120;

/** Longest name of a key, a process, a file or an operation. */
export const NAME_LENGTH_MAX = 80;

/** A text as a picture shows it: of bounded length, and as `printable` makes it. */
export function shownText(text: string, max: number = NAME_LENGTH_MAX): string {
  const isCut = text.length > max;
  const kept = isCut ? withoutHalf(text.slice(0, max)) : text;
  return isCut ? `${printable(kept)}…` : printable(kept);
}

/** A value as JSON, cut off at a length. Costs no more than the length, however large it is. */
export function valueText(value: unknown, max: number = VALUE_LENGTH_MAX): string {
  const writer = new CappedWriter(max);
  writer.value(value);
  return shownText(writer.text, max);
}

/** Drops half a surrogate pair that a cut has left at the end. */
function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

/** Writes JSON until it is longer than can be shown. */
class CappedWriter {
  text = "";
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  value(value: unknown): void {
    if (this.text.length > this.#max) return;
    if (typeof value === "string") {
      this.text += JSON.stringify(value.slice(0, this.#max + 1));
    } else if (Array.isArray(value)) {
      this.#list(value);
    } else if (typeof value === "object" && value !== null) {
      this.#fields(value);
    } else if (typeof value === "bigint") {
      this.text += String(value);
    } else this.text += JSON.stringify(value) ?? "null";
  }

  #list(items: readonly unknown[]): void {
    this.text += "[";
    for (const [i, item] of items.entries()) {
      if (i > 0) this.text += ",";
      this.value(item);
      if (this.text.length > this.#max) return;
    }
    this.text += "]";
  }

  #fields(value: object): void {
    this.text += "{";
    let isFirst = true;
    for (const name in value) {
      if (!Object.hasOwn(value, name)) continue;
      if (!isFirst) this.text += ",";
      isFirst = false;
      this.text += `${JSON.stringify(name.slice(0, this.#max))}:`;
      this.value(Reflect.get(value, name));
      if (this.text.length > this.#max) return;
    }
    this.text += "}";
  }
}
