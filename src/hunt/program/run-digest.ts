import { lsnOf, pageId, versionOf } from "../../storage/index.ts";
import type { History, OperationRecord } from "../judge/index.ts";
import { pageName, type ProgramTree } from "./program-tree.ts";

/**
 * What a run has left, line by line: each page in use, which pages are free and in which order they
 * are used next, and what each operation answered and which others had returned when it began.
 *
 * @param trees At rest.
 */
export function digestOf(trees: readonly ProgramTree[], history: History): string {
  return [...trees.flatMap(pageLines), ...historyLines(history)].join("\n");
}

function pageLines({ store: { space, log }, pages, partition }: ProgramTree): string[] {
  const lines = [`pages to ${space.highWater}, free ${[...space].join(" ")}`];
  for (let number = 0; number < space.highWater; number++) {
    const id = pageId(number);
    if (space.isFree(id)) continue;
    const page = pages.frame(id);
    // Positions that nothing was logged at say nothing: see CountingLog.
    const position = log.keepsChanges ? ` at ${lsnOf(page)}` : "";
    const bytes = hash(page.bytes.subarray(FIRST_BYTE_AFTER_LSN));
    const name = pageName(partition, number);
    lines.push(`page ${name}${position}, version ${versionOf(page)}, bytes ${bytes}`);
  }
  return lines;
}

const FIRST_BYTE_AFTER_LSN = 16;

/** FNV-1a, 32 bits: two runs are compared, and no one has an interest in fooling us. */
export function hash(bytes: Uint8Array): string {
  let hashed = 0x811c9dc5;
  for (const byte of bytes) hashed = Math.imul(hashed ^ byte, 0x01000193);
  return (hashed >>> 0).toString(16).padStart(8, "0");
}

function historyLines(history: History): string[] {
  return history.records.map((record) => {
    const { index, epoch, isCut } = record;
    if (!history.wasInvoked(index)) return `operation ${index}: never begun`;
    const after = history.records.filter((other) => returnedBefore(history, other, index));
    const before = after.map((other) => other.index).join(" ");
    const end = history.hasReturned(index) && !isCut ? answerOf(record) : "no answer";
    return `operation ${index}: part ${epoch}, after ${before}; ${end}`;
  });
}

function returnedBefore(history: History, other: OperationRecord, index: number): boolean {
  const invokedAt = history.invokedAt[index] ?? 0;
  return (history.returnedAt[other.index] ?? 0) < invokedAt;
}

function answerOf({
  outcome,
  operation,
  valueRead,
  rowsCounted,
  keys,
  values,
  fault,
}: OperationRecord): string {
  const read = operation.kind === "get" && outcome ? ` ${valueRead}` : "";
  const rows =
    operation.kind === "scan" ? ` ${rowsCounted} rows ${keys.join(" ")}: ${values.join(" ")}` : "";
  return `${outcome}${read}${rows}${fault === null ? "" : ` ${fault}`}`;
}
