import { inWords, type Step } from "../task/index.ts";
import { ConditionVariable } from "./blocks/condition-variable.ts";
import { Mutex } from "./blocks/mutex.ts";
import { Shared } from "./blocks/shared.ts";
import { SleepStep } from "./blocks/sleep.ts";
import { TaskHandle } from "./blocks/spawn.ts";
import type { Scheduler } from "./scheduler.ts";

/** A step, or a generator of steps: whatever a generator task could `yield*`. */
export interface Work<T> {
  [Symbol.iterator](): Iterator<Step, T, void>;
}

/** The body of an async task. It may await nothing but what `t` returns. */
export type AsyncBody<T> = (t: AsyncContext) => Promise<T>;

/**
 * What an async task takes its steps with. Each promise is to be awaited before the next is asked
 * for; a second one at the same time ends the run as an `escape`.
 */
export class AsyncContext {
  readonly #scheduler: Scheduler;
  readonly #start: <T>(work: Work<T>) => Promise<T>;
  readonly #refuse: (asked: string) => Promise<never>;

  /**
   * @param start Takes the steps of what is asked for.
   * @param refuse Fails the run for what was asked, as `asks to lock 5`; its promise never settles.
   */
  constructor(
    scheduler: Scheduler,
    start: <T>(work: Work<T>) => Promise<T>,
    refuse: (asked: string) => Promise<never>,
  ) {
    this.#scheduler = scheduler;
    this.#start = start;
    this.#refuse = refuse;
  }

  /** Takes any step, or one after another those of a generator; gives what it gives. */
  run<T>(work: Work<T>): Promise<T> {
    return this.#start(work);
  }

  /** Waits until the mutex is free and takes it; `mutex.unlock()` is a plain call. */
  lock(mutex: Mutex): Promise<unknown> {
    if (!(mutex instanceof Mutex)) return this.#refuse(asking("lock", "mutex", mutex));
    return this.#start(mutex.lock());
  }

  /** Reads a shared variable. */
  read<T>(variable: Shared<T>): Promise<T> {
    if (!(variable instanceof Shared)) return this.#refuse(asking("read", "shared", variable));
    return this.#start(variable.read());
  }

  /** Writes a shared variable. */
  write<T>(variable: Shared<T>, value: T): Promise<unknown> {
    if (!(variable instanceof Shared)) return this.#refuse(asking("write", "shared", variable));
    return this.#start(variable.write(value));
  }

  /** Releases the mutex, waits to be signalled, and takes the mutex again. */
  wait(condition: ConditionVariable, mutex: Mutex): Promise<void> {
    if (!(condition instanceof ConditionVariable)) {
      return this.#refuse(asking("wait on", "condition", condition));
    }
    if (!(mutex instanceof Mutex)) return this.#refuse(asking("wait with", "mutex", mutex));
    return this.#start(condition.wait(mutex));
  }

  /** Waits for virtual time to pass. */
  sleep(durationMs: number): Promise<unknown> {
    return this.#start(new SleepStep(this.#scheduler, durationMs));
  }

  /** Waits until a task has ended; gives what it returned. */
  join<T>(handle: TaskHandle<T>): Promise<T> {
    if (!(handle instanceof TaskHandle)) return this.#refuse(asking("join", "task", handle));
    return this.#start(handle.join());
  }
}

/** What each is called that a task may ask for, and where it comes from. */
const EXPECTED = {
  mutex: "one of sim.mutex",
  shared: "a variable of sim.shared",
  condition: "one of sim.condition",
  task: "the handle of a task",
} as const;

/** Says what is wrong with what only a program in JavaScript can ask for. */
function asking(what: string, expected: keyof typeof EXPECTED, found: unknown): string {
  const advice = "every other step is taken by t.run";
  return `asks to ${what} ${inWords(found)}; expected ${EXPECTED[expected]} (${advice})`;
}
