import { closeSync, openSync, readSync } from "node:fs";
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
    throw new BadInput(`${nameOf(path)}: has over 1 MB; a scenario has at most so much`);
  }
  const text = decode(bytes);
  if (text === null) throw new BadInput(`${nameOf(path)}: is binary; expected a text file`);
  if (text.trim() === "") {
    throw new BadInput(`${nameOf(path)}: is empty; expected a scenario, such as: task get 20`);
  }
  return text;
}

function readBytes(path: string): Uint8Array {
  try {
    if (path === STANDARD_INPUT) return readUpTo(STANDARD_INPUT_FD);
    const descriptor = openSync(path, "r");
    try {
      return readUpTo(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new BadInput(`cannot read ${nameOf(path)}: ${reason(error)}; expected a text file`);
  }
}

/** All there is, up to one byte too many: a device as /dev/full has bytes for ever. */
function readUpTo(descriptor: number): Uint8Array {
  const bytes = new Uint8Array(BYTES_MAX + 1);
  let length = 0;
  while (length < bytes.length) {
    const count = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
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
