import { type Fairness, FAIRNESS_SETTINGS, Latch, latchId, LatchOwner } from "../latch/index.ts";
import {
  assert,
  intentOf,
  LatchworkError,
  mustBeFunction,
  refuseUnknownName,
  type Step,
  type Task,
} from "../task/index.ts";
import type { AsyncBody } from "./async-context.ts";
import { AsyncSource } from "./async-task.ts";
import { failAwaited } from "./await-failure.ts";
import { Atomic } from "./blocks/atomic.ts";
import { awaitedInVain } from "./blocks/awaited.ts";
import { ConditionVariable } from "./blocks/condition-variable.ts";
import type { BlockHome } from "./blocks/home.ts";
import { Mutex } from "./blocks/mutex.ts";
import { ReadWriteLatch } from "./blocks/read-write-latch.ts";
import { Semaphore } from "./blocks/semaphore.ts";
import { Shared } from "./blocks/shared.ts";
import { SleepStep } from "./blocks/sleep.ts";
import {
  FunctionSource,
  spawnAndJoin,
  spawnStep,
  TaskHandle,
  type ValueSource,
} from "./blocks/spawn.ts";
import type { ValueStep } from "./blocks/value-step.ts";
import { CrashSource } from "./crash-source.ts";
import { SimDisk, type SimDiskOptions } from "./disk/index.ts";
import { SimLatchDriver } from "./latch-driver.ts";
import type { Scheduler } from "./scheduler.ts";

/** How a program's tasks come to be: all at once, or spawned in order by a task `main`. */
export type Start = "bare" | "spawn";

/**
 * One run of a program: makes its shared objects and its tasks.
 *
 * A setup function is called with a new one for each schedule, so whatever it makes begins afresh.
 * Names are for reports; two objects may share one.
 */
export class Simulation implements BlockHome {
  readonly scheduler: Scheduler;
  readonly #latchDriver: SimLatchDriver;
  readonly #objectNames: string[] = [];
  readonly #latchNames: string[] = [];
  readonly #owners: LatchOwner[] = [];
  readonly #handles: TaskHandle<unknown>[] = [];
  readonly #disks: SimDisk[] = [];
  readonly #recoveries: (() => Task<unknown>)[] = [];
  readonly #allowsAsync: boolean;
  readonly #run: number;
  readonly #looked = new Set<number>();
  #isSetUp = false;
  #digest: (() => string) | null = null;

  /** @param allowsAsync Whether the run's driver can run async functions. */
  constructor(scheduler: Scheduler, allowsAsync: boolean = false) {
    this.scheduler = scheduler;
    this.#allowsAsync = allowsAsync;
    this.#run = scheduler.runs;
    this.#latchDriver = new SimLatchDriver(scheduler);
  }

  looked(objectId: number): void {
    // A task that looks has to take a step for it; the checks come when no task runs any more.
    const { lastActor } = this.scheduler;
    if (this.#isSetUp && (lastActor === null || lastActor.source.isCheck === true)) {
      this.#looked.add(objectId);
    }
  }

  /** The objects that the final check has looked at. */
  lookedAt(): readonly number[] {
    return [...this.#looked];
  }

  /** Makes a mutex. */
  mutex(name: string): Mutex {
    return new Mutex(this, name);
  }

  /** Makes a latch that many share or one holds exclusively; `fifo` if no fairness is given. */
  readWriteLatch(name: string, fairness: Fairness = "fifo"): ReadWriteLatch {
    refuseUnknownName(`fairness of ${name}`, fairness, FAIRNESS_SETTINGS);
    return new ReadWriteLatch(this, name, fairness);
  }

  /**
   * Says what the run has come to, as a text that is made when it has ended: the state of all that
   * is shared, and what the tasks have seen. For {@link findUndeclared}.
   */
  digest(digest: () => string): void {
    mustBeFunction("digest", digest, "a function that gives a text");
    this.#digest = digest;
  }

  /** The state at the end of the run; null if the setup does not say. For the simulator only. */
  digestNow(): string | null {
    return this.#digest?.() ?? null;
  }

  /** Makes a condition variable. */
  condition(name: string): ConditionVariable {
    return new ConditionVariable(this, name);
  }

  /** Makes a counting semaphore with so many permits to begin with. */
  semaphore(name: string, permits: number): Semaphore {
    return new Semaphore(this, name, permits);
  }

  /** Makes a variable of which each read and each write is a step. */
  shared<T>(name: string, initial: T): Shared<T> {
    return new Shared(this, name, initial);
  }

  /** Makes a variable with atomic read-modify-write steps. */
  atomic<T>(name: string, initial: T): Atomic<T> {
    return new Atomic(this, name, initial);
  }

  /**
   * Declares a task of the program, which starts once the setup is complete.
   *
   * @throws LatchworkError BAD_ARGUMENT when called by a running task, which must spawn instead.
   */
  task<T>(name: string, body: () => Task<T>): TaskHandle<T> {
    return this.#declare(new FunctionSource(name, body));
  }

  /**
   * Declares a task that is an async function, which awaits nothing but what its context returns.
   *
   * @throws LatchworkError BAD_ARGUMENT as {@link task} does; NEEDS_ASYNC under a driver without
   *   promises.
   */
  asyncTask<T>(name: string, body: AsyncBody<T>): TaskHandle<T> {
    return this.#declare(this.#asyncSource(name, body));
  }

  /** Starts a task from within a task, as a step: `const child = yield* sim.spawn(...)`. */
  spawn<T>(name: string, body: () => Task<T>): ValueStep<TaskHandle<T>> {
    return spawnStep(this, new TaskHandle(this, new FunctionSource(name, body)));
  }

  /** Starts an async task from within a task, as a step. */
  spawnAsync<T>(name: string, body: AsyncBody<T>): ValueStep<TaskHandle<T>> {
    return spawnStep(this, new TaskHandle(this, this.#asyncSource(name, body)));
  }

  /** Makes a disk, armed; see {@link SimDisk}. */
  disk(options: SimDiskOptions = {}): SimDisk {
    const disk = new SimDisk(this.scheduler, options, this);
    disk.arm();
    this.#disks.push(disk);
    return disk;
  }

  /**
   * Declares that the power may fail at any moment, once in a run. It drops all tasks, and the
   * disks lose what they may lose; then the recovery runs, as a task of its own. Mutexes and the
   * like stay as they were left, so a recovery has use for disks only. A run whose power does not
   * fail before ends with the failure.
   */
  crash(recovery: () => Task<unknown>): void {
    mustBeFunction("recovery", recovery, "a generator function");
    this.#recoveries.push(recovery);
  }

  /**
   * Waits for virtual time to pass. Time does not pass while any task can go on, except after a
   * thousand steps at one moment.
   */
  sleep(durationMs: number): SleepStep {
    return new SleepStep(this.scheduler, durationMs, this);
  }

  /** The virtual time in milliseconds; 0 at the start of a run. */
  nowMs(): number {
    return this.scheduler.nowMs();
  }

  /**
   * Draws a whole number in `[0, count)`: not a step, but a decision of the schedule, so that it is
   * explored and replayed like one.
   *
   * @throws LatchworkError BAD_ARGUMENT if `count` is not a whole number from 1 up.
   */
  choose(count: number): number {
    if (!Number.isInteger(count) || count < 1) {
      throw new LatchworkError("BAD_ARGUMENT", `choose: a count of ${count}, expected 1 or more`);
    }
    return this.scheduler.chooseValue(count);
  }

  /** Starts the declared tasks. For the simulator only. */
  startTasks(start: Start): void {
    this.#isSetUp = true;
    if (this.#handles.length === 0) {
      throw new LatchworkError("BAD_ARGUMENT", "simulate: the setup declares no task");
    }
    if (start === "spawn") {
      const main = (): Task<void> => spawnAndJoin(this, this.#handles);
      this.scheduler.addTask(new FunctionSource("main", main));
    } else for (const handle of this.#handles) handle.start(this.scheduler);
    for (const recovery of this.#recoveries) {
      this.scheduler.addTask(new CrashSource(() => this.#crash(recovery)));
    }
  }

  nameObject(name: string): number {
    const objectId = this.scheduler.newObject();
    this.#objectNames[objectId] = name;
    return objectId;
  }

  newLatch(name: string, fairness: Fairness): Latch {
    return new Latch(latchId(this.#latchNames.push(name) - 1), fairness);
  }

  currentOwner(): LatchOwner {
    const task = this.scheduler.current.id;
    for (let id = this.#owners.length; id <= task; id++) {
      const known = this.scheduler.tasks[id];
      assert(known !== undefined, "task ids are dense");
      this.#owners.push(new LatchOwner(known.id, this.#latchDriver));
    }
    const owner = this.#owners[task];
    assert(owner !== undefined, "the owner was just made");
    return owner;
  }

  /** Names a shared object in reports. */
  describeObject(objectId: number): string {
    if (objectId < 0) return "";
    for (const disk of this.#disks) {
      const name = disk.describeObject(objectId);
      if (name !== null) return name;
    }
    const latchName = this.#latchNames[objectId / 2];
    return (objectId % 2 === 0 ? latchName : this.#objectNames[objectId]) ?? `#${objectId}`;
  }

  /** See {@link StepHome}. What tasks of an earlier run still ask for is never granted. */
  awaited(step: Step, place: Error): void {
    const isOver = this.scheduler.runs !== this.#run;
    if (isOver && this.#allowsAsync) return;
    const what = intentOf(step.fact(), this.describeObject(step.objectId));
    if (isOver || !this.#allowsAsync || !this.#isSetUp) throw awaitedInVain(what);
    failAwaited(this.scheduler, what, place);
  }

  #crash(recovery: () => Task<unknown>): void {
    this.scheduler.stopAll();
    for (const disk of this.#disks) disk.crash();
    this.scheduler.addTask(new FunctionSource("recovery", recovery));
  }

  #declare<T>(source: ValueSource<T>): TaskHandle<T> {
    if (this.#isSetUp) {
      const message = `task ${source.name}: the run has begun; spawn it instead`;
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    const handle = new TaskHandle(this, source);
    this.#handles.push(handle);
    return handle;
  }

  #asyncSource<T>(name: string, body: AsyncBody<T>): AsyncSource<T> {
    if (this.#allowsAsync) return new AsyncSource(this.scheduler, name, body);
    const message = `task ${name}: an async task needs simulateAsync or replayAsync`;
    throw new LatchworkError("NEEDS_ASYNC", message);
  }
}
