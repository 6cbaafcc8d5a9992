import { escapeMarkup } from "../../task/index.ts";

/** Width of a letter of the monospace font, in shares of its size. */
const LETTER = 0.605;

/** Scripts whose letters take the room of two. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/;

/** Width of a text in pixels. Fonts differ, so it is a little more than most need. */
export function textWidth(text: string, size: number): number {
  let letters = 0;
  for (const char of text) letters += char.length > 1 || WIDE.test(char) ? 2 : 1;
  return letters * LETTER * size;
}

/** A text cut off so that it fits; empty if hardly anything would. */
export function fittingText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let fits = "";
  for (const char of text) {
    if (textWidth(`${fits}${char}…`, size) > width) break;
    fits += char;
  }
  return fits === "" ? "" : `${fits}…`;
}

/** A text in lines that fit, broken at blanks where there are any. */
export function linesOfText(text: string, size: number, width: number): string[] {
  const most = Math.max(10, Math.floor(width / (LETTER * size)));
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > most) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
    while (line.length > most) {
      lines.push(line.slice(0, most));
      line = line.slice(most);
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** Collects the elements of an SVG. Classes carry a prefix, for it may stand inside a page. */
export class SvgWriter {
  readonly #elements: string[] = [];

  get elements(): string {
    return this.#elements.join("\n");
  }

  rect(name: string, x: number, y: number, width: number, height: number): void {
    const place = `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
    this.#elements.push(`<rect class="${classes(name)}" ${place}/>`);
  }

  path(name: string, d: readonly (string | number)[]): void {
    const drawn = d.map((part) => (typeof part === "number" ? px(part) : part)).join(" ");
    this.#elements.push(`<path class="${classes(name)}" d="${drawn}"/>`);
  }

  /** A text; the name is of its class. */
  text(
    name: string,
    x: number,
    y: number,
    text: string,
    anchor: "start" | "middle" | "end" = "start",
  ): void {
    const at = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
    const place = `x="${px(x)}" y="${px(y)}"${at}`;
    this.#elements.push(`<text class="${classes(name)}" ${place}>${escapeMarkup(text)}</text>`);
  }

  /** Begins a group with a title, which a viewer shows for all of it. */
  begin(title: string, name: string): void {
    this.#elements.push(`<g class="${classes(name)}"><title>${escapeMarkup(title)}</title>`);
  }

  end(): void {
    this.#elements.push("</g>");
  }
}

function classes(names: string): string {
  return names
    .split(" ")
    .map((name) => `lw-${name}`)
    .join(" ");
}

/** A tenth of a pixel is as exact as anybody can see. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
