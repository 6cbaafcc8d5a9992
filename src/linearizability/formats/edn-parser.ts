import { badHistory } from "../history.ts";
import {
  EdnKeyword,
  EdnMap,
  EdnOdd,
  EdnSet,
  EdnTagged,
  type EdnValue,
  EdnVector,
} from "./edn-value.ts";
import { exactNumber } from "./exact-number.ts";
import { quoted, type ReadLimits } from "./read-limits.ts";

const SPACE = /[\s,]*/y;
const ATOM = /[^\s,;"()[\]{}]+/y;
const INTEGER = /^[+-]?(?:0|[1-9]\d*)N?$/;
// No number but 0 begins with 0: Clojure reads 017 as 15.
const FLOAT = /^[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?M?$/;
const TAG = /^#\p{L}/u;
const NUMERIC = /^[+-]?\d/;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["t", "\t"],
  ["r", "\r"],
  ["n", "\n"],
  ["b", "\b"],
  ["f", "\f"],
  ["\\", "\\"],
  ['"', '"'],
]);

/**
 * Reads the values of one piece of EDN text (github.com/edn-format/edn).
 *
 * It is our own because of what it refuses: the kept library for this, edn-data 1.2, reads
 * `{:a 1]` and `[1 2` without complaint, rounds long integers, fails with a TypeError on `]`, and
 * knows no lines. On what is well formed, a test compares the two.
 *
 * Recursive to `depthMax`, linear in the text.
 */
export class EdnParser {
  readonly #text: string;
  readonly #file: string;
  readonly #line: number;
  readonly #depthMax: number;
  #at = 0;

  /** @param line The line of the file in which the text begins. */
  constructor(text: string, file: string, line: number, limits: ReadLimits) {
    this.#text = text;
    this.#file = file;
    this.#line = line;
    this.#depthMax = limits.depthMax;
  }

  /**
   * All values of the text, in order.
   *
   * @throws LatchworkError BAD_HISTORY if it is not EDN, naming the line.
   */
  values(): EdnValue[] {
    return this.#until("", 0);
  }

  /** The values up to a closing bracket; the end of the text closes the outermost list. */
  #until(close: string, depth: number): EdnValue[] {
    const begin = this.#at;
    const items: EdnValue[] = [];
    for (;;) {
      this.#skipSpace();
      const char = this.#text[this.#at] ?? "";
      if (char === close) {
        this.#at += char.length;
        return items;
      }
      if (char === "") this.#fail(`"${close}" is missing at the end`, begin);
      if (char === ")" || char === "]" || char === "}") {
        const right = close === "" ? "nothing is open" : `"${close}" would close what is open`;
        this.#fail(`"${char}" where ${right}`, this.#at);
      }
      if (this.#text.startsWith("#_", this.#at)) {
        this.#at += 2;
        this.#value(depth + 1);
      } else {
        items.push(this.#value(depth));
      }
    }
  }

  #value(depth: number): EdnValue {
    const begin = this.#at;
    if (depth > this.#depthMax) {
      this.#fail(`values more than ${this.#depthMax} deep in each other; write flat values`, begin);
    }
    this.#skipSpace();
    switch (this.#text[this.#at] ?? "") {
      case "(":
        return new EdnVector(this.#inside(")", depth));
      case "[":
        return new EdnVector(this.#inside("]", depth));
      case "{":
        return this.#map(this.#inside("}", depth), begin);
      case '"':
        return this.#string();
      case "#":
        return this.#dispatch(depth);
      case "\\":
        return this.#character();
      case "":
      case ")":
      case "]":
      case "}":
        return this.#fail("a value is missing", begin);
      default:
        return this.#atom();
    }
  }

  #inside(close: string, depth: number): EdnValue[] {
    this.#at++;
    return this.#until(close, depth + 1);
  }

  #map(items: readonly EdnValue[], begin: number): EdnMap {
    if (items.length % 2 !== 0) this.#fail("a map with a key that has no value", begin);
    const entries: [EdnValue, EdnValue][] = [];
    for (let i = 0; i + 1 < items.length; i += 2) {
      entries.push([items[i] ?? null, items[i + 1] ?? null]);
    }
    return new EdnMap(entries);
  }

  #dispatch(depth: number): EdnValue {
    const begin = this.#at;
    if (this.#text[begin + 1] === "_") {
      this.#at += 2;
      this.#value(depth + 1);
      return this.#value(depth + 1);
    }
    if (this.#text[begin + 1] === "{") {
      this.#at++;
      return new EdnSet(this.#inside("}", depth));
    }
    const tag = this.#match(ATOM);
    // ##Inf, ##-Inf and ##NaN, as Clojure prints them.
    if (tag.startsWith("##")) return new EdnOdd(tag, "is no number that can be compared");
    if (tag.startsWith("#:")) {
      this.#value(depth + 1);
      const text = this.#text.slice(begin, this.#at);
      return new EdnOdd(text, "has its namespace before it, as no EDN has; write its keys whole");
    }
    if (!TAG.test(tag)) this.#fail('"#" without the name of a tag', begin);
    return new EdnTagged(tag.slice(1), this.#value(depth + 1));
  }

  #string(): string {
    const begin = this.#at;
    const text = this.#text;
    let result = "";
    let from = begin + 1;
    for (let i = from; i < text.length; i++) {
      const char = text[i];
      if (char === '"') {
        this.#at = i + 1;
        return result + text.slice(from, i);
      }
      if (char !== "\\") continue;
      result += text.slice(from, i) + this.#escape(i + 1);
      i += text[i + 1] === "u" ? 5 : 1;
      from = i + 1;
    }
    return this.#fail("a string without its closing quote", begin);
  }

  #escape(at: number): string {
    const char = this.#text[at] ?? "";
    if (char === "u") {
      const hex = this.#text.slice(at + 1, at + 5);
      if (/^[0-9a-fA-F]{4}$/.test(hex)) return String.fromCharCode(Number.parseInt(hex, 16));
    }
    return ESCAPES.get(char) ?? this.#fail(`"\\${char}" is no escape of EDN`, at);
  }

  #character(): EdnOdd {
    const begin = this.#at;
    // The character itself may be a bracket or a space.
    this.#at += 2;
    if (begin + 1 >= this.#text.length) this.#fail('"\\" without its character', begin);
    this.#match(ATOM);
    return new EdnOdd(this.#text.slice(begin, this.#at), "is a character; write a string");
  }

  #atom(): EdnValue {
    const begin = this.#at;
    const text = this.#match(ATOM);
    if (text === "nil") return null;
    if (text === "true") return true;
    if (text === "false") return false;
    if (text.startsWith(":")) {
      if (text.length === 1) this.#fail('":" without the name of a keyword', begin);
      if (text.startsWith("::")) {
        return new EdnOdd(text, "has a namespace that only its program knows; write it whole");
      }
      return new EdnKeyword(text.slice(1));
    }
    if (INTEGER.test(text) || FLOAT.test(text)) {
      const number = exactNumber(text.replace(/[NM]$/, ""));
      return number ?? new EdnOdd(text, "has more digits than a number can hold; write a string");
    }
    const kind = NUMERIC.test(text) ? "no number that is understood" : "a symbol";
    return new EdnOdd(text, `is ${kind}; write a number, a string or a keyword`);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += text.length;
    return text;
  }

  #skipSpace(): void {
    this.#match(SPACE);
    while (this.#text[this.#at] === ";") {
      const end = this.#text.indexOf("\n", this.#at);
      this.#at = end === -1 ? this.#text.length : end;
      this.#match(SPACE);
    }
  }

  #fail(what: string, at: number): never {
    let line = this.#line;
    for (let i = 0; i < at; i++) if (this.#text.charCodeAt(i) === 10) line++;
    const near = quoted(this.#text.slice(at).split("\n", 1)[0] ?? "");
    throw badHistory({ file: this.#file, line }, `not EDN: ${what}, at ${near}`);
  }
}
