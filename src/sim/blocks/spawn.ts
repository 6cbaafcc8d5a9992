import {
  ACCESS_NONE,
  ACCESS_READ,
  assert,
  type Fact,
  mustBeFunction,
  mustHaveRun,
  NO_OBJECT,
  type Step,
  type Task,
  type TaskId,
} from "../../task/index.ts";
import { OnceSource } from "../once-source.ts";
import { TASKS_OBJECT } from "../own-objects.ts";
import type { Scheduler } from "../scheduler.ts";
import type { SimTask, TaskSource } from "../sim-task.ts";
import type { StepHome } from "./awaited.ts";
import type { BlockHome } from "./home.ts";
import { CallStep } from "./call-step.ts";
import { ValueStep } from "./value-step.ts";

/** A task that runs one function once, and then holds what it returned. */
export class FunctionSource<T> extends OnceSource {
  readonly #body: () => Task<T>;
  #ending: { readonly value: T } | null = null;

  /** @throws LatchworkError BAD_ARGUMENT if the body is no function. */
  constructor(name: string, body: () => Task<T>) {
    super(name);
    mustBeFunction(`task ${name}`, body, "a generator function");
    this.#body = body;
  }

  /** What the function returned. Requires: the task has ended. */
  get value(): T {
    assert(this.#ending !== null, "a task that was joined has ended");
    return this.#ending.value;
  }

  override ended(value: unknown): void {
    mustHaveRun(this.name, value);
    this.#ending = { value: value as T };
  }

  protected override code(): Task<T> {
    return this.#body();
  }
}

/** A source whose task ends with a value. */
export interface ValueSource<T> extends TaskSource {
  readonly value: T;
}

/** A task that can be waited for. */
export class TaskHandle<T> {
  readonly name: string;
  readonly #source: ValueSource<T>;
  readonly #home: BlockHome;
  #task: SimTask | null = null;

  constructor(home: BlockHome, source: ValueSource<T>) {
    this.name = source.name;
    this.#home = home;
    this.#source = source;
  }

  /** Whether the task has come to its end. */
  get isDone(): boolean {
    this.#home.scheduler.touch(TASKS_OBJECT, ACCESS_READ);
    return this.#task?.isDone ?? false;
  }

  /** Adds the task to a run; from now on it is one of the options. */
  start(scheduler: Scheduler): void {
    assert(this.#task === null, "a task is started once");
    this.#task = scheduler.addTask(this.#source);
  }

  /** Waits until the task has ended; gives what its function returned. */
  join(): ValueStep<T> {
    return new JoinStep(this.#home, this, this.#source);
  }

  /** The task that runs has joined this one. */
  noteJoined(): void {
    if (this.#task !== null) this.#home.scheduler.declared.joined(this.#task.id);
  }

  /** Appends the task's id, if it has one. */
  collectId(into: TaskId[]): void {
    if (this.#task !== null) into.push(this.#task.id);
  }
}

/** Starts a task as a step; gives its handle. */
export function spawnStep<T>(home: BlockHome, handle: TaskHandle<T>): ValueStep<TaskHandle<T>> {
  const start = (): TaskHandle<T> => {
    handle.start(home.scheduler);
    return handle;
  };
  const fact: Fact = { kind: "task-spawn", name: handle.name };
  return new CallStep(NO_OBJECT, fact, ACCESS_NONE, start, home);
}

class JoinStep<T> extends ValueStep<T> {
  readonly #home: BlockHome;
  readonly #handle: TaskHandle<T>;
  readonly #source: ValueSource<T>;

  constructor(home: BlockHome, handle: TaskHandle<T>, source: ValueSource<T>) {
    super();
    this.#home = home;
    this.#handle = handle;
    this.#source = source;
  }

  override get home(): StepHome {
    return this.#home;
  }

  override isEnabled(): boolean {
    return this.#handle.isDone;
  }

  override take(): boolean {
    this.#home.scheduler.touch(TASKS_OBJECT, ACCESS_READ);
    this.#handle.noteJoined();
    return true;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    if (!this.#handle.isDone) this.#handle.collectId(into);
  }

  override result(): T {
    return this.#source.value;
  }

  override fact(): Fact {
    return { kind: "task-join", name: this.#handle.name };
  }
}

/** A task that starts others in order, one step each, and then waits for them all. */
export function* spawnAndJoin(
  home: BlockHome,
  handles: readonly TaskHandle<unknown>[],
): Generator<Step, void, void> {
  for (const handle of handles) yield spawnStep(home, handle);
  for (const handle of handles) yield handle.join();
}
