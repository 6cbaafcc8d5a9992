import { parseScenario, type Scenario } from "../../hunt/index.ts";

/** The first line of a scenario's text, from 1, that begins with one of some words; or null. */
export function lineOfWord(text: string, words: readonly string[]): number | null {
  const found = text.split("\n").findIndex((line) => words.includes(wordOf(line)));
  return found < 0 ? null : found + 1;
}

/**
 * A scenario's text with the line of a word set, put in at the top, or, for null, left out; all
 * other lines, and the comments, stay.
 */
export function withLine(text: string, word: string, value: string | null): string {
  const at = lineOfWord(text, [word]);
  const lines = text.split("\n");
  if (at !== null) lines.splice(at - 1, 1, ...(value === null ? [] : [`${word} ${value}`]));
  else if (value !== null) {
    // A bug belongs to a protocol, and is read below it.
    const protocol = word === "bug" ? lineOfWord(text, ["protocol"]) : null;
    lines.splice(protocol ?? 0, 0, `${word} ${value}`);
  }
  return lines.join("\n");
}

/** The protocol and the bug that a text names, whatever else is wrong in it. */
export function namedIn(text: string): Pick<Scenario, "protocol" | "bug"> {
  const naming = text.split("\n").filter((line) => ["protocol", "bug"].includes(wordOf(line)));
  try {
    return parseScenario([...naming, "task get 1"].join("\n")).scenario;
  } catch {
    return { protocol: "", bug: null };
  }
}

function wordOf(line: string): string {
  return /^\s*([^\s#]+)/.exec(line)?.[1] ?? "";
}
