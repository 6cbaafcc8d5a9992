import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { lineInStack } from "../sim/index.ts";

const NO_TYPESCRIPT =
  "this Node reads no TypeScript; compile it to .js, or give Node a loader for it, as in: " +
  "NODE_OPTIONS='--import tsx' latchwork ...";
const ELSEWHERE = " in a module that it imports";

/** Says in one line why a module could not be loaded, and where in it. */
export function faultOfLoading(error: unknown, url: string): string {
  if (!(error instanceof Error)) return `it throws ${String(error)}`;
  const path = fileURLToPath(url);
  if ((error as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return /\.[cm]?ts$/.test(path) ? NO_TYPESCRIPT : "expected a JavaScript file, .js or .mjs";
  }
  const said = error.message.split("\n")[0]?.replace(/ imported from \S*own-package\.js$/, "");
  return `${error.name}: ${said}${placeOf(error, [url, path])}`;
}

function placeOf({ name, stack = "" }: Error, [url, path]: readonly [string, string]): string {
  const line = lineIn(stack, [url, path]);
  if (line !== null) return `, line ${line}`;
  return name === "SyntaxError" ? placeOfSyntaxError(path) : "";
}

/** A module's syntax error does not say where it is; a check of only the syntax does. */
function placeOfSyntaxError(path: string): string {
  if (!/\.[cm]?js$/.test(path)) return "";
  const { status, stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8" });
  if (status === 0) return ELSEWHERE;
  const line = lineIn(stderr, [path]);
  return line === null ? "" : `, line ${line}`;
}

/** The line of the first place in a file that a stack names, by whichever of its names. */
function lineIn(stack: string, names: readonly string[]): number | null {
  for (const name of names) {
    const line = lineInStack(stack, name);
    if (line !== null) return line;
  }
  return null;
}
