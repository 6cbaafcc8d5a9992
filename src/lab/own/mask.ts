/** What makes a slash begin a regular expression and no division: it stands where a value may. */
const BEFORE_VALUE = /(?:^|[=(,:[!&|?{};+\-*%<>~^\n]|\b(?:return|typeof|case|in|of|yield|void))$/;

/**
 * JavaScript with all that is in comments, strings, templates and regular expressions made spaces,
 * so that what is left of it is code. Line ends and the quotes stay where they are. O(length).
 */
export function masked(text: string): string {
  return new Masker(text).mask();
}

class Masker {
  readonly #text: string;
  #out = "";
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  mask(): string {
    while (this.#at < this.#text.length) this.#next();
    return this.#out;
  }

  #next(): void {
    const two = this.#text.slice(this.#at, this.#at + 2);
    const one = two.charAt(0);
    if (two === "//") this.#blankTo(this.#find("\n", this.#at));
    else if (two === "/*") this.#blankTo(this.#find("*/", this.#at + 2) + 2);
    else if (one === '"' || one === "'") this.#quoted(one, this.#endOfString(one));
    else if (one === "`") this.#quoted(one, this.#endOfTemplate());
    else if (one === "/" && BEFORE_VALUE.test(this.#out.trimEnd())) {
      this.#quoted(one, this.#endOfPattern());
    } else {
      this.#out += one;
      this.#at++;
    }
  }

  /** Keeps the quotes of what is quoted, up to and with the one at `end`. */
  #quoted(quote: string, end: number): void {
    this.#out += quote;
    this.#at++;
    this.#blankTo(end);
    if (this.#text.charAt(this.#at) !== quote) return;
    this.#out += quote;
    this.#at++;
  }

  #blankTo(end: number): void {
    const stop = Math.min(end, this.#text.length);
    for (; this.#at < stop; this.#at++) {
      this.#out += this.#text.charAt(this.#at) === "\n" ? "\n" : " ";
    }
  }

  #find(what: string, from: number): number {
    const found = this.#text.indexOf(what, from);
    return found < 0 ? this.#text.length : found;
  }

  /** A string ends at its quote, or, unfinished, with its line. */
  #endOfString(quote: string): number {
    return this.#endAt((one) => one === quote || one === "\n");
  }

  /** Templates are masked with what is inserted in them: no import stands there. */
  #endOfTemplate(): number {
    return this.#endAt((one) => one === "`");
  }

  #endOfPattern(): number {
    let isInClass = false;
    return this.#endAt((one) => {
      if (one === "[") isInClass = true;
      else if (one === "]") isInClass = false;
      return one === "\n" || (one === "/" && !isInClass);
    });
  }

  #endAt(isEnd: (one: string) => boolean): number {
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const one = this.#text.charAt(at);
      if (one === "\\") at++;
      else if (isEnd(one)) return at;
    }
    return this.#text.length;
  }
}
