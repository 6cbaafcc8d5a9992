/**
 * Building blocks for anyone's program: what tasks share, each use of which is a step.
 *
 * A block's methods return steps, to be yielded: `yield m.lock()` where nothing comes back, and
 * `const v = yield* x.read()` where something does. Releasing (`unlock`, `release`) is a plain
 * call, which the scheduler makes a step of its own where its settings ask for that.
 *
 * Invariants:
 * 1. A block changes only when a step of its own is taken, or by a release.
 * 2. A step that cannot be taken is not enabled: no block spins, none has a queue that hides a
 *    choice from the schedule unless its fairness setting says so.
 * 3. Whatever is held, is held by the step that took it, so that reports and the order graph can
 *    name it; who does not hold it cannot release it.
 * 4. A step that is awaited by itself fails the run: it looks like a promise to `await`, to nobody
 *    else, and what it was to give never comes.
 *
 * Left out: spurious wakeups, timeouts, weak memory orders (each step is sequentially consistent).
 */
export { Atomic } from "./atomic.js";
export { ConditionVariable } from "./condition-variable.js";
export { Mutex } from "./mutex.js";
export { ReadWriteLatch } from "./read-write-latch.js";
export { Semaphore } from "./semaphore.js";
export { Shared } from "./shared.js";
export { SleepStep } from "./sleep.js";
export { TaskHandle } from "./spawn.js";
export { ValueStep } from "./value-step.js";
