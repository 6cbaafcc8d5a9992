import {
  areCompatible,
  EXCLUSIVE,
  holdsUp,
  type Mode as LatchMode,
  SHARED,
  UPDATE,
} from "../../latch/index.ts";
import type { Latches } from "./latches.ts";
import type { Mode } from "./picture.ts";

/**
 * The tasks that a task waits for at a latch: those that hold it in a mode that does not fit, and
 * those before it in the line that do not fit either, or that wait for somebody who would fit.
 */
export function waitedFor(latches: Latches, objectId: number, task: number, mode: Mode): number[] {
  const latch = latches.get(objectId);
  if (latch === undefined) return [];
  const place = latch.queue.findIndex((use) => use.task === task);
  const before = place < 0 ? latch.queue : latch.queue.slice(0, place);
  const inTheWay = [
    ...latch.holders.filter((use) => !areCompatible(MODES[use.mode], MODES[mode])),
    ...before.filter((use) => holdsUp(MODES[use.mode], MODES[mode])),
  ];
  return [...new Set(inTheWay.map((use) => use.task))].filter((other) => other !== task);
}

const MODES: Readonly<Record<Mode, LatchMode>> = { S: SHARED, U: UPDATE, X: EXCLUSIVE };
