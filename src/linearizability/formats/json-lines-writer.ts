import { LatchworkError } from "../../task/index.ts";
import type { EventType, History, HistoryEvent, Operation } from "../history.ts";

/** An event without the place where it was read: what is written says where. */
export type WrittenEvent = Omit<HistoryEvent, "place">;

/**
 * One event as a line of JSON, with its line end, that the reader of JSON lines reads as the same.
 *
 * @param index The event's number in its history, from 0.
 * @throws LatchworkError BAD_HISTORY if the value is no JSON value, or too large a number.
 */
export function jsonLineOf(event: WrittenEvent, index: number): string {
  const { type, process, f, key, value, time } = event;
  const timed = time === null ? {} : { time };
  if (type === "crash") return `${JSON.stringify({ index, type, ...timed })}\n`;
  checkValue(value, index);
  return `${JSON.stringify({ index, process, type, f, key, value, ...timed })}\n`;
}

/**
 * The lines of a history, with its events in the order in which they happened.
 *
 * An operation that failed, or of which nothing is known, has lost its reason; nothing else has.
 */
export function* jsonLinesOf(history: History): Generator<string> {
  const events: (WrittenEvent | undefined)[] = Array.from({ length: history.events });
  for (const at of history.crashes) {
    events[at] = { type: "crash", process: "", f: "", key: null, value: null, time: null };
  }
  for (const operation of history.operations) {
    events[operation.invokedAt] = invocationOf(operation);
    if (operation.outcome !== "pending") {
      events[operation.returnedAt] = returnOf(operation, operation.outcome);
    }
  }
  for (const [index, event] of events.entries()) {
    if (event !== undefined) yield jsonLineOf(event, index);
  }
}

function invocationOf({ process, f, key, input, invokedTime }: Operation): WrittenEvent {
  return { type: "invoke", process, f, key, value: input, time: invokedTime };
}

function returnOf(operation: Operation, type: EventType): WrittenEvent {
  const { process, f, key, output, returnedTime } = operation;
  return { type, process, f, key, value: output, time: returnedTime };
}

/** JSON.stringify would write null for much that is not null, and so call different values equal. */
function checkValue(value: unknown, index: number): void {
  if (value === null || typeof value === "boolean" || typeof value === "string") return;
  if (typeof value === "number") {
    const isKept = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (isKept) return;
  } else if (Array.isArray(value)) {
    for (const item of value) checkValue(item, index);
    return;
  } else if (isPlainObject(value)) {
    for (const item of Object.values(value)) checkValue(item, index);
    return;
  }
  const kind = typeof value === "number" ? String(value) : `a value of type ${typeof value}`;
  const what = `event ${index}: ${kind} cannot be written in JSON`;
  throw new LatchworkError("BAD_HISTORY", `${what}; write bytes and large numbers as strings`);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
