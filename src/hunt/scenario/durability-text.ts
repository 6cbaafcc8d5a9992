import { type WriteBatching, writeBatchingOf } from "../../engine/index.ts";
import { LatchworkError } from "../../task/index.ts";
import { policyNamed } from "../../wal/index.ts";
import { bad, number } from "./bad-scenario.ts";
import { formatOperations, readOperations } from "./operation-text.ts";
import {
  type Durability,
  DURABILITY_DEFAULTS,
  FAULT_KINDS,
  type FaultKind,
  needsDisk,
  type ScenarioOperation,
} from "./scenario.ts";

const WORDS = [
  "crashes",
  "partitions",
  "pool",
  "commit",
  "reads",
  "survival",
  "segment",
  "batching",
  "faults",
  "after",
];

// Every crash brings a recovery with it, and a history is judged anew for each.
const CRASHES_MAX = 3;
// A split of three levels holds this many pages at once; with fewer the pool only overdraws.
const POOL_MIN = 8;
const SEGMENT_MIN = 512;
// Every one of them is opened again in every run.
const PARTITIONS_MAX = 8;

/** Whether a line that begins so says something of the disk, and makes the scenario durable. */
export function isDurabilityWord(word: string): boolean {
  return WORDS.includes(word);
}

/**
 * Reads one setting as a scenario's line has it: `pool 8`.
 *
 * @throws LatchworkError BAD_SCENARIO naming the line, 0 for none, and what would be right.
 */
export function readDurability(word: string, rest: string, line: number = 0): Partial<Durability> {
  return readField(word, rest, line, DURABILITY_DEFAULTS);
}

/** The durable part of a scenario in the making. */
export class DurabilityDraft {
  #found: Durability | null = null;

  set(word: string, rest: string, line: number): void {
    const before = this.#found ?? DURABILITY_DEFAULTS;
    this.#found = { ...before, ...readField(word, rest, line, before) };
  }

  /** The field to add to the scenario; operations that need a disk ask for one by themselves. */
  finish(tasks: readonly (readonly ScenarioOperation[])[]): { durability?: Durability } {
    const found = this.#found ?? (needsDisk(tasks.flat()) ? DURABILITY_DEFAULTS : null);
    if (found?.crashes === 0 && found.faults.includes("stuck")) {
      throw bad(0, "the disk may be stuck, and there is no crash to end it", "crashes 1 or more");
    }
    return found === null ? {} : { durability: found };
  }
}

/** Writes the lines that differ from the defaults, and `crashes` always. */
export function formatDurability(durability: Durability): string[] {
  const after = durability.after.map((task) => `after ${formatOperations(task)}`);
  return [...formatSettings(durability), ...after];
}

/** The same without the tasks that come after the crashes. */
export function formatSettings(durability: Durability): string[] {
  const { crashes, partitions, poolFrames, commit, reads, survival } = durability;
  const { segmentBytes, batching, faults } = durability;
  const standard = DURABILITY_DEFAULTS;
  const lines = [`crashes ${crashes}`];
  if (partitions !== standard.partitions) lines.push(`partitions ${partitions}`);
  if (poolFrames !== standard.poolFrames) lines.push(`pool ${poolFrames}`);
  if (commit !== standard.commit) lines.push(`commit ${commit}`);
  if (reads !== standard.reads) lines.push(`reads ${reads}`);
  if (survival !== standard.survival) lines.push(`survival ${survival}`);
  if (segmentBytes !== standard.segmentBytes) lines.push(`segment ${segmentBytes}`);
  if (batching !== null) lines.push(`batching ${batchingText(batching)}`);
  if (faults.length > 0) lines.push(`faults ${faults.join(" ")}`);
  return lines;
}

function readField(
  word: string,
  rest: string,
  line: number,
  before: Durability,
): Partial<Durability> {
  switch (word) {
    case "crashes":
      return { crashes: within(word, rest, line, 0, CRASHES_MAX) };
    case "partitions":
      return { partitions: within(word, rest, line, 1, PARTITIONS_MAX) };
    case "pool":
      return { poolFrames: within(word, rest, line, POOL_MIN, 1_000_000) };
    case "commit":
      return { commit: policy(rest, line) };
    case "reads":
      return { reads: oneOf(word, rest, line, ["committed", "durable"] as const) };
    case "survival":
      return { survival: oneOf(word, rest, line, ["patterns", "sectors", "mixed"] as const) };
    case "segment":
      return { segmentBytes: within(word, rest, line, SEGMENT_MIN, 1_000_000_000) };
    case "batching":
      return { batching: batchingNamed(rest, line) };
    case "faults":
      return { faults: faultKinds(rest, line) };
    default:
      return { after: [...before.after, readOperations(rest, line)] };
  }
}

function within(word: string, text: string, line: number, least: number, most: number): number {
  const value = number(text, line);
  if (value < least || value > most) throw bad(line, `${word} ${value}`, `${least} to ${most}`);
  return value;
}

function oneOf<T extends string>(
  word: string,
  text: string,
  line: number,
  choices: readonly T[],
): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw bad(line, `${word} ${JSON.stringify(text)}`, choices.join(" or "));
}

function policy(text: string, line: number): string {
  try {
    policyNamed(text);
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    throw bad(line, `no commit policy ${JSON.stringify(text)}`, "each, window:2 or the like");
  }
  return text;
}

function batchingText({ windowMs, operationsMax, bytesMax }: WriteBatching): string {
  return [windowMs, operationsMax, bytesMax].join(",");
}

/** A window in milliseconds, the most writes and the most bytes: `0,16,4096`. */
function batchingNamed(text: string, line: number): WriteBatching {
  const numbers = /^(\d+)[ ,]+(\d+)[ ,]+(\d+)$/.exec(text)?.slice(1).map(Number);
  const [windowMs = 0, operationsMax = 0, bytesMax = 0] = numbers ?? [];
  try {
    return writeBatchingOf({ windowMs, operationsMax, bytesMax });
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    const right = "0,16,4096: a window of 0 to 1000 ms, 1 or more writes, 1 or more bytes";
    throw bad(line, `batching ${JSON.stringify(text)}`, right);
  }
}

function faultKinds(text: string, line: number): FaultKind[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => oneOf("faults", word, line, FAULT_KINDS));
}
