import type { ModeLetter } from "../task/index.ts";

/** Many may read the page. */
export const SHARED = 0;
/**
 * One may read the page and is the only one who may go on to change it, by an upgrade to
 * {@link EXCLUSIVE}; readers come and go beside it until then. InnoDB calls the mode SX.
 */
export const UPDATE = 1;
/** One may change the page, and nobody else may look at it. */
export const EXCLUSIVE = 2;
/** How a latch is held, from the weakest to the strongest. */
export type Mode = typeof SHARED | typeof UPDATE | typeof EXCLUSIVE;

/** A set of modes, one bit each: `1 << mode`. */
export type ModeSet = number;

/** The set that has no mode in it. */
export const NO_MODES: ModeSet = 0;

const S: ModeSet = 1 << SHARED;
const U: ModeSet = 1 << UPDATE;
const X: ModeSet = 1 << EXCLUSIVE;

/**
 * The compatibility table, the only one: for each mode, those in which nobody else may hold the
 * latch beside it. Granting, blocking reports and the order graph all read it here.
 *
 *         S  U  X
 *     S   +  +  -
 *     U   +  -  -
 *     X   -  -  -
 *
 * It is that of InnoDB, whose SX is our U: S beside SX is allowed whichever came first, SX beside
 * SX is not (MySQL 5.7, worklogs 6326 and 6363). The update mode of Gray and Reuter
 * (Transaction Processing, 1993) is asymmetric: held, it keeps new readers out. That is meant to
 * save the upgrade from starving; here {@link Fairness} decides who goes first, and the table only
 * who fits whom, so that it stays symmetric.
 */
const CONFLICTS: readonly [ModeSet, ModeSet, ModeSet] = [X, U | X, S | U | X];

/** The set of just one mode. O(1). */
export function only(mode: Mode): ModeSet {
  return 1 << mode;
}

/** Whether one who asks for `mode` may join others who hold the latch in `held`. O(1). */
export function fits(mode: Mode, held: ModeSet): boolean {
  return (CONFLICTS[mode] & held) === NO_MODES;
}

/** Whether two owners may hold one latch in these modes at the same moment. Symmetric; O(1). */
export function areCompatible(a: Mode, b: Mode): boolean {
  return fits(a, only(b));
}

/**
 * Whether a request that goes strictly before another keeps it waiting: the two do not fit, or the
 * first waits for somebody whom the second would fit. A reader behind a waiting U fits it, and yet
 * waits for the U that this one waits for. O(1).
 */
export function holdsUp(ahead: Mode, behind: Mode): boolean {
  return !areCompatible(ahead, behind) || (CONFLICTS[ahead] & ~CONFLICTS[behind]) !== NO_MODES;
}

const LETTERS = ["S", "U", "X"] as const;

/** The letter that stories and traces print. */
export function modeLetter(mode: Mode): ModeLetter {
  return LETTERS[mode];
}

/**
 * Who goes first when several wait. It changes which deadlocks exist: on a fair latch a task that
 * latches twice in shared mode can wait behind a writer that waits for that very task.
 *
 * - `fifo`: strictly in order of arrival; a release hands the latch over. Nobody overtakes, not
 *   even a reader that would fit both the holders and the U that waits before it.
 * - `writer-preferring`: a waiting X goes before everybody who does not hold yet. While none waits,
 *   whoever fits the holders is admitted: a waiting U keeps no reader out, since it fits readers.
 * - `barging`: whoever comes when the latch is free gets it.
 *
 * An upgrade goes before everybody who waits, since nobody can pass it: it holds the latch already.
 * Under the two fair settings nobody is admitted while it waits, so that it waits only for readers
 * that hold already; under `barging` new readers come in beside it, and it may starve.
 */
export type Fairness = "fifo" | "writer-preferring" | "barging";

/** All fairness settings, in the order in which help texts list them. */
export const FAIRNESS_SETTINGS: readonly Fairness[] = ["fifo", "writer-preferring", "barging"];
