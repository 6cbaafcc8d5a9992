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
export { assert, broken, InvariantViolation } from "./assert.ts";
export { ChurnMap } from "./churn-map.ts";
export { type Clock } from "./clock.ts";
export {
  type DirectoryMode,
  type Disk,
  type DiskFile,
  DiskRequest,
  type OpenMode,
} from "./disk.ts";
export { type ErrorCode, LatchworkError } from "./errors.ts";
export {
  disown,
  inWords,
  mustBeFunction,
  mustBeThere,
  mustBeValue,
  mustHaveRun,
  yetToRun,
} from "./handed-over.ts";
export { deedOf, faultTextOf, heldOf, intentOf, labelOf, wishOf } from "./fact-text.ts";
export type {
  BlockFact,
  CustomFact,
  Extent,
  Fact,
  FaultFact,
  FileFact,
  GateFact,
  GatheringFact,
  InDirectory,
  LatchFact,
  LatchFactKind,
  LogFact,
  ModeLetter,
  PageFact,
  TaskFact,
  ValueFact,
  WaitFact,
} from "./facts.ts";
export { DIRECT_HOST, type Host, type Sleep } from "./host.ts";
export { escapeMarkup, scriptJson } from "./markup.ts";
export { Monitor } from "./monitor.ts";
export {
  type NamesOf,
  nearestName,
  optionNames,
  refuseMisspeltOptions,
  refuseUnknownName,
  refuseUnknownOptions,
} from "./option-names.ts";
export { printable } from "./printable.ts";
export { NamedHost } from "./named-host.ts";
export { createPrng, type Prng } from "./prng.ts";
export { Session, SessionStates } from "./session.ts";
export {
  type Access,
  ACCESS_COMMUTE,
  ACCESS_NONE,
  ACCESS_READ,
  ACCESS_WRITE,
  doCommute,
  HOLDS_AFTER_TRY,
  HOLDS_AFTER_WAIT,
  HOLDS_NOTHING,
  type Holding,
  NO_OBJECT,
  Step,
  type TaskId,
  taskId,
} from "./step.ts";
export { runToCompletion, type Task } from "./task.ts";
export { WaitQueue } from "./wait-queue.ts";
