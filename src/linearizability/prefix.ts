import type { History, Operation } from "./history.ts";

/**
 * The first `events` events of a history, as a history of its own. Operations that are open there
 * are pending.
 *
 * A prefix of a linearizable history is linearizable (Herlihy and Wing 1990): operations that are
 * open at its end may take effect or not. O(operations).
 */
export function prefixOf(history: History, events: number): History {
  const operations: Operation[] = [];
  for (const operation of history.operations) {
    if (operation.invokedAt >= events) break;
    const isWhole = operation.returnedAt < events;
    operations.push(isWhole ? operation : { ...operation, ...PENDING });
  }
  const crashes = history.crashes.filter((at) => at < events);
  return { operations, crashes, events: Math.min(events, history.events) };
}

const PENDING = {
  outcome: "pending",
  output: null,
  returnedAt: Number.POSITIVE_INFINITY,
  returnedTime: null,
  version: null,
} as const;
