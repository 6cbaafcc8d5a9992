import { escaped, printable } from "./printable.ts";

/** A text as content or attribute of HTML or SVG. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * JSON that can stand in a `script` element: no `<` could end the element or begin a comment, and
 * nothing is there that an editor would not show.
 */
export function scriptJson(value: unknown): string {
  return printable(JSON.stringify(value)).replace(/[<>&]/g, escaped);
}
