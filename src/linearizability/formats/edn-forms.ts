import { badHistory, type Place } from "../history.ts";
import { NOT_UTF8, type ReadLimits, REPLACEMENT } from "./read-limits.ts";

const NEW_LINE = 10;
const QUOTE = 34;
const SEMICOLON = 59;
const BACKSLASH = 92;

type Mode = "plain" | "string" | "comment" | "escaped" | "character";

/**
 * Cuts EDN text that comes in pieces into events: the maps at the top of the file, or inside the
 * one list or vector that is the file. Each is handed on whole, with the line in which it begins.
 *
 * It only counts brackets; whether they fit each other, and whether what is between events is
 * anything, is for the reader of the pieces. Holds one event at most. Linear in the text.
 */
export class EdnForms {
  readonly #file: string;
  readonly #lengthMax: number;
  readonly #take: (form: string, line: number) => void;
  #mode: Mode = "plain";
  #line = 1;
  #depth = 0;
  /** The depth at which events stand: 1 inside the list that is the file, else 0. */
  #base = 0;
  #listLine = 0;
  #isFirst = true;
  /** The line in which the piece being held begins; 0 while nothing but space was seen. */
  #formLine = 0;
  #pieces: string[] = [];
  #length = 0;

  constructor(file: string, limits: ReadLimits, take: (form: string, line: number) => void) {
    this.#file = file;
    this.#lengthMax = limits.lineLengthMax;
    this.#take = take;
  }

  /** @throws LatchworkError BAD_HISTORY if an event is too long, and whatever `take` throws. */
  push(text: string): void {
    let begin = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === NEW_LINE) this.#line++;
      if (this.#mode !== "plain") {
        this.#mode = modeAfter(this.#mode, code);
        continue;
      }
      if (isSpace(code)) continue;
      if (code === SEMICOLON) {
        this.#mode = "comment";
        continue;
      }
      if (this.#formLine === 0) {
        if (this.#isListOpening(code)) continue;
        this.#formLine = this.#line;
        begin = i;
      }
      if (code === QUOTE) this.#mode = "string";
      else if (code === BACKSLASH) this.#mode = "character";
      else if (isOpening(code)) this.#depth++;
      else if (isClosing(code)) {
        this.#depth--;
        if (this.#depth > this.#base) continue;
        // The bracket that closes the list belongs to no event.
        const closesList = this.#base === 1 && this.#depth === 0;
        this.#hold(text, begin, closesList ? i : i + 1);
        this.#finish();
        if (closesList) this.#base = 0;
      }
    }
    if (this.#formLine !== 0) this.#hold(text, begin, text.length);
  }

  /** @throws LatchworkError BAD_HISTORY if the list that is the file was not closed. */
  end(): void {
    if (this.#formLine !== 0) this.#finish();
    if (this.#base === 0) return;
    const what = `the list that begins in line ${this.#listLine} is not closed`;
    throw badHistory(this.#place(), `${what}; the file may be cut short`);
  }

  #isListOpening(code: number): boolean {
    if (!this.#isFirst || this.#depth > 0 || !(code === 40 || code === 91)) return false;
    this.#isFirst = false;
    this.#depth = 1;
    this.#base = 1;
    this.#listLine = this.#line;
    return true;
  }

  #hold(text: string, begin: number, end: number): void {
    this.#length += end - begin;
    if (this.#length > this.#lengthMax) {
      const what = `an event of more than ${this.#lengthMax} characters`;
      throw badHistory(
        { file: this.#file, line: this.#formLine },
        `${what}; is a bracket missing?`,
      );
    }
    this.#pieces.push(text.slice(begin, end));
  }

  #finish(): void {
    const form = this.#pieces.join("");
    const line = this.#formLine;
    this.#pieces = [];
    this.#length = 0;
    this.#formLine = 0;
    this.#isFirst = false;
    if (form.includes(REPLACEMENT)) throw badHistory({ file: this.#file, line }, NOT_UTF8);
    if (form !== "") this.#take(form, line);
  }

  #place(): Place {
    return { file: this.#file, line: this.#line };
  }
}

function modeAfter(mode: Mode, code: number): Mode {
  switch (mode) {
    case "string":
      if (code === QUOTE) return "plain";
      return code === BACKSLASH ? "escaped" : "string";
    case "escaped":
      return "string";
    case "comment":
      return code === NEW_LINE ? "plain" : "comment";
    case "character":
    case "plain":
      return "plain";
  }
}

/** White space and the comma, which EDN reads as such. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 44;
}

function isOpening(code: number): boolean {
  return code === 40 || code === 91 || code === 123;
}

function isClosing(code: number): boolean {
  return code === 41 || code === 93 || code === 125;
}
