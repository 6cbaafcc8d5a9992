import type { EventType, History, HistoryEvent, Operation } from "../history.ts";
import { jsonCopy } from "../json-value.ts";
import { REPLACEMENT } from "./read-limits.ts";

/** An event without the place where it was read: what is written says where. */
export type WrittenEvent = Omit<HistoryEvent, "place">;

/**
 * One event as a line of JSON, with its line end, that the reader of JSON lines reads as the same.
 *
 * @param index The event's number in its history, from 0.
 * @throws LatchworkError BAD_HISTORY if the value is no JSON value, or too large a number.
 */
export function jsonLineOf(event: WrittenEvent, index: number): string {
  const { type, process, f, key, value, time, version = null } = event;
  const timed = time === null ? {} : { time };
  const known = version === null ? timed : { version, ...timed };
  if (type === "crash") return `${JSON.stringify({ index, type, ...timed })}\n`;
  const plain = jsonCopy(value, `event ${index}`);
  const line = JSON.stringify({ index, process, type, f, key, value: plain, ...known });
  // Raw, it would read as bytes that are not UTF-8.
  return `${line.replaceAll(REPLACEMENT, "\\ufffd")}\n`;
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
  const { process, f, key, output, version, returnedTime } = operation;
  return { type, process, f, key, value: output, version, time: returnedTime };
}
