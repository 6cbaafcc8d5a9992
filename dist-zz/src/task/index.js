/**
 * The kernel: tasks, steps, and what drivers supply.
 *
 * A task is a generator. It runs plain code until it touches something that another task could
 * notice or has to wait for; there it yields a step that names the thing, and is resumed once the
 * driver has taken that step. The same task runs under every driver: `runToCompletion` here, the
 * simulator in `sim/`, Node's event loop in `drivers/`.
 *
 * Invariants:
 * 1. Between two yields, in one *segment*, a task touches nothing shared except objects whose step
 *    was taken, and what it declares with `Host.touch`, as a {@link Monitor} does.
 * 2. A task has at most one pending step, and only its driver takes it.
 * 3. A step is taken only while it is enabled; a task that is not enabled is never resumed.
 * 4. A session is used by one operation at a time; each engine keeps what it needs for it apart.
 * 5. Tasks get time and randomness from {@link Clock} and {@link Prng} objects, from nowhere else.
 * 6. A {@link Fact} says what a step does: plain data, made when somebody looks. One place renders
 *    facts as text, and nothing parses that text.
 *
 * The room also has the check that rejects an unknown option and names the one that was meant, the
 * one function that makes a text from outside fit to print, and two collections for what comes and
 * goes with every operation.
 *
 * Left out: cancellation (an operation in flight always ends), and priorities (a strategy's
 * business).
 */
export { assert, broken, InvariantViolation } from "./assert.js";
export { ChurnMap } from "./churn-map.js";
export { DiskRequest, } from "./disk.js";
export { LatchworkError } from "./errors.js";
export { disown, inWords, mustBeFunction, mustBeThere, mustBeValue, mustHaveRun, yetToRun, } from "./handed-over.js";
export { deedOf, faultTextOf, heldOf, intentOf, labelOf, wishOf } from "./fact-text.js";
export { DIRECT_HOST } from "./host.js";
export { Monitor } from "./monitor.js";
export { nearestName, optionNames, refuseMisspeltOptions, refuseUnknownName, refuseUnknownOptions, } from "./option-names.js";
export { escaped, printable } from "./printable.js";
export { NamedHost } from "./named-host.js";
export { createPrng } from "./prng.js";
export { Session, SessionStates } from "./session.js";
export { ACCESS_COMMUTE, ACCESS_NONE, ACCESS_READ, ACCESS_WRITE, doCommute, HOLDS_AFTER_TRY, HOLDS_AFTER_WAIT, HOLDS_NOTHING, NO_OBJECT, Step, taskId, } from "./step.js";
export { runToCompletion } from "./task.js";
export { WaitQueue } from "./wait-queue.js";
