import type { OrderBreach } from "../latch/index.ts";
import {
  type Access,
  ACCESS_NONE,
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Clock,
  LatchworkError,
  mustBeThere,
  refuseUnknownOptions,
  Step,
  type TaskId,
} from "../task/index.ts";
import { Accesses } from "./accesses.ts";
import {
  describeDeadlock,
  describeLivelock,
  describeLostWakeup,
  describeStuck,
} from "./blocked.ts";
import { lookAtYielded, runOn, takeStep } from "./call-out.ts";
import { LiveChoicePoint } from "./choice-point.ts";
import { DeadlockCheck } from "./deadlock-check.ts";
import { Decider } from "./decider.ts";
import { Decisions } from "./decisions.ts";
import { type Failure, failureFromError } from "./failure.ts";
import { failureAtEnd } from "./finish.ts";
import { Operations } from "./operations.ts";
import { OrderGraph } from "./order-graph.ts";
import { CLOCK_OBJECT, TASKS_OBJECT } from "./own-objects.ts";
import { Patience } from "./patience.ts";
import {
  type ProgramOf,
  type RunResult,
  SCHEDULER_OPTION_NAMES,
  type SchedulerOptions,
} from "./program.ts";
import { type DeferredRelease, RELEASE_FACT, type SimTask, type TaskSource } from "./sim-task.ts";
import type { Schedule } from "./schedule.ts";
import type { Segment } from "./segment.ts";
import type { Strategy } from "./strategy.ts";
import { TaskPool } from "./task-pool.ts";
import { TaskTable } from "./task-table.ts";
import type { Trace } from "./trace.ts";
import { VirtualTime } from "./virtual-time.ts";

export type { RunResult, SchedulerOptions };
/** Something that the scheduler runs; see {@link ProgramOf}. */
export type Program = ProgramOf<Scheduler>;

const STEPS_MAX_DEFAULT = 20_000;

/**
 * Runs the tasks of a program, one step at a time, in the order that a strategy chooses.
 *
 * Invariants: (1) only enabled steps are offered, and a choice is asked for only where there are
 * two or more; (2) a deadlock is reported at the step that closes its cycle, since each cycle
 * closes when its last member begins to wait; (3) the decisions in `schedule` determine the
 * run: the same program and schedule give the same trace; (4) whatever a segment touches is in the
 * happens-before hash, whether its step touched it or its code declared it.
 */
export class Scheduler extends TaskTable implements Clock, RunResult {
  readonly releaseSteps: boolean;
  readonly stepsMax: number;
  /** Breaches of latch orders so far; a run goes on after one, to see where it leads. */
  readonly breaches: OrderBreach[] = [];
  readonly orderGraph: OrderGraph = new OrderGraph();
  /** Set to record every event of a run. */
  trace: Trace | null = null;
  /** Called before a step is taken, for stories that look at the state in between. */
  onStep: ((task: SimTask, step: Step | null) => void) | null = null;
  /** Called after each segment with what it touched, released and enabled. */
  onSegment: ((segment: Segment) => void) | null = null;
  failure: Failure | null = null;
  /** How many runs have begun. */
  runs = 0;
  steps = 0;
  /** The last fault of the world that a step met, and at which step; for stories. */
  lastFault: { readonly step: number; readonly error: LatchworkError } | null = null;
  choices = 0;
  preemptions = 0;

  readonly #pool = new TaskPool();
  readonly #operations = new Operations(this);
  readonly #accesses = new Accesses();
  readonly #point: LiveChoicePoint;
  readonly #deadlocks: DeadlockCheck | null;
  readonly #time = new VirtualTime();
  readonly #patience: Patience;
  readonly #passTime = (): boolean => this.#timeMoved(this.#time.pass(this));
  readonly #decisions = new Decisions();
  readonly #decider: Decider;
  #program: Program | null = null;
  #current: SimTask | null = null;
  #objects = 0;
  /** Whether somebody wants to know of the segments of this run. */
  #isWatched = false;

  /** @throws LatchworkError BAD_ARGUMENT for an option that there is not. */
  constructor(options: SchedulerOptions = {}) {
    super();
    refuseUnknownOptions("a scheduler", options, SCHEDULER_OPTION_NAMES);
    this.releaseSteps = options.releaseSteps ?? false;
    this.stepsMax = options.stepsMax ?? STEPS_MAX_DEFAULT;
    this.#patience = new Patience(this.stepsMax, options.timePasses !== "when-all-wait");
    this.#point = new LiveChoicePoint(this.tasks);
    this.#deadlocks = options.namesCycles === false ? null : new DeadlockCheck(this.tasks);
    this.#decider = new Decider(this.#point, this.#decisions);
  }

  /** Whether the strategy has given the run up: then it says nothing about the program. */
  get abandoned(): boolean {
    return this.#decider.abandoned;
  }

  get failed(): boolean {
    return this.failure !== null;
  }

  /** The decisions of the run so far, copied. */
  get schedule(): Schedule {
    return this.#decisions.toSchedule();
  }

  get orderHash(): number {
    return this.#accesses.orderHash;
  }

  /** The task that took the last step, or null before the first. */
  get lastActor(): SimTask | null {
    return this.#current;
  }

  /** The task whose code runs now. Requires: a task's code runs. */
  get current(): SimTask {
    const current = this.#current;
    assert(current !== null, "a task's code is running");
    return current;
  }

  /** The program being run. Requires: a run has begun. */
  get program(): Program {
    assert(this.#program !== null, "a run has begun");
    return this.#program;
  }

  /** Notes that a step may have become enabled: see `Host.wake`. O(tasks). */
  wake(step: Step): void {
    for (const task of this.tasks) if (task.step === step) task.isParked = false;
  }

  /** Wakes a step when virtual time has come to a moment. */
  wakeAt(step: Step, atMs: number): void {
    this.#time.wakeAt(step, atMs);
  }

  nowMs(): number {
    this.touch(CLOCK_OBJECT, ACCESS_READ);
    return this.#time.read();
  }

  /** The segment that runs touches an object: see `Host.touch`. Does nothing between segments. */
  touch(objectId: number, access: Access): void {
    this.#accesses.touch(objectId, access);
  }

  /** The segment that runs releases an object that its task took before, which is an access. */
  released(objectId: number, access: Access): void {
    this.#accesses.released(objectId, access);
  }

  /** What the segment that runs declares beside what it touches. */
  get declared(): Accesses {
    return this.#accesses;
  }

  /** The virtual time, for steps that say themselves until when they wait, and for reports. */
  get timeMs(): number {
    return this.#time.nowMs;
  }

  get wasHurried(): boolean {
    return this.#patience.hasHurried;
  }

  /** Names a new shared object. Latches use the even ids, everything else the odd ones. */
  newObject(): number {
    this.touch(TASKS_OBJECT, ACCESS_WRITE);
    return 2 * this.#objects++ + 1;
  }

  /** Adds a task; it runs to its first step at once, and is enabled from then on. */
  addTask(source: TaskSource): SimTask {
    this.touch(TASKS_OBJECT, ACCESS_WRITE);
    const task = this.#pool.taskFor(this.tasks.length, source);
    task.parent = this.#current?.id ?? null;
    this.tasks.push(task);
    this.#startNext(task);
    return task;
  }

  /**
   * Drops every task and what it was about to do, as a power failure does; not the task that calls,
   * if one does. Their code is never resumed, so nothing they would do at their end is done, and
   * what they held is theirs no longer: the caller sees to latches and the like. O(tasks).
   *
   * The run and its schedule go on with the tasks that are added next. Their ids follow those of
   * the dropped ones, so that a letter of a schedule means one task throughout: a shrinker that
   * moves a task's steps cannot move them from one side of the crash to the other, and strategies
   * that learn about tasks over many runs do not take a recovery for a writer.
   */
  stopAll(): void {
    for (const task of this.tasks) {
      if (task === this.#current) continue;
      this.#accesses.stopped(task);
      task.stop();
      this.orderGraph.stopped(task.id);
    }
  }

  /**
   * Runs the program once.
   *
   * @returns this scheduler, whose fields describe the run until the next one begins.
   */
  run(program: Program, strategy: Strategy): RunResult {
    this.begin(program, strategy);
    for (;;) {
      const task = this.pickAndTake();
      if (task === null) break;
      this.resume(task);
    }
    return this.end();
  }

  /** Prepares a run. For drivers; {@link run} does all of it. */
  begin(program: Program, strategy: Strategy): void {
    this.#program = program;
    this.runs++;
    while (this.tasks.length > 0) this.tasks.pop();
    this.#decider.begin(strategy);
    if (this.breaches.length > 0) this.breaches.length = 0;
    this.orderGraph.reset();
    this.trace?.reset();
    this.failure = this.lastFault = this.#current = this.#point.runner = null;
    this.#isWatched = this.onSegment !== null || strategy.segmentRan !== undefined;
    this.#accesses.begin(this.#isWatched);
    this.steps = this.choices = this.preemptions = this.#objects = 0;
    this.#time.reset();
    this.#patience.begin(this.#isWatched);
    mustBeThere("program: begin", program.begin(this), "a program is made ready at once");
    this.#current = null;
  }

  /** Runs the last checks of a run. For drivers. */
  end(): RunResult {
    this.#current = null;
    this.#accesses.segmentEnds();
    // The last segment of a run that failed enables nobody.
    this.#point.count = 0;
    if (this.#isWatched) this.#tellSegment();
    if (this.failure !== null || this.abandoned) return this;
    this.failure = failureAtEnd(() => this.program.finish(this));
    return this;
  }

  /**
   * Chooses a task and takes its next step. For drivers.
   *
   * @returns the task, whose code then has to be resumed, or null if the run is over.
   */
  pickAndTake(): SimTask | null {
    while (this.failure === null) {
      this.#accesses.segmentEnds();
      const task = this.#pick();
      if (task === null || this.#decider.abandoned) return null;
      if (this.#take(task)) return task;
    }
    return null;
  }

  /** Runs a task's code to its next step, or to its end. For drivers. */
  resume(task: SimTask): void {
    this.#current = task;
    try {
      const { code, fault } = task;
      assert(code !== null, "a task that is resumed has code");
      task.fault = null;
      const next = runOn(code, fault);
      if (next.done === true) {
        this.#operations.end(task, next.value);
        this.#startNext(task);
      } else this.pend(task, next.value);
    } catch (error) {
      if (this.#operations.dealsWith(task, error)) this.#startNext(task);
    }
  }

  /** Notes what a task is about to do, and looks for a deadlock if it must wait. For drivers. */
  pend(task: SimTask, step: Step): void {
    if (!(step instanceof Step)) throw lookAtYielded(task, step);
    task.step = step;
    task.isParked = false;
    this.#checkDeadlock(task);
  }

  /** Ends the run with a failure, unless it has one already. */
  fail(failure: Failure): void {
    if (this.failure !== null) return;
    this.failure =
      this.breaches.length === 0 ? failure : { ...failure, breaches: [...this.breaches] };
  }

  /**
   * A task releases what it took with `step`: at once, or by a step of its own if the settings say
   * so. Then it is deferred, which is what is returned, and `release.finishRelease` called later.
   */
  giveBack(task: TaskId, step: Step, release: DeferredRelease): boolean {
    this.orderGraph.released(task, step);
    if (this.releaseSteps && this.#current !== null) {
      this.#current.releases.push(release);
      return true;
    }
    this.#accesses.released(release.objectId, release.releaseAccess);
    this.#accesses.gaveBack(release);
    return false;
  }

  /** Draws a value for a random choice; the draw is a decision of the schedule. */
  chooseValue(count: number): number {
    const value = this.#decider.draw(count, this.steps);
    this.#accesses.drew(value);
    this.trace?.tell({ kind: "value-drawn", value, count });
    return value;
  }

  #startNext(task: SimTask): void {
    const before = this.#current;
    this.#current = task;
    this.#operations.startNext(task);
    this.#current = before;
  }

  /** Hands out the segment that has just run, with what it enabled; may end the run. */
  #tellSegment(): void {
    const segment = this.#accesses.finish(this.#decisions.length, this.#point, this.failed);
    if (segment === null) return;
    this.onSegment?.(segment);
    this.#decider.segmentRan(segment);
  }

  /** What a step nearly always needs, and no more: small enough for V8 to inline what it calls. */
  #pick(): SimTask | null {
    const point = this.#point;
    if (this.steps >= this.#patience.calmUntil) return this.#pickWithCare(false);
    const count = point.collect(this.#current);
    if (count === 0 || point.isOdd) return this.#pickWithCare(true);
    let index = 0;
    if (count > 1) {
      this.choices++;
      index = this.#decider.ask(this.steps);
      if (index !== point.currentIndex && point.currentIndex >= 0) this.preemptions++;
    }
    return point.options[index] ?? null;
  }

  #pickWithCare(isCollected: boolean): SimTask | null {
    const point = this.#point;
    const patience = this.#patience;
    const since = this.#time.nowMs;
    if (this.steps >= patience.nextAt) patience.look(this.steps, this.#passTime);
    if (!isCollected) point.collect(this.#current);
    while (point.othersCount === 0) {
      const next = this.#nothingGoesOn(point);
      if (next === "over") return null;
      if (next === "crash") break;
      point.collect(this.#current);
    }
    if (this.#isWatched) this.#tellSegment();
    if (point.forgotten !== null) {
      this.fail(describeLostWakeup(this, point.forgotten.id, this.#time.nowMs > since));
      return null;
    }
    let index = 0;
    if (point.count > 1) {
      if (point.othersCount > 1 && !patience.isFair) this.choices++;
      index = patience.isFair ? point.fairIndex() : this.#decider.ask(this.steps);
      const isFree = index === point.currentIndex || index === point.crashIndex;
      if (point.currentIndex >= 0 && !isFree) this.preemptions++;
    }
    if (patience.isOver) {
      this.fail(describeLivelock(this, patience.fairSteps(this.steps)));
      return null;
    }
    return point.options[index] ?? null;
  }

  /** No task can go on, or only a crash: what the run does. */
  #nothingGoesOn(point: LiveChoicePoint): "over" | "again" | "crash" {
    if (this.#isWatched) this.#tellSegment();
    if (point.areAllDone) {
      this.#current = null;
      if (this.program.atRest?.(this) !== true || this.failed) return "over";
      this.#accesses.rested();
      return "again";
    }
    // If only a crash is left, time passes before it is taken.
    if (this.#timeMoved(this.#time.advance(this))) {
      this.#patience.timeMoved(this.steps);
      return "again";
    }
    if (point.mayCrash) return "crash";
    this.fail(describeStuck(this));
    return "over";
  }

  /** Notes that time has moved, if it has; says whether. */
  #timeMoved(hasMoved: boolean): boolean {
    if (!hasMoved) return false;
    this.#accesses.timePassed();
    this.trace?.tell({ kind: "time-passed", toMs: this.#time.nowMs });
    return true;
  }

  /** Takes a task's next step; true if its code must be resumed. */
  #take(task: SimTask): boolean {
    this.#current = task;
    this.#point.runner = task.id;
    this.#accesses.segmentBegins(task.id);
    if (this.#isWatched) this.#accesses.watch(task, this.steps, this.#decisions.length);
    this.steps++;
    task.stepsTaken++;
    task.isCrash = false;
    this.#decisions.add(task.id);
    if (task.releases.length > 0) return this.#takeRelease(task);
    const step = task.step;
    assert(step !== null, "an enabled task has a step");
    task.isParked = false;
    if (this.onStep !== null) this.onStep(task, step);
    if (this.trace !== null) this.trace.begin();
    if (task.isFresh) {
      task.isFresh = false;
      this.#operations.begin(task);
    }
    try {
      if (!takeStep(step, task.id)) return this.#queued(task, step);
    } catch (error) {
      return this.#takeFailed(task, step, error);
    }
    this.#accesses.touch(step.objectId, step.access);
    this.orderGraph.taken(task.id, step);
    if (this.trace !== null) this.trace.add(task.id, step.deed(), step.objectId, "taken");
    return true;
  }

  #queued(task: SimTask, step: Step): boolean {
    // Who comes first is first in line.
    this.touch(step.objectId, step.access === ACCESS_NONE ? ACCESS_NONE : ACCESS_WRITE);
    this.#accesses.stepEnded("queued");
    this.trace?.add(task.id, step.deed(), step.objectId, "queued");
    this.#checkDeadlock(task);
    return false;
  }

  /** A fault of the world is how the step ended, and the task's to see; all else fails the run. */
  #takeFailed(task: SimTask, step: Step, error: unknown): boolean {
    if (!(error instanceof LatchworkError)) {
      this.fail(failureFromError(error, task.id));
      return false;
    }
    task.fault = error;
    this.lastFault = { step: this.steps, error };
    this.touch(step.objectId, step.access);
    this.#accesses.stepEnded("failed");
    this.trace?.add(task.id, step.deed(), step.objectId, "failed");
    return true;
  }

  #takeRelease(task: SimTask): boolean {
    this.onStep?.(task, null);
    this.trace?.begin();
    const { releases } = task;
    const release = releases.length === 1 ? releases.pop() : releases.shift();
    assert(release !== undefined, "a release was deferred");
    this.released(release.objectId, release.releaseAccess);
    this.#accesses.gaveBack(release);
    this.#accesses.stepEnded("released");
    release.finishRelease();
    this.trace?.add(task.id, RELEASE_FACT, release.objectId, "released");
    this.#checkDeadlock(task);
    return false;
  }

  #checkDeadlock(task: SimTask): void {
    const cycle = this.#deadlocks?.cycleClosedBy(task) ?? null;
    if (cycle !== null) this.fail(describeDeadlock(this, cycle));
  }
}
