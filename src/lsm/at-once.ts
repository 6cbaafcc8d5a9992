import type { Step, Task } from "../task/index.ts";

/** A task that has nothing to wait for: it ends with its value at once, and may be run again. */
export class AtOnce<T> implements Task<T> {
  readonly #result: IteratorReturnResult<T>;

  constructor(value: T) {
    this.#result = { done: true, value };
  }

  next(): IteratorResult<Step, T> {
    return this.#result;
  }

  return(value: T): IteratorResult<Step, T> {
    return { done: true, value };
  }

  throw(fault: unknown): IteratorResult<Step, T> {
    throw fault;
  }

  [Symbol.iterator](): Task<T> {
    return this;
  }
}

/** What a cursor's move gives if it has come to an entry without waiting. */
export const MOVED: Task<boolean> = new AtOnce(true);
/** What a cursor's move gives if it has found without waiting that there is no more. */
export const ENDED: Task<boolean> = new AtOnce(false);
/** What has been done already. */
export const DONE: Task<void> = new AtOnce<void>(undefined);
