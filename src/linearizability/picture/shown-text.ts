/** Longest text of a value or a state; what is cut off ends in an ellipsis. */
export const VALUE_LENGTH_MAX = 120;

/** Longest name of a key, a process, a file or an operation. */
export const NAME_LENGTH_MAX = 80;

/** Characters that show nothing, reorder the text around them, or cannot stand in a document. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu;

/**
 * A text as a picture shows it: on one line, of bounded length, every character to be seen. Those
 * that would not be stand as `\u{202e}`.
 */
export function shownText(text: string, max: number = NAME_LENGTH_MAX): string {
  const isCut = text.length > max;
  const kept = isCut ? withoutHalf(text.slice(0, max)) : text;
  const shown = kept.replace(UNSEEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return isCut ? `${shown}…` : shown;
}

/** A value as JSON, cut off at a length. Costs no more than the length, however large it is. */
export function valueText(value: unknown, max: number = VALUE_LENGTH_MAX): string {
  const writer = new CappedWriter(max);
  writer.value(value);
  return shownText(writer.text, max);
}

/** A text as content or attribute of HTML or SVG. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * JSON that can stand in a `script` element: no `<` could end the element or begin a comment, and
 * nothing is there that an editor would not show.
 */
export function scriptJson(value: unknown): string {
  const unsafe = /[<>&\p{Cf}\u2028\u2029\ufffe\uffff]/gu;
  return JSON.stringify(value).replace(unsafe, (char) => {
    const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
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
