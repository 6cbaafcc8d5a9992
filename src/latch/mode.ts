/** Many may read the page. */
export const SHARED = 0;
/** One may change the page, and nobody else may look at it. */
export const EXCLUSIVE = 1;
/** How a latch is held. Update and optimistic modes will take the next numbers. */
export type Mode = typeof SHARED | typeof EXCLUSIVE;

/** Whether two owners may hold one latch in these modes at the same moment. */
export function areCompatible(a: Mode, b: Mode): boolean {
  return a === SHARED && b === SHARED;
}

/** The letter that stories and traces print. */
export function modeLetter(mode: Mode): "S" | "X" {
  return mode === SHARED ? "S" : "X";
}

/**
 * Who goes first when several wait. It changes which deadlocks exist: on a fair latch a task that
 * latches twice in shared mode can wait behind a writer that waits for that very task.
 *
 * - `fifo`: strictly in order of arrival; a release hands the latch over.
 * - `writer-preferring`: a waiting writer goes before every reader that does not hold yet.
 * - `barging`: whoever comes when the latch is free gets it.
 */
export type Fairness = "fifo" | "writer-preferring" | "barging";

/** All fairness settings, in the order in which help texts list them. */
export const FAIRNESS_SETTINGS: readonly Fairness[] = ["fifo", "writer-preferring", "barging"];
