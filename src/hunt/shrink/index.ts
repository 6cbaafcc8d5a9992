/**
 * Shrinking: from a failing scenario and its schedule to the smallest that still fails alike.
 *
 * Fewer tasks, operations, crashes, faults, keys and settings, a smaller tree, fewer preemptions.
 * A smaller scenario is first run in the way of the larger one (`Guide`), without what it has lost.
 *
 * Invariants:
 * 1. Each step is a run that failed in the same way, and the last shows the same bug as the first:
 *    see `BugIdentity` in the room sim.
 * 2. What is kept is replayed and verified.
 * 3. Shrinking ends when nothing can be left out, or when its budget of schedules is used; it says
 *    which.
 *
 * Left out: a promise that the result is the smallest of all.
 */
export { shrink, SHRINK_BUDGET, type ShrinkBudget, type ShrinkCut, type Shrunk } from "./shrink.ts";
