import { readFileSync, statSync, writeFileSync } from "node:fs";
import { parseScenario, type ScenarioFile } from "../hunt/index.ts";
import { LatchworkError } from "../task/index.ts";
import { BadInput } from "./exit.ts";
import { printable } from "./output.ts";

/** The name that stands for standard input. */
export const STANDARD_INPUT = "-";
const STANDARD_INPUT_FD = 0;
const BYTES_MAX = 1 << 20;

/** Reads a scenario file, or standard input for `-`. */
export function readScenario(path: string): ScenarioFile {
  const text = readText(path);
  try {
    return parseScenario(text);
  } catch (error) {
    throw error instanceof LatchworkError
      ? new BadInput(`${nameOf(path)}: ${error.message}`)
      : error;
  }
}

/** Reads a text file, or standard input for `-`. */
export function readText(path: string): string {
  const bytes = readBytes(path);
  if (bytes.length > BYTES_MAX) {
    throw new BadInput(`${nameOf(path)}: has ${bytes.length} bytes; a scenario has at most 1 MB`);
  }
  const text = decode(bytes);
  if (text === null) throw new BadInput(`${nameOf(path)}: is binary; expected a text file`);
  if (text.trim() === "") {
    throw new BadInput(`${nameOf(path)}: is empty; expected a scenario, such as: task get 20`);
  }
  return text;
}

/** Writes a file that the user asked for. */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new BadInput(`cannot write ${path}: ${reason(error)}`);
  }
}

/** Of several files to write, the first goes to `found.txt`, the second to `found-2.txt`. */
export function numbered(path: string, index: number): string {
  if (index === 0) return path;
  return path.replace(/(\.[^./\\]*)?$/, (end) => `-${index + 1}${end}`);
}

/** Whether a path names something there is. */
export function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // A name that no file can have, such as one too long.
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path === STANDARD_INPUT ? STANDARD_INPUT_FD : path);
  } catch (error) {
    throw new BadInput(`cannot read ${nameOf(path)}: ${reason(error)}; expected a text file`);
  }
}

/** The text of some bytes, or null if they are none. */
function decode(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What messages call a file. */
export function nameOf(path: string): string {
  if (path === STANDARD_INPUT) return "standard input";
  return path === "" ? '""' : printable(path);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  ENOTDIR: "part of its path is no directory",
};

/** Why a file could not be opened, read or written. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
}
