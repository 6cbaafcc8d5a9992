import { assert, LatchworkError, type Task } from "../task/index.ts";
import type { Ending, EventLoop } from "../drivers/index.ts";
import { Call, type Caller } from "./call.ts";
import { contradiction, LevelError, levelError } from "./level-error.ts";

let lastResolve: (result: never) => void = ignore;
let lastReject: (reason: unknown) => void = ignore;

/** What a promise is made with. One for all: each of its own would cost a call two objects. */
function noteSettlers(resolve: (result: never) => void, reject: (reason: unknown) => void): void {
  lastResolve = resolve;
  lastReject = reject;
}

/** A call that is a task of the engine. It ends as the promise that was made of it. */
export class TaskCall<T> extends Call implements Ending<T> {
  readonly #loop: EventLoop;
  #task: Task<T> | null = null;
  #isSilent = false;
  #resolve: (result: T) => void = ignore;
  #reject: (reason: unknown) => void = ignore;

  constructor(order: Caller, loop: EventLoop, isWrite: boolean) {
    super(order, isWrite);
    this.#loop = loop;
  }

  /** Sets the task, and gives the promise of its end. Before the call may begin. */
  prepare(task: Task<T>): Promise<T> {
    this.#task = task;
    const promise = new Promise<T>(noteSettlers);
    this.#resolve = lastResolve as (result: T) => void;
    this.#reject = lastReject;
    return promise;
  }

  /** As {@link prepare}, of a promise that does not say what came of it. */
  prepareSilent(task: Task<T>): Promise<void> {
    this.#isSilent = true;
    return this.prepare(task) as Promise<unknown> as Promise<void>;
  }

  override begin(): void {
    assert(this.#task !== null, "a call begins once it is known what is to be done");
    this.#loop.start(this.#task, this);
  }

  /** The task has returned. */
  done(result: T): void {
    this.ended();
    this.#resolve(this.#isSilent ? (undefined as T) : result);
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
