import { assert, LatchworkError, type Task } from "../task/index.ts";
import type { Ending, EventLoop } from "../drivers/index.ts";
import { Call, type Caller } from "./call.ts";
import { contradiction, LevelError, levelError } from "./level-error.ts";

/** A call that is a task of the engine. It ends as the promise that was made of it. */
export class TaskCall<T> extends Call implements Ending<T> {
  readonly #loop: EventLoop;
  #task: Task<T> | null = null;
  #resolve: (result: T) => void = ignore;
  #reject: (reason: unknown) => void = ignore;

  constructor(order: Caller, loop: EventLoop, isWrite: boolean) {
    super(order, isWrite);
    this.#loop = loop;
  }

  /** Sets the task, and what its end is reported to. Before the call may begin. */
  prepare(task: Task<T>, resolve: (result: T) => void, reject: (reason: unknown) => void): void {
    this.#task = task;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  override begin(): void {
    assert(this.#task !== null, "a call begins once it is known what is to be done");
    this.#loop.start(this.#task, this);
  }

  /** The task has returned. */
  done(result: T): void {
    this.ended();
    this.#resolve(result);
  }

  /** The task has thrown. */
  failed(reason: unknown): void {
    this.ended();
    this.#reject(levelError(isOurs(reason) ? reason : contradiction(reason)));
  }
}

/** Whether an error is one that users get as it is. */
export function isOurs(error: unknown): boolean {
  return error instanceof LatchworkError || error instanceof LevelError;
}

function ignore(): void {}
