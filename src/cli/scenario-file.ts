import { readFileSync } from "node:fs";
import { parseScenario, type ScenarioFile } from "../hunt/index.ts";
import { LatchworkError } from "../task/index.ts";
import { BadInput } from "./exit.ts";
import { nameOf, reason, STANDARD_INPUT } from "./files.ts";

const STANDARD_INPUT_FD = 0;
const BYTES_MAX = 1 << 20;

/** Reads a scenario file, or standard input for `-`. */
export function readScenario(path: string): ScenarioFile {
  const text = readText(path);
  return inFile(path, () => parseScenario(text));
}

/**
 * Does something with what a file says.
 *
 * @throws BadInput with the file's name for what a room below refuses.
 */
export function inFile<Result>(path: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    throw new BadInput(`${nameOf(path)}: ${error.message}`);
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
