import type { History, Operation } from "../history.ts";
import type { Note } from "./note.ts";

/** Notes where times go back from event to event; null if they never do. */
export function timesNote(history: History): Note | null {
  let latest = Number.NEGATIVE_INFINITY;
  let count = 0;
  let timed = 0;
  let first: (Timed & { readonly latest: number }) | null = null;
  for (const event of timesOf(history)) {
    if (event === undefined) continue;
    timed++;
    if (event.time >= latest) latest = event.time;
    else {
      count++;
      first ??= { ...event, latest };
    }
  }
  if (first === null) return null;
  const { operation, isReturn, latest: from, time: to } = first;
  return { kind: "times", count, timed, operation: operation.id, isReturn, from, to };
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
