import {
  ACCESS_WRITE,
  assert,
  InvariantViolation,
  inWords,
  LatchworkError,
  type Step,
  type Task,
  type TaskId,
} from "../../task/index.ts";
import { betrayAwaiting, type StepHome } from "./awaited.ts";
import { CallStep } from "./call-step.ts";
import type { BlockHome } from "./home.ts";
import { type Gate, Mutex } from "./mutex.ts";

/**
 * A condition variable, as POSIX and Mesa have it: a signal that comes before the wait is lost, and
 * a waiter that was signalled competes for the mutex with everyone else.
 *
 * Which waiter a signal wakes is a decision of the schedule. Nobody wakes unsignalled.
 */
export class ConditionVariable {
  readonly name: string;
  readonly #home: BlockHome;
  readonly #objectId: number;
  readonly #waiters: Waiter[] = [];
  readonly #signal: Step;
  readonly #broadcast: Step;

  constructor(home: BlockHome, name: string) {
    this.name = name;
    this.#home = home;
    this.#objectId = home.nameObject(name);
    this.#signal = new CallStep(
      this.#objectId,
      { kind: "condition-signal" },
      ACCESS_WRITE,
      () => this.#wakeOne(),
      home,
    );
    this.#broadcast = new CallStep(
      this.#objectId,
      { kind: "condition-broadcast" },
      ACCESS_WRITE,
      () => this.#wakeAll(),
      home,
    );
  }

  static {
    const wait: object = Reflect.get(ConditionVariable.prototype, "wait");
    betrayAwaiting(Reflect.get(wait, "prototype") as Task<void>, beginning);
  }

  /**
   * Releases the mutex and begins to wait, as one step; once signalled, takes the mutex again, as
   * another. To be used as `yield* ready.wait(m)`, in a loop that tests the condition.
   *
   * @throws InvariantViolation `latch-misuse` if the running task does not hold the mutex.
   * @throws LatchworkError BAD_ARGUMENT for what is no mutex.
   */
  *wait(mutex: Mutex): Task<void> {
    if (!(mutex instanceof Mutex)) {
      const message = `wait on ${this.name}: expected a mutex, found ${inWords(mutex)}`;
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    const waiter = new Waiter(this.name);
    yield new CallStep(
      this.#objectId,
      { kind: "condition-wait" },
      ACCESS_WRITE,
      () => {
        this.#mustHold(mutex);
        mutex.unlockWithin();
        waiter.task = this.#home.scheduler.current.id;
        this.#waiters.push(waiter);
      },
      this.#home,
    );
    yield mutex.lockBehind(waiter);
  }

  /** Wakes one of those who wait; without any it does nothing, and is forgotten. */
  signal(): Step {
    return this.#signal;
  }

  /** Wakes all who wait. */
  broadcast(): Step {
    return this.#broadcast;
  }

  #mustHold(mutex: Mutex): void {
    if (mutex.isMine) return;
    const task = this.#home.scheduler.current.source.name;
    throw new InvariantViolation(
      `${task} waits on ${this.name} without holding ${mutex.name}`,
      "latch-misuse",
    );
  }

  #wakeOne(): void {
    const count = this.#waiters.length;
    if (count === 0) return;
    const index = count === 1 ? 0 : this.#home.scheduler.chooseValue(count);
    for (const waiter of this.#waiters.splice(index, 1)) this.#open(waiter);
  }

  #wakeAll(): void {
    for (const waiter of this.#waiters.splice(0)) this.#open(waiter);
  }

  #open(waiter: Waiter): void {
    waiter.isOpen = true;
    if (waiter.task !== null) this.#home.scheduler.declared.letGo(waiter.task);
  }
}

/** The step that a wait begins with: one that is awaited has not begun. */
function beginning(wait: Task<void>): { readonly step: Step; readonly home: StepHome | null } {
  const { value: step } = wait.next();
  assert(step instanceof CallStep, "a wait begins with a step of its own");
  return { step, home: step.home };
}

class Waiter implements Gate {
  isOpen = false;
  readonly condition: string;
  /** Who waits; null before it does. */
  task: TaskId | null = null;

  constructor(condition: string) {
    this.condition = condition;
  }
}
