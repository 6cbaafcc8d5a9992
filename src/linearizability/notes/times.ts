import type { History, Operation } from "../history.ts";
import { operationText } from "../verdict-text.ts";

/** An event whose time is before that of an event above it. */
interface Back {
  readonly operation: Operation;
  readonly isReturn: boolean;
  readonly from: number;
  readonly to: number;
}

/** Says where times go back from event to event; null if they never do. */
export function timesText(history: History): string | null {
  const events = timesOf(history);
  let latest = Number.NEGATIVE_INFINITY;
  let count = 0;
  let timed = 0;
  let first: Back | null = null;
  for (const event of events) {
    if (event === undefined) continue;
    timed++;
    if (event.time >= latest) latest = event.time;
    else {
      count++;
      first ??= { ...event, from: latest, to: event.time };
    }
  }
  if (first === null) return null;
  const { operation, isReturn, from, to } = first;
  const where = `${isReturn ? "the answer of " : ""}${operationText(operation)}`;
  return (
    `times go back from event to event, at ${count} of ${timed}, first from ${from} to ${to} at ` +
    `${where}: operations were judged in the order of their lines, and their times were not ` +
    "looked at; if the times are right, sort the events by them first"
  );
}

interface Timed {
  readonly operation: Operation;
  readonly isReturn: boolean;
  readonly time: number;
}

/** The events that have a time, in the order of the history. */
function timesOf({ operations, events }: History): readonly (Timed | undefined)[] {
  const timed: (Timed | undefined)[] = Array.from({ length: events });
  for (const operation of operations) {
    const { invokedAt, invokedTime, returnedAt, returnedTime } = operation;
    if (invokedTime !== null) timed[invokedAt] = { operation, isReturn: false, time: invokedTime };
    if (returnedTime !== null)
      timed[returnedAt] = { operation, isReturn: true, time: returnedTime };
  }
  return timed;
}
