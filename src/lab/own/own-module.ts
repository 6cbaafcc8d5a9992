import { BadModule } from "./bad-module.ts";
import { masked } from "./mask.ts";

/** The one module that a protocol may import. */
const DOOR = "latchwork";

// On masked text: between its quotes, a specifier is spaces.
const IMPORT =
  /(?<![\w$.])import\b(?:(?<clause>[^;"'()]*?)\bfrom\s*|\s*)(["'])(?<from> *)\2[ \t]*;?/g;
const EXPORT_FROM = /(?<![\w$.])export\b[^;"'()]*?\bfrom\s*(["'])(?<from> *)\1[ \t]*;?/g;
const EXPORT_LIST = /(?<![\w$.])export\s*\{[^}]*\}[ \t]*;?/g;
const EXPORT_DEFAULT = /(?<![\w$.])export\s+default\b/g;
const EXPORT = /(?<![\w$.])export\b(?=\s+[a-z])/g;
const DYNAMIC = /(?<![\w$.])import\s*\(/g;
const TYPES = /\b(?:override|readonly|implements|interface)\s+[\w$*]|\bimport\s+type\b/;

/** A module that a reader has written, made ready to be run somewhere else. */
export interface OwnModule {
  /** The same module with the package imported from another address; every line keeps its place. */
  linkedTo(address: string): string;
  /**
   * A function that is never called, with the same code on the same lines: a script with which the
   * syntax can be looked at, and nothing run.
   */
  readonly syntax: string;
  /** Whether it looks like TypeScript, which no browser reads. */
  readonly looksTyped: boolean;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a module that exports protocols, as docs/add-a-protocol.md teaches, without running it.
 *
 * @param exported What the package exports.
 * @throws BadModule for an import that cannot be had, with its line.
 */
export function readModule(text: string, exported: ReadonlySet<string>): OwnModule {
  const code = masked(text);
  const [dynamic] = code.matchAll(DYNAMIC);
  if (dynamic !== undefined) {
    throw new BadModule("import(...) cannot be had here", lineAt(text, dynamic.index));
  }
  const specifiers = [...code.matchAll(IMPORT), ...code.matchAll(EXPORT_FROM)].map((found) =>
    specifierOf(text, found, exported),
  );
  return {
    linkedTo: (address) => replaced(text, specifiers, address),
    syntax: syntaxOf(code, text),
    looksTyped: TYPES.test(code),
  };
}

/** Where the module of an import is named. */
function specifierOf(text: string, found: RegExpExecArray, exported: ReadonlySet<string>): Place {
  const { clause, from = "" } = found.groups ?? {};
  const [whole] = found;
  const quoted = Math.max(whole.lastIndexOf('"'), whole.lastIndexOf("'"));
  const end = found.index + quoted;
  const start = end - from.length;
  const line = lineAt(text, found.index);
  const name = text.slice(start, end);
  if (name !== DOOR) {
    throw new BadModule(
      `only "${DOOR}" can be imported here, and not ${JSON.stringify(name)}`,
      line,
    );
  }
  for (const wanted of namesIn(clause ?? "")) {
    if (!exported.has(wanted)) throw new BadModule(`${DOOR} exports no ${wanted}`, line);
  }
  return { start, end };
}

/** The names that are asked for between braces. */
function namesIn(clause: string): string[] {
  const inside = /\{([^}]*)\}/.exec(clause)?.[1] ?? "";
  return inside.split(",").flatMap((part) => /^\s*(?!type\s+\w)([\w$]+)/.exec(part)?.[1] ?? []);
}

function replaced(text: string, places: readonly Place[], by: string): string {
  let made = "";
  let at = 0;
  for (const { start, end } of places.toSorted((a, b) => a.start - b.start)) {
    made += text.slice(at, start) + by;
    at = end;
  }
  return made + text.slice(at);
}

/** Imports and exports are of modules only, and are made spaces; `code` says where they are. */
function syntaxOf(code: string, text: string): string {
  const gone = [IMPORT, EXPORT_FROM, EXPORT_LIST, EXPORT_DEFAULT, EXPORT].flatMap((form) =>
    [...code.matchAll(form)].map(({ index, 0: whole }) => ({
      start: index,
      end: index + whole.length,
      // A class or function that is a default export needs no name, and as a value neither.
      first: form === EXPORT_DEFAULT ? "void" : "",
    })),
  );
  let made = "";
  let at = 0;
  for (const { start, end, first } of gone.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue;
    made += text.slice(at, start) + first + blank(text.slice(start + first.length, end));
    at = end;
  }
  return `async function never() {"use strict";${made}${text.slice(at)}\n}`;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
