/**
 * What the scheduler itself shares with the tasks, as objects like any other. Their ids lie below
 * those that programs give out.
 */
/**
 * Which operations have begun and returned. Two that begin commute, and so do two that return; but
 * whether one returned before another began is what a history is about.
 */
export const OPERATIONS_OBJECT = -2;
/** Which tasks there are, and which objects: their ids are given out in order. */
export const TASKS_OBJECT = -3;
/** The clock: read by tasks, and moved by the scheduler. */
export const CLOCK_OBJECT = -4;
/**
 * The order in which simulated disks were asked for and made changes: a crash draws from it what
 * survives.
 */
export const DISKS_OBJECT = -5;
/** What to add to an object's id to get an index from 0. */
export const OWN_OBJECTS = 5;
/** What reports call an object of the scheduler's own; null for any other. */
export function nameOfOwnObject(objectId) {
    if (objectId === OPERATIONS_OBJECT)
        return "the history";
    if (objectId === TASKS_OBJECT)
        return "the list of tasks";
    if (objectId === DISKS_OBJECT)
        return "the disk's requests";
    return objectId === CLOCK_OBJECT ? "the clock" : null;
}
