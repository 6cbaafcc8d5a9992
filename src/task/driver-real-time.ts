import { performance } from "node:perf_hooks";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import { assert } from "./assert.ts";

// Test suites replace the timers and clocks of the global object, and the properties of Node's
// modules with them; what was imported by name before stays what it was. Bound once, since a
// name that is imported from Node's own modules can be brought up to date by its exporter.
const originals = { clearTimeout, setImmediate, setTimeout };
const now = performance.now.bind(performance);

/** Milliseconds of real time since some moment; never goes back. */
export function realNowMs(): number {
  return now();
}

/** The longest timer that Node has, 25 days: a longer one rings at once. */
export const TIMER_MS_MAX: number = 2 ** 31 - 1;

/** Calls back once, not before so many whole milliseconds have passed. */
export function startTimer(callback: () => void, ms: number): NodeJS.Timeout {
  assert(ms <= TIMER_MS_MAX, "a timer can count so far");
  return originals.setTimeout(callback, ms);
}

/** Takes a timer back; nothing happens if it has rung. */
export function stopTimer(timer: NodeJS.Timeout): void {
  originals.clearTimeout(timer);
}

/** Calls back in the next turn of Node's event loop, after timers and I/O had theirs. */
export function inNextTurn(callback: () => void): void {
  originals.setImmediate(callback);
}

/** A promise that is kept in the next turn of Node's event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    inNextTurn(resolve);
  });
}

/** A promise that is kept once so many whole milliseconds have passed. */
export function realSleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    startTimer(resolve, ms);
  });
}
