import { badHistory, type Place } from "../history.ts";
import {
  EdnKeyword,
  EdnMap,
  EdnOdd,
  EdnSet,
  EdnTagged,
  type EdnValue,
  EdnVector,
} from "./edn-value.ts";
import { shortened } from "./read-limits.ts";

/**
 * Turns values of EDN into the JSON values that a history holds.
 *
 * Keywords lose their colon, and integers become strings where they are keys. Then `:a` and `"a"`
 * would be the same, and a wrong history might be called right; so it is refused that one file
 * holds both. Sets become `{"#set": [...]}` in a fixed order, tagged values `{"#tag": value}`; that
 * one file holds `#tag` as a tag, and as the key of a map, is refused as well.
 */
export class PlainValues {
  /** What a text stood for where it was first seen. */
  readonly #values = new Map<string, string>();
  readonly #keys = new Map<string, string>();

  /** @throws LatchworkError BAD_HISTORY for what has no JSON value, naming it. */
  of(value: EdnValue, place: Place): unknown {
    if (typeof value === "string") return this.#text(this.#values, value, "string", place);
    if (value === null || typeof value !== "object") return value;
    if (value instanceof EdnKeyword) return this.#text(this.#values, value.name, "keyword", place);
    if (value instanceof EdnVector) return value.items.map((item) => this.of(item, place));
    if (value instanceof EdnMap) return this.#map(value, place);
    if (value instanceof EdnSet) {
      return { [this.#text(this.#keys, "#set", "set", place)]: this.#set(value, place) };
    }
    if (value instanceof EdnTagged) {
      const tag = this.#text(this.#keys, `#${value.tag}`, "tag", place);
      return { [tag]: this.of(value.value, place) };
    }
    return refuse(value, place);
  }

  /** The text of a key. */
  keyOf(key: EdnValue, place: Place): string {
    if (typeof key === "string") return this.#text(this.#keys, key, "string", place);
    if (key instanceof EdnKeyword) return this.#text(this.#keys, key.name, "keyword", place);
    if (typeof key === "number") return this.#text(this.#keys, String(key), "number", place);
    if (key instanceof EdnOdd) return refuse(key, place);
    if (key === null || typeof key === "boolean") {
      const what = `the key ${key === null ? "nil" : String(key)}`;
      throw badHistory(place, `${what}; write a string, a keyword or a number`);
    }
    throw badHistory(place, "a key that is a collection; write a string, a keyword or a number");
  }

  #map({ entries }: EdnMap, place: Place): unknown {
    const seen = new Set<string>();
    const plain = entries.map(([key, value]): [string, unknown] => {
      const text = this.keyOf(key, place);
      if (seen.has(text))
        throw badHistory(place, `a map with the key ${JSON.stringify(text)} twice`);
      seen.add(text);
      return [text, this.of(value, place)];
    });
    plain.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(plain);
  }

  #set({ items }: EdnSet, place: Place): unknown[] {
    const plain = items.map((item) => {
      const value = this.of(item, place);
      return { value, text: JSON.stringify(value) };
    });
    plain.sort((a, b) => (a.text < b.text ? -1 : 1));
    for (const [i, { text }] of plain.entries()) {
      if (text === plain[i - 1]?.text)
        throw badHistory(place, `a set with ${shortened(text)} twice`);
    }
    return plain.map(({ value }) => value);
  }

  #text(kinds: Map<string, string>, text: string, kind: string, place: Place): string {
    const other = kinds.get(text) ?? kind;
    if (other !== kind) {
      const what = `${JSON.stringify(text)} stands here as a ${kind}, above as a ${other}`;
      throw badHistory(place, `${what}; write it in one way`);
    }
    kinds.set(text, kind);
    return text;
  }
}

function refuse({ text, why }: EdnOdd, place: Place): never {
  throw badHistory(place, `${JSON.stringify(text.slice(0, 60))} ${why}`);
}
