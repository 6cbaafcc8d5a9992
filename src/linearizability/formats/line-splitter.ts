import { badHistory, type Place } from "../history.ts";
import { NOT_UTF8, type ReadLimits, REPLACEMENT } from "./read-limits.ts";

/**
 * Cuts text that comes in pieces into lines, each handed on without its line end (LF or CRLF).
 *
 * Holds one unfinished line at most, and refuses it as soon as it is too long. Linear in the text.
 */
export class LineSplitter {
  readonly #file: string;
  readonly #lengthMax: number;
  readonly #take: (line: string, number: number) => void;
  #pieces: string[] = [];
  #length = 0;
  #number = 1;

  constructor(file: string, limits: ReadLimits, take: (line: string, number: number) => void) {
    this.#file = file;
    this.#lengthMax = limits.lineLengthMax;
    this.#take = take;
  }

  /** @throws LatchworkError BAD_HISTORY if a line is too long, and whatever `take` throws. */
  push(text: string): void {
    let begin = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", begin)) {
      this.#hold(text, begin, end);
      this.#finish();
      begin = end + 1;
    }
    if (begin < text.length) this.#hold(text, begin, text.length);
  }

  /** Hands on the last line, if no line end closed it. */
  end(): void {
    if (this.#length > 0) this.#finish();
  }

  #hold(text: string, begin: number, end: number): void {
    this.#length += end - begin;
    if (this.#length > this.#lengthMax) {
      const what = `a line of more than ${this.#lengthMax} characters`;
      throw badHistory(this.#place(this.#number), `${what}; write one event a line`);
    }
    this.#pieces.push(text.slice(begin, end));
  }

  #finish(): void {
    const [first = ""] = this.#pieces;
    const line = this.#pieces.length === 1 ? first : this.#pieces.join("");
    const number = this.#number;
    this.#pieces = [];
    this.#length = 0;
    this.#number++;
    if (line.includes(REPLACEMENT)) throw badHistory(this.#place(number), NOT_UTF8);
    this.#take(line.endsWith("\r") ? line.slice(0, -1) : line, number);
  }

  #place(line: number): Place {
    return { file: this.#file, line };
  }
}
