import type { JsonFields } from "../../hunt/index.ts";
import type { FilmTask, Intent, Stop } from "../film/index.ts";
import { type Gates, waitedForAtGates } from "./gates.ts";
import { type Latches, modeOf, partitionOf } from "./latches.ts";
import type { HeldLatch, OperationPicture, PagePlace, TaskPicture, WantedPage } from "./picture.ts";
import { numberIn, numberOrNull, textIn } from "./trace-line.ts";
import { waitedFor } from "./waiting.ts";

/** What tasks are seen under. */
interface Under {
  readonly latches: Latches;
  readonly gates: Gates;
  readonly partitions: number;
}

/** The tasks after the step that led to a stop. */
export function tasksAfter(
  before: readonly TaskPicture[],
  filmed: readonly FilmTask[],
  stop: Stop,
  under: Under,
): readonly TaskPicture[] {
  return stop.next.map((intent) => {
    const known = before[intent.task] ?? beginning(filmed[intent.task], intent.task);
    return taskAfter(known, intent, stop, under);
  });
}

function beginning(filmed: FilmTask | undefined, task: number): TaskPicture {
  const operations = (filmed?.operations ?? []).map(({ index, text }): OperationPicture => ({
    index,
    text,
    state: "to come",
    result: null,
  }));
  return {
    task,
    name: filmed?.name ?? "",
    role: filmed?.role ?? "operations",
    state: "ready",
    mayGo: false,
    wouldWait: false,
    operations,
    did: "",
    next: "",
    wants: null,
    at: null,
    holds: [],
    waitsFor: [],
  };
}

function taskAfter(
  known: TaskPicture,
  intent: Intent,
  { deed, lines, choices }: Stop,
  { latches, gates, partitions }: Under,
): TaskPicture {
  const { task, text } = intent;
  const state = stateOf(intent, latches);
  const isActor = deed?.task === task;
  return {
    ...known,
    state,
    mayGo: choices.includes(task),
    wouldWait: state === "ready" && !intent.isFree,
    operations: operationsAfter(known.operations, lines, task),
    did: isActor ? deed.text : known.did,
    next: state === intent.state ? text : `to ${text}`,
    wants: wantedBy(intent, partitions),
    at: isActor ? (placeOf(lines, partitions) ?? known.at) : known.at,
    holds: state === "stopped" ? [] : heldBy(task, latches),
    waitsFor: state === "waits" ? waitsFor(intent, latches, gates) : [],
  };
}

/** The page that the task's next step is about; null if none. */
function wantedBy(
  { page, objectId, mode, isGranted }: Intent,
  partitions: number,
): WantedPage | null {
  if (page === null || isGranted) return null;
  const partition = partitionOf(objectId, partitions);
  return { page, partition, mode: mode === null ? null : modeOf(mode) };
}

/**
 * How a task stands. One that a deadlock has stopped before it could ask waits as well, though it
 * might still join the queue.
 */
function stateOf({ task, state, objectId }: Intent, latches: Latches): TaskPicture["state"] {
  if (state !== "ready") return state;
  const latch = latches.get(objectId);
  const inLine = [...(latch?.queue ?? []), ...(latch?.blocked ?? [])];
  return inLine.some((use) => use.task === task) ? "waits" : "ready";
}

/** The tasks in its way, where it waits for a latch or before a gate. */
function waitsFor(
  { task, objectId, mode }: Intent,
  latches: Latches,
  gates: Gates,
): readonly number[] {
  return mode === null
    ? waitedForAtGates(gates, task)
    : waitedFor(latches, objectId, task, modeOf(mode));
}

function operationsAfter(
  operations: readonly OperationPicture[],
  lines: readonly JsonFields[],
  task: number,
): readonly OperationPicture[] {
  const told = lines.filter(
    (line) =>
      (line["kind"] === "operation-begun" || line["kind"] === "operation-returned") &&
      line["task"] === task,
  );
  if (told.length === 0) return operations;
  return operations.map((operation) => {
    const own = told.filter((line) => numberIn(line, "index") === operation.index).at(-1);
    if (own === undefined) return operation;
    if (own["kind"] === "operation-begun") return { ...operation, state: "runs" };
    // What a crash ends has no answer.
    if (lines[0]?.["kind"] === "crash") {
      return { ...operation, state: "cut off", result: textIn(own, "result") };
    }
    return { ...operation, state: "returned", result: textIn(own, "result") };
  });
}

/** The page that a step is about; null if none. */
function placeOf([own]: readonly JsonFields[], partitions: number): PagePlace | null {
  if (own === undefined) return null;
  const page = numberOrNull(own, "latch") ?? numberOrNull(own, "page");
  return page === null
    ? null
    : { page, partition: partitionOf(numberIn(own, "objectId"), partitions) };
}

function heldBy(task: number, latches: Latches): HeldLatch[] {
  const held: HeldLatch[] = [];
  for (const { objectId, partition, page, name, holders } of latches.values()) {
    const use = holders.find((one) => one.task === task);
    if (use !== undefined) held.push({ objectId, partition, page, name, mode: use.mode });
  }
  return held;
}
