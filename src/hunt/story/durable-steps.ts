import {
  deedOf,
  type Fact,
  type FaultFact,
  faultTextOf,
  type FileFact,
  intentOf,
  wishOf,
} from "../../task/index.ts";
import { segmentStart } from "../../wal/index.ts";
import { fileText, pageName, partitionOfFile, pathIn, plainName } from "../program/index.ts";

/** A step of disk, log or gate in words. */
export interface DescribedStep {
  readonly text: string;
  /** Whether a reader can do without it. */
  readonly isQuiet: boolean;
}

const PAGES = "pages";

/** What a step is about to do, with files as stories call them. */
export function intentText(fact: Fact, object: string): string {
  return intentOf(renamed(fact), object);
}

/** What is waited for, after `waits`. */
export function wishText(fact: Fact, object: string): string {
  return wishOf(renamed(fact), object);
}

/** What a disk did wrong. */
export function faultText(fact: FaultFact): string {
  if (fact.kind === "disk-fault") return faultTextOf({ ...fact, name: placeText(fact.name) });
  return faultTextOf({ ...fact, request: withNames(fact.request, placeText) });
}

/**
 * Says what a step of disk, log or gate does. What reads, opens or closes is quiet: it is a
 * step, but what becomes durable does not depend on it.
 *
 * @param object What the step's object is called.
 * @param durableLsn Up to where the step's log is durable, or null.
 */
export function describeStep(
  fact: Fact,
  object: string,
  pageSize: number,
  durableLsn: number | null,
): DescribedStep {
  if (fact.kind === "log-wait") return describeWait(object, fact.position, durableLsn);
  if (fact.kind === "file-write") return { text: writeText(fact, pageSize), isQuiet: false };
  if (isRequest(fact)) return describeRequest(fact);
  return { text: stepText(fact, object), isQuiet: QUIET.has(fact.kind) };
}

const QUIET: ReadonlySet<Fact["kind"]> = new Set<Fact["kind"]>([
  "gate-enter",
  "page-fetch",
  "page-fetch-for-redo",
  "page-writes-wait",
  "flush-wait",
  "latch-ask",
]);

function stepText(fact: Fact, object: string): string {
  if (fact.kind === "block-seal") return "closes the log's open block";
  if (fact.kind === "page-write-wait") return `page ${fact.page} has been written: goes on`;
  if (fact.kind === "sleep") return `has waited ${fact.durationMs} ms for company`;
  return deedOf(fact, object);
}

/**
 * The pages that a write of a page file is about: `3`, `3 to 5`, of partition 1 `1/3`; null for any
 * other step.
 */
export function pagesWritten(fact: Fact, pageSize: number): string | null {
  if (fact.kind !== "file-write" || plainName(fact.name) !== PAGES) return null;
  const first = Math.floor(fact.at / pageSize);
  const last = Math.floor((fact.at + fact.bytes - 1) / pageSize);
  const name = pageName(partitionOfFile(fact.name), first);
  return first === last ? name : `${name} to ${last}`;
}

/** What a task waits for that cannot go on, as a noun where there is one. */
export function needText(fact: Fact, object: string): string {
  if (fact.kind === "log-wait") {
    const batch = fact.isInBatch ? ", in a batch that has not ended" : "";
    return `${object} to be durable to ${fact.position}${batch}`;
  }
  if (fact.kind === "page-write-wait") return `page ${fact.page} to be written`;
  if (fact.kind === "page-writes-wait") return "the page writes under way to end";
  if (fact.kind === "flush-wait") return "the flush to end";
  if (fact.kind === "write-gather") return "its batch of writes";
  if (fact.kind === "sleep") return `company, ${fact.durationMs} ms`;
  return intentText(fact, object);
}

function describeWait(log: string, position: number, durableLsn: number | null): DescribedStep {
  if (durableLsn !== null && durableLsn >= position) {
    return { text: `${log} is durable to ${position}: goes on`, isQuiet: false };
  }
  return { text: `leads a flush, for ${log} to be durable to ${position}`, isQuiet: false };
}

function writeText(fact: Fact, pageSize: number): string {
  const pages = pagesWritten(fact, pageSize);
  return pages === null ? deedOf(renamed(fact), "") : `writes page ${pages}`;
}

function describeRequest(fact: FileFact): DescribedStep {
  if (fact.kind === "file-open" && fact.mode === "create" && segmentStart(fact.name) !== null) {
    return { text: `begins ${fileText(pathIn(fact.directory, fact.name))}`, isQuiet: false };
  }
  if (fact.kind === "file-rename") {
    const to = fileText(pathIn(fact.directory, fact.to));
    return { text: `renames ${fileText(fact.name)} to ${to}`, isQuiet: false };
  }
  if (fact.kind === "file-remove") {
    return { text: `removes ${fileText(pathIn(fact.directory, fact.name))}`, isQuiet: false };
  }
  const isLasting = LASTING.has(fact.kind);
  return { text: deedOf(withNames(fact, placeText), ""), isQuiet: !isLasting };
}

/** What decides what survives a crash. */
const LASTING: ReadonlySet<Fact["kind"]> = new Set<Fact["kind"]>([
  "file-sync",
  "file-resize",
  "directory-remove",
  "directory-sync",
]);

/** A file where it is the object of a sentence. */
function placeText(path: string): string {
  if (plainName(path) !== PAGES) return fileText(path);
  const partition = partitionOfFile(path);
  return partition === null ? "the page file" : `the page file of partition ${partition}`;
}

function renamed(fact: Fact): Fact {
  return isRequest(fact) ? withNames(fact, fileText) : fact;
}

function withNames(fact: FileFact, textOf: (name: string) => string): FileFact {
  if (fact.kind === "file-rename") {
    return { ...fact, name: textOf(fact.name), to: textOf(fact.to) };
  }
  return "name" in fact ? { ...fact, name: textOf(fact.name) } : fact;
}

const REQUESTS: ReadonlySet<Fact["kind"]> = new Set<FileFact["kind"]>([
  "file-open",
  "file-read",
  "file-write",
  "file-sync",
  "file-size",
  "file-close",
  "file-resize",
  "file-rename",
  "file-remove",
  "directory-list",
  "directories-list",
  "directory-open",
  "directory-remove",
  "directory-sync",
  "file-request",
]);

function isRequest(fact: Fact): fact is FileFact {
  return REQUESTS.has(fact.kind);
}
