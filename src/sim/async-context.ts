import type { Step } from "../task/index.ts";
import type { ConditionVariable } from "./blocks/condition-variable.ts";
import type { Mutex } from "./blocks/mutex.ts";
import type { Shared } from "./blocks/shared.ts";
import { SleepStep } from "./blocks/sleep.ts";
import type { TaskHandle } from "./blocks/spawn.ts";
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

  constructor(scheduler: Scheduler, start: <T>(work: Work<T>) => Promise<T>) {
    this.#scheduler = scheduler;
    this.#start = start;
  }

  /** Takes any step, or one after another those of a generator; gives what it gives. */
  run<T>(work: Work<T>): Promise<T> {
    return this.#start(work);
  }

  /** Waits until the mutex is free and takes it; `mutex.unlock()` is a plain call. */
  lock(mutex: Mutex): Promise<unknown> {
    return this.#start(mutex.lock());
  }

  /** Reads a shared variable. */
  read<T>(variable: Shared<T>): Promise<T> {
    return this.#start(variable.read());
  }

  /** Writes a shared variable. */
  write<T>(variable: Shared<T>, value: T): Promise<unknown> {
    return this.#start(variable.write(value));
  }

  /** Lets the mutex go, waits to be signalled, and takes the mutex again. */
  wait(condition: ConditionVariable, mutex: Mutex): Promise<void> {
    return this.#start(condition.wait(mutex));
  }

  /** Waits for virtual time to pass. */
  sleep(durationMs: number): Promise<unknown> {
    return this.#start(new SleepStep(this.#scheduler, durationMs));
  }

  /** Waits until a task has ended; gives what it returned. */
  join<T>(handle: TaskHandle<T>): Promise<T> {
    return this.#start(handle.join());
  }
}
