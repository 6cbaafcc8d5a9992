import { escapeMarkup, printable } from "../../task/index.ts";

/** A text from anywhere as content of a page: every character to be seen, none of them obeyed. */
export function shown(text: string): string {
  return escapeMarkup(printable(text));
}

/** The same for several lines, which stay lines. */
export function shownLines(text: string): string {
  return text.split("\n").map(shown).join("\n");
}
