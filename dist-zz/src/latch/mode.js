/** Many may read the page. */
export const SHARED = 0;
/**
 * One may read the page and is the only one who may go on to change it, by an upgrade to
 * {@link EXCLUSIVE}; readers come and go beside it until then. InnoDB calls the mode SX.
 */
export const UPDATE = 1;
/** One may change the page, and nobody else may look at it. */
export const EXCLUSIVE = 2;
/** The set that has no mode in it. */
export const NO_MODES = 0;
const S = 1 << SHARED;
const U = 1 << UPDATE;
const X = 1 << EXCLUSIVE;
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
const CONFLICTS = [X, U | X, S | U | X];
/** The set of just one mode. O(1). */
export function only(mode) {
    return 1 << mode;
}
/** Whether one who asks for `mode` may join others who hold the latch in `held`. O(1). */
export function fits(mode, held) {
    return (CONFLICTS[mode] & held) === NO_MODES;
}
/** Whether two owners may hold one latch in these modes at the same moment. Symmetric; O(1). */
export function areCompatible(a, b) {
    return fits(a, only(b));
}
/**
 * Whether a request that goes strictly before another keeps it waiting: the two do not fit, or the
 * first waits for somebody whom the second would fit. A reader behind a waiting U fits it, and yet
 * waits for the U that this one waits for. O(1).
 */
export function holdsUp(ahead, behind) {
    return !areCompatible(ahead, behind) || (CONFLICTS[ahead] & ~CONFLICTS[behind]) !== NO_MODES;
}
const LETTERS = ["S", "U", "X"];
/** The letter that stories and traces print. */
export function modeLetter(mode) {
    return LETTERS[mode];
}
/** All fairness settings, in the order in which help texts list them. */
export const FAIRNESS_SETTINGS = ["fifo", "writer-preferring", "barging"];
