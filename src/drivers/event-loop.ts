import {
  type LatchDriver,
  type LatchGuard,
  type LatchObjects,
  type LatchOwner,
  ONLY_TABLE,
  type OrderBreach,
} from "../latch/index.ts";
import { inNextTurn, realNowMs } from "../task/driver-real-time.ts";
import {
  assert,
  type Fact,
  type Host,
  InvariantViolation,
  intentOf,
  LatchworkError,
  optionNames,
  refuseUnknownOptions,
  Step,
  type Task,
  type TaskId,
  taskId,
} from "../task/index.ts";
import { TimerStep } from "./timer.ts";

/** Called once a task has ended. Must not throw. */
export interface Ending<T> {
  /** The task returned. */
  done(result: T): void;
  /** The task threw. */
  failed(reason: unknown): void;
}

export interface StartOptions {
  /** Whether the task only serves others, so that its sleeps do not keep the process alive. */
  readonly background?: boolean;
}

const OPTION_NAMES = optionNames<StartOptions>({ background: true });

/**
 * How many steps are taken in one turn of Node's event loop before its own work gets a turn. A step
 * takes a microsecond or a few, so mostly the time is up at about the same moment.
 */
export const STEPS_A_TURN = 4096;
/** How long a turn lasts at most, but for the step in whose course the time is up. */
export const TURN_MS = 5;
/** So many steps are taken between two looks at the clock. */
const STEPS_A_LOOK = 16;

/** Object ids set apart for the latches of each tree: two for each page id there can be. */
const OBJECTS_A_TREE = 2 ** 33;

/**
 * Runs tasks on Node's event loop: many in flight at once, in real time, on one thread.
 *
 * A task runs on the spot until a step must wait; that step is then the key under which the task is
 * parked, and {@link wake} or {@link granted} makes it ready again. A ready task asks its step
 * anew, so a wake that came too early costs a look and nothing else. Ready tasks run first in,
 * first out, but for those that are woken as urgent, and from one loop that never calls itself:
 * 1,000 tasks that wake each other need one stack frame.
 *
 * Wakes that come from outside, as from a finished read, are gathered until the current callback
 * ends and run in a microtask, so no callback is interrupted by another. After
 * {@link STEPS_A_TURN} steps, or {@link TURN_MS}, whatever is ready, and whatever is started, waits
 * for the next turn, so that timers, sockets and file callbacks are never starved, not even by
 * tasks that never wait: those ask {@link pauseIfDue} in their loops.
 *
 * Invariants:
 * 1. A task is running, ready, parked on exactly one step, or over.
 * 2. Task ids are dense: an id is used again before a higher one is made.
 */
export class EventLoop implements LatchDriver, Host {
  readonly eager = true;
  readonly #seats: Seat[] = [];
  readonly #vacant: Seat[] = [];
  /** What the shared objects are called, by id. */
  readonly #objects: string[] = [];
  /** Trees with a name; those of the first begin behind those of the one without. */
  readonly #trees: string[] = [];
  readonly #originMs = realNowMs();
  #firstReady: Seat | null = null;
  #lastReady: Seat | null = null;
  #isRunning = false;
  #isDrainDue = false;
  #isTurnDue = false;
  /** When this turn began; valid while the next one is due. */
  #turnBeganMs = 0;
  #steps = 0;
  /** How many steps will have been taken when the clock is looked at next. */
  #stepsAtLook = STEPS_A_LOOK;

  /** Runs a task to its end; rejects with whatever it throws. */
  run<T>(task: Task<T>, options?: StartOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      this.start(task, { done: resolve, failed: reject }, options);
    });
  }

  /** As {@link run}, without a promise. `ending` may be called before `start` returns. */
  start<T>(task: Task<T>, ending: Ending<T>, options?: StartOptions): void {
    if (options !== undefined) refuseUnknownOptions("a task", options, OPTION_NAMES);
    const seat = this.#seat();
    seat.occupy(task, ending, options?.background === true);
    if (this.#isRunning || this.#isTurnOver()) this.#makeReady(seat, seat);
    else this.#drainFrom(seat);
  }

  /** How many tasks have begun and not ended. */
  get pendingCount(): number {
    return this.#seats.length - this.#vacant.length;
  }

  /** What each task that waits is waiting for, in words, for a report on a standstill. */
  waitingFor(): string[] {
    return this.#seats.flatMap(({ id, isWaiting, step }) =>
      isWaiting && step !== null && step.parked !== null
        ? [`task ${id}: ${intentOf(step.fact(), this.#nameOf(step.objectId))}`]
        : [],
    );
  }

  nowMs(): number {
    return realNowMs() - this.#originMs;
  }

  /** Objects have the odd ids, latches the even ones. */
  newObject(name: string): number {
    this.#objects.push(name);
    return 2 * this.#objects.length - 1;
  }

  /** Nothing to do: segments never overlap here, and their orders are not compared. */
  touch(): void {}

  /** A step that can be taken once so many milliseconds have passed; the next turn if it is 0. */
  sleep(durationMs: number): TimerStep {
    return new TimerStep(this, durationMs, this.#isBackground);
  }

  readonly #isBackground = (task: TaskId): boolean => this.#seats[task]?.isBackground === true;

  /** Counts as a step of the task that asks. */
  pauseIfDue(): Step | null {
    this.#steps++;
    return this.#isTurnOver() ? PAUSE : null;
  }

  wake(step: Step, isUrgent: boolean = false): void {
    const first = step.parked;
    if (!(first instanceof Seat)) return;
    step.parked = null;
    if (isUrgent) this.#makeReadyFirst(first, first.last);
    else this.#makeReady(first, first.last);
  }

  released(): void {}

  latchesOf(tree: string): LatchObjects {
    if (tree === "") return ONLY_TABLE;
    const known = this.#trees.indexOf(tree);
    const base = OBJECTS_A_TREE * (known >= 0 ? known + 1 : this.#trees.push(tree));
    return { objectOf: (latch) => base + 2 * latch };
  }

  releasing(): boolean {
    return false;
  }

  granted(guard: LatchGuard): void {
    this.wake(guard);
  }

  /** A database has no listener. */
  get isTold(): false {
    return false;
  }

  tell(): void {}

  orderBroken(_owner: LatchOwner, breach: OrderBreach): void {
    throw new InvariantViolation(
      `latch order: ${breach.rule} (held ${breach.held}, wanted ${breach.wanted})`,
      "latch-order",
    );
  }

  #nameOf(objectId: number): string {
    if (objectId < 0) return "";
    if (objectId % 2 === 1) return this.#objects[objectId >> 1] ?? "";
    const page = `page ${(objectId % OBJECTS_A_TREE) / 2}`;
    const tree = this.#trees[Math.floor(objectId / OBJECTS_A_TREE) - 1];
    return tree === undefined ? page : `${page} of ${tree}`;
  }

  #seat(): Seat {
    const vacant = this.#vacant.pop();
    if (vacant !== undefined) return vacant;
    const seat = new Seat(taskId(this.#seats.length));
    this.#seats.push(seat);
    return seat;
  }

  /** Appends a list of seats to those that are ready. O(1). */
  #makeReady(first: Seat, last: Seat): void {
    if (this.#lastReady === null) this.#firstReady = first;
    else this.#lastReady.next = first;
    this.#lastReady = last;
    if (this.#isRunning || this.#isDrainDue || this.#isTurnOver()) return;
    this.#isDrainDue = true;
    // As queueMicrotask, which a test suite may have replaced.
    void KEPT.then(this.#drainDue);
  }

  /** As {@link #makeReady}, before all others. */
  #makeReadyFirst(first: Seat, last: Seat): void {
    const before = this.#firstReady;
    if (before === null) {
      this.#makeReady(first, last);
      return;
    }
    // Some are ready already, so that whoever takes them is on the way.
    last.next = before;
    this.#firstReady = first;
  }

  readonly #drainDue = (): void => {
    this.#isDrainDue = false;
    if (!this.#isTurnOver()) this.#drainFrom(null);
  };

  readonly #nextTurn = (): void => {
    this.#isTurnDue = false;
    this.#steps = 0;
    this.#stepsAtLook = STEPS_A_LOOK;
    this.#drainFrom(null);
  };

  /** Whether this turn has had its steps. The one place where the next turn is asked for. */
  #isTurnOver(): boolean {
    if (!this.#isTurnDue) {
      this.#isTurnDue = true;
      this.#turnBeganMs = realNowMs();
      inNextTurn(this.#nextTurn);
    }
    if (this.#steps >= this.#stepsAtLook) this.#look();
    return this.#steps >= STEPS_A_TURN;
  }

  /** Looks at the clock: once the time is up, no step is left. */
  #look(): void {
    this.#stepsAtLook = this.#steps + STEPS_A_LOOK;
    if (realNowMs() - this.#turnBeganMs >= TURN_MS) this.#steps = STEPS_A_TURN;
  }

  /** Runs `first`, if there is one, and then whatever is ready, until the turn is over. */
  #drainFrom(first: Seat | null): void {
    assert(!this.#isRunning, "the loop never runs inside itself");
    this.#isRunning = true;
    try {
      let seat = first ?? this.#takeReady();
      while (seat !== null) {
        if (this.#advance(seat)) this.#finish(seat);
        seat = this.#isTurnOver() ? null : this.#takeReady();
      }
    } finally {
      this.#isRunning = false;
      // Only if a callback threw, against the rules, is a ready task left without a turn to come.
      if (this.#firstReady !== null) this.#isTurnOver();
    }
  }

  #takeReady(): Seat | null {
    const seat = this.#firstReady;
    if (seat === null) return null;
    this.#firstReady = seat.next;
    if (seat.next === null) this.#lastReady = null;
    seat.next = null;
    return seat;
  }

  /** Runs a task until it waits, ends, or has used up the turn; true if it has ended. */
  #advance(seat: Seat): boolean {
    const { task } = seat;
    try {
      for (;;) {
        this.#steps++;
        let fault: LatchworkError | null = null;
        if (seat.step !== null) {
          fault = this.#take(seat, seat.step);
          if (seat.isWaiting) return false;
        }
        const next = fault === null ? task.next() : task.throw(fault);
        if (next.done === true) {
          seat.result = next.value;
          return true;
        }
        seat.step = next.value;
        if (this.#isTurnOver()) {
          this.#makeReady(seat, seat);
          return false;
        }
      }
    } catch (reason) {
      seat.hasFailed = true;
      seat.result = reason;
      return true;
    }
  }

  /** Takes the task's step, or leaves the task waiting; gives the fault of the world, if any. */
  #take(seat: Seat, step: Step): LatchworkError | null {
    seat.isWaiting = false;
    try {
      // A step may join a queue and be enabled at once, as a page that is read and then latched.
      while (step.isEnabled(seat.id)) {
        if (step.take(seat.id)) return null;
      }
    } catch (error) {
      if (error instanceof LatchworkError) return error;
      throw error;
    }
    seat.isWaiting = true;
    seat.last = seat;
    const first = step.parked;
    if (first instanceof Seat) first.append(seat);
    else step.parked = seat;
    step.park(seat.id);
    return null;
  }

  #finish(seat: Seat): void {
    const { ending, hasFailed, result } = seat;
    seat.leave();
    this.#vacant.push(seat);
    if (hasFailed) ending.failed(result);
    else ending.done(result);
  }
}

/** A step that any task may take at any time. It keeps no state, so all tasks can share it. */
class PauseStep extends Step {
  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }

  override fact(): Fact {
    return { kind: "pause" };
  }
}

const PAUSE = new PauseStep();

/** Where a task sits while it is in flight; used again by other tasks, with the same id. */
class Seat {
  readonly id: TaskId;
  task: Task<unknown> = NO_TASK;
  step: Step | null = null;
  isWaiting = false;
  isBackground = false;
  ending: Ending<unknown> = NOBODY;
  /** What the task returned or, if it has failed, threw. */
  result: unknown = undefined;
  hasFailed = false;
  /** The next in the list that it is on: of ready tasks, or of those parked on its step. */
  next: Seat | null = null;
  /** The last of the list that begins here. */
  last: Seat = this;

  constructor(id: TaskId) {
    this.id = id;
  }

  occupy(task: Task<unknown>, ending: Ending<unknown>, isBackground: boolean): void {
    this.task = task;
    this.ending = ending;
    this.isBackground = isBackground;
  }

  append(seat: Seat): void {
    this.last.next = seat;
    this.last = seat;
  }

  leave(): void {
    this.task = NO_TASK;
    this.step = null;
    this.isWaiting = false;
    this.result = undefined;
    this.hasFailed = false;
    this.ending = NOBODY;
  }
}

/** A promise that was kept: what waits for it runs when the current callback ends. */
const KEPT = Promise.resolve();

const NOBODY: Ending<unknown> = { done: () => undefined, failed: () => undefined };

function* noTask(): Task<unknown> {
  return undefined;
}

const NO_TASK = noTask();
