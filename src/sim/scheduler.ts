import type { LatchOwner, OrderBreach } from "../latch/index.ts";
import {
  type Access,
  ACCESS_COMMUTE,
  ACCESS_NONE,
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Clock,
  inWords,
  LatchworkError,
  mustBeThere,
  refuseUnknownOptions,
  Step,
  taskId,
  type TaskId,
} from "../task/index.ts";
import {
  describeDeadlock,
  describeLivelock,
  describeLostWakeup,
  describeStuck,
} from "./blocked.ts";
import { callOut, endWith, nextCode, runOn, takeStep } from "./call-out.ts";
import { LiveChoicePoint } from "./choice-point.ts";
import { DeadlockCheck } from "./deadlock-check.ts";
import { Decisions } from "./decisions.ts";
import { type Failure, failureFromError } from "./failure.ts";
import { failureOfCheck } from "./final-check.ts";
import { OrderGraph } from "./order-graph.ts";
import { OrderHash } from "./order-hash.ts";
import { CLOCK_OBJECT, OPERATIONS_OBJECT, TASKS_OBJECT } from "./own-objects.ts";
import { Patience } from "./patience.ts";
import {
  type Program,
  type RunResult,
  SCHEDULER_OPTION_NAMES,
  type SchedulerOptions,
} from "./program.ts";
import { type PutOffRelease, SimTask, type TaskSource } from "./sim-task.ts";
import type { Schedule } from "./schedule.ts";
import { type Segment, SegmentRecorder } from "./segment.ts";
import { ABANDON, type ChoicePoint, type Strategy } from "./strategy.ts";
import { notAStep } from "./task-code.ts";
import type { Trace } from "./trace.ts";
import { VirtualTime } from "./virtual-time.ts";

export type { Program, RunResult, SchedulerOptions };

const STEPS_MAX_DEFAULT = 20_000;

/**
 * Runs the tasks of a program, one step at a time, in the order that a strategy chooses.
 *
 * Invariants: (1) only enabled steps are offered, and a choice is asked for only where there are
 * two or more; (2) a deadlock is reported at the step that closes its cycle, since each cycle
 * closes when its last member begins to wait; (3) the decisions in `schedule` alone determine the
 * run: the same program and schedule give the same trace; (4) whatever a segment touches is in the
 * happens-before hash, whether its step touched it or its code declared it.
 */
export class Scheduler implements Clock, RunResult {
  readonly releaseSteps: boolean;
  readonly stepsMax: number;
  readonly tasks: SimTask[] = [];
  readonly breaches: OrderBreach[] = [];
  readonly orderGraph: OrderGraph = new OrderGraph();
  /** Set to record every event of a run. */
  trace: Trace | null = null;
  /** Called before a step is taken, for stories that look at the state in between. */
  onStep: ((task: SimTask, step: Step | null) => void) | null = null;
  /** Called after each segment with what it touched, released and enabled. */
  onSegment: ((segment: Segment) => void) | null = null;
  failure: Failure | null = null;
  /** Whether the strategy has given the run up. */
  abandoned = false;
  /** How many runs have begun. */
  runs = 0;
  steps = 0;
  /** The last fault of the world that a step met, and at which step; for stories. */
  lastFault: { readonly step: number; readonly error: LatchworkError } | null = null;
  choices = 0;
  preemptions = 0;

  readonly #pool: SimTask[] = [];
  readonly #hash = new OrderHash();
  readonly #point: LiveChoicePoint;
  readonly #deadlocks: DeadlockCheck;
  readonly #time = new VirtualTime();
  readonly #patience: Patience;
  readonly #passTime = (): boolean => {
    if (!this.#time.pass(this)) return false;
    this.#timeMoved();
    return true;
  };
  readonly #decisions = new Decisions();
  #program: Program | null = null;
  #strategy: Strategy | null = null;
  #current: SimTask | null = null;
  /** Whose segment runs; null between two segments. */
  #running: SimTask | null = null;
  /** Where the segments of this run are noted, if anybody wants to know. */
  #segments: SegmentRecorder | null = null;
  readonly #recorder = new SegmentRecorder();
  #enabledBefore: readonly TaskId[] = [];
  #hasTimePassed = false;
  #isForced = false;
  #objects = 0;

  /** @throws LatchworkError BAD_ARGUMENT for an option that there is not. */
  constructor(options: SchedulerOptions = {}) {
    refuseUnknownOptions("a scheduler", options, SCHEDULER_OPTION_NAMES);
    this.releaseSteps = options.releaseSteps ?? false;
    this.stepsMax = options.stepsMax ?? STEPS_MAX_DEFAULT;
    this.#patience = new Patience(this.stepsMax);
    this.#point = new LiveChoicePoint(this.tasks);
    this.#deadlocks = new DeadlockCheck(this.tasks);
  }

  get failed(): boolean {
    return this.failure !== null;
  }

  /** The decisions of the run so far, copied. */
  get schedule(): Schedule {
    return this.#decisions.toSchedule();
  }

  get orderHash(): number {
    return this.#hash.value();
  }

  /** The task that took the last step, or null before the first. */
  get lastActor(): SimTask | null {
    return this.#current;
  }

  /** The task whose code runs now. Requires: a task's code runs. */
  get current(): SimTask {
    assert(this.#current !== null, "a task's code is running");
    return this.#current;
  }

  /** The program being run. Requires: a run has begun. */
  get program(): Program {
    assert(this.#program !== null, "a run has begun");
    return this.#program;
  }

  get taskCount(): number {
    return this.tasks.length;
  }

  /** Says that a step may have become enabled: see `Host.wake`. O(tasks). */
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
    const running = this.#running;
    if (running === null || access === ACCESS_NONE) return;
    this.#hash.add(running.id, objectId, access);
    this.#segments?.touch(objectId, access);
  }

  /** The segment that runs releases an object, which it touches by that. */
  released(objectId: number, access: Access): void {
    this.touch(objectId, access);
    this.#segments?.release(objectId);
  }

  /** The virtual time, for steps that say themselves until when they wait, and for reports. */
  get timeMs(): number {
    return this.#time.nowMs;
  }

  stepsTaken(task: TaskId): number {
    return this.tasks[task]?.stepsTaken ?? 0;
  }

  parentOf(task: TaskId): TaskId | null {
    return this.tasks[task]?.parent ?? null;
  }

  wasStopped(task: TaskId): boolean {
    return this.tasks[task]?.wasStopped ?? false;
  }

  /** Names a new shared object. Latches use the even ids, everything else the odd ones. */
  newObject(): number {
    this.touch(TASKS_OBJECT, ACCESS_WRITE);
    return 2 * this.#objects++ + 1;
  }

  /** Adds a task; it runs to its first step at once, and is enabled from then on. */
  addTask(source: TaskSource): SimTask {
    this.touch(TASKS_OBJECT, ACCESS_WRITE);
    const task = this.#taskFor(source);
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
    this.#strategy = strategy;
    this.runs++;
    this.tasks.length = 0;
    this.#decisions.reset();
    if (this.breaches.length > 0) this.breaches.length = 0;
    this.orderGraph.reset();
    this.trace?.reset();
    this.failure = null;
    this.abandoned = false;
    this.#running = null;
    this.#recorder.reset();
    this.#segments =
      this.onSegment !== null || strategy.segmentRan !== undefined ? this.#recorder : null;
    this.#hasTimePassed = false;
    this.lastFault = null;
    this.steps = this.choices = this.preemptions = 0;
    this.#hash.reset();
    this.#current = null;
    this.#time.reset();
    this.#patience.begin();
    this.#objects = 0;
    mustBeThere("program: begin", program.begin(this), "a program is made ready at once");
    this.#current = null;
  }

  /** Runs the last checks of a run. For drivers. */
  end(): RunResult {
    this.#current = null;
    this.#running = null;
    // What a run that failed did last enables nobody any more.
    if (this.#segments !== null) this.#tellSegment(this.#segments, []);
    if (this.failure === null && !this.abandoned) {
      try {
        const failure = callOut(() => this.program.finish(this));
        mustBeThere("program: finish", failure, "what takes its time goes into finishAsync");
        this.failure = failure ?? null;
      } catch (error) {
        // A fault of what was asked for is no failure of the program.
        if (error instanceof LatchworkError) throw error;
        this.failure = failureFromError(error, null);
      }
    }
    return this;
  }

  /**
   * Chooses a task and takes its next step. For drivers.
   *
   * @returns the task, whose code then has to be resumed, or null if the run is over.
   */
  pickAndTake(): SimTask | null {
    while (this.failure === null) {
      this.#running = null;
      const task = this.#pick();
      if (task === null || this.abandoned) return null;
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
        this.#endOperation(task, next.value);
        this.#startNext(task);
      } else this.pend(task, next.value);
    } catch (error) {
      if (this.#dealtWith(task, error)) this.#startNext(task);
    }
  }

  /** Notes what a task is about to do, and looks for a deadlock if it must wait. For drivers. */
  pend(task: SimTask, step: Step): void {
    // Who forgets the star of `yield*` yields a generator; the compiler sees it, JavaScript not.
    if (!(step instanceof Step)) throw callOut(() => notAStep(task, step));
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

  /** Notes a breach of a latch order; the run goes on, to see where it leads. */
  noteBreach(_owner: LatchOwner, breach: OrderBreach): void {
    this.breaches.push(breach);
  }

  /** Puts a release off to a step of its own if the settings ask for that. */
  putOff(release: PutOffRelease): boolean {
    if (!this.releaseSteps || this.#current === null) return false;
    this.#current.releases.push(release);
    return true;
  }

  /** Draws a value for a random choice; the draw is a decision of the schedule. */
  chooseValue(count: number): number {
    const point = this.#point;
    point.kind = "value";
    point.count = count;
    point.currentIndex = -1;
    point.crashIndex = -1;
    const value = count > 1 ? this.#ask(point) : 0;
    point.kind = "task";
    this.#decisions.add(~value);
    if (this.#running !== null) this.#hash.drew(this.#running.id, value);
    return value;
  }

  #taskFor(source: TaskSource): SimTask {
    const id = this.tasks.length;
    const known = this.#pool[id];
    if (known !== undefined) {
      known.reuse(source);
      return known;
    }
    const task = new SimTask(taskId(id), source);
    this.#pool.push(task);
    return task;
  }

  #startNext(task: SimTask): void {
    const before = this.#current;
    this.#current = task;
    while (!this.failed && !this.#startOne(task));
    this.#current = before;
  }

  /** Starts a task's next operation; false if it ended before its first step. */
  #startOne(task: SimTask): boolean {
    task.isFresh = false;
    try {
      task.code = nextCode(task);
      task.step = null;
      if (task.code === null) {
        this.touch(TASKS_OBJECT, ACCESS_COMMUTE);
        return true;
      }
      task.isFresh = true;
      const first = runOn(task.code, null);
      if (first.done !== true) {
        this.pend(task, first.value);
        return true;
      }
      task.isFresh = false;
      this.#beginOperation(task);
      this.#endOperation(task, first.value);
    } catch (error) {
      if (task.isFresh && error instanceof LatchworkError) this.#beginOperation(task);
      this.#dealtWith(task, error);
    }
    return false;
  }

  /** Whether what ended a task's operation is a fault that its source deals with; else it fails. */
  #dealtWith(task: SimTask, error: unknown): boolean {
    if (error instanceof LatchworkError && task.source.failed?.(error) === true) return true;
    this.fail(
      task.source.isCheck === true ? failureOfCheck(error) : failureFromError(error, task.id),
    );
    return false;
  }

  #beginOperation(task: SimTask): void {
    if (task.source.isRecorded === true) this.touch(OPERATIONS_OBJECT, ACCESS_READ);
    task.source.begun();
  }

  #endOperation(task: SimTask, value: unknown): void {
    if (task.source.isRecorded === true) this.touch(OPERATIONS_OBJECT, ACCESS_COMMUTE);
    endWith(task, value);
  }

  /** Hands out the segment that has just run, with what it enabled; may end the run. */
  #noteSegment(segments: SegmentRecorder): void {
    const enabled = this.#point.enabledTasks();
    this.#tellSegment(segments, enabled);
    this.#enabledBefore = enabled;
  }

  #tellSegment(segments: SegmentRecorder, enabled: readonly TaskId[]): void {
    const segment = segments.finish(this.#decisions.length, enabled);
    if (segment === null) return;
    this.onSegment?.(segment);
    if (this.#strategy?.segmentRan?.(segment) === ABANDON) this.abandoned = true;
  }

  #pick(): SimTask | null {
    const point = this.#point;
    const since = this.#time.nowMs;
    const patience = this.#patience;
    if (this.steps >= patience.nextAt) patience.look(this.steps, this.#passTime);
    for (;;) {
      const count = point.collect(this.#current);
      if (this.#segments !== null) this.#noteSegment(this.#segments);
      if (count > 0 && point.othersCount > 0) break;
      if (this.tasks.every((task) => task.isDone)) {
        if (this.#goesOn()) continue;
        return null;
      }
      // A crash alone is not what the run goes on with: time does first.
      if (this.#time.advance(this)) {
        this.#timeMoved();
        this.#patience.timeMoved(this.steps);
        continue;
      }
      if (point.count > 0 && this.#mayCrash(point)) break;
      this.fail(describeStuck(this));
      return null;
    }
    if (point.forgotten !== null) {
      this.fail(describeLostWakeup(this, point.forgotten.id, this.#time.nowMs > since));
      return null;
    }
    if (this.abandoned) return null;
    let index = 0;
    this.#isForced = point.count === 1;
    if (point.count > 1) {
      const { isFair } = patience;
      if (point.othersCount > 1 && !isFair) this.choices++;
      index = isFair ? point.fairIndex() : this.#ask(point);
      if (this.abandoned) return null;
      const isFree = index === point.currentIndex || index === point.crashIndex;
      if (point.currentIndex >= 0 && !isFree) this.preemptions++;
    }
    if (patience.isOver) {
      this.fail(describeLivelock(this, patience.fairSteps(this.steps)));
      return null;
    }
    return point.options[index] ?? null;
  }

  #timeMoved(): void {
    this.#hasTimePassed = true;
    this.#hash.changed(CLOCK_OBJECT);
  }

  /** All tasks ended: whether the program has something more to do. */
  #goesOn(): boolean {
    this.#current = null;
    return this.program.atRest?.(this) === true && !this.failed;
  }

  /** Whether a crash that alone is left is taken: nobody waits in vain, or it may rescue them. */
  #mayCrash(point: LiveChoicePoint): boolean {
    const crash = point.options[point.crashIndex];
    assert(crash !== undefined, "the only option is a crash");
    if (crash.source.rescues?.() !== false) return true;
    return this.tasks.every((task) => task.isDone || task.isCrash);
  }

  #ask(point: LiveChoicePoint): number {
    assert(this.#strategy !== null, "a run has a strategy");
    point.stepIndex = this.steps;
    point.decisionIndex = this.#decisions.length;
    point.taskCount = this.tasks.length;
    const index = this.#strategy.choose(point);
    if (index === ABANDON) {
      this.abandoned = true;
      return 0;
    }
    if (index >= 0 && index < point.count && Number.isInteger(index)) return index;
    throw notAnOption(this.#strategy, index, point);
  }

  /** Takes a task's next step; true if its code must be resumed. */
  #take(task: SimTask): boolean {
    this.#current = task;
    this.#running = task;
    if (this.#segments !== null) this.#beginSegment(this.#segments, task);
    // A task that another one has added begins after that.
    if (task.stepsTaken === 0 && task.parent !== null) this.touch(TASKS_OBJECT, ACCESS_READ);
    this.steps++;
    task.stepsTaken++;
    task.isCrash = false;
    this.#decisions.add(task.id);
    if (task.releases.length > 0) return this.#takeRelease(task);
    const step = task.step;
    assert(step !== null, "an enabled task has a step");
    task.isParked = false;
    this.onStep?.(task, step);
    if (task.isFresh) {
      task.isFresh = false;
      this.#beginOperation(task);
    }
    try {
      if (!takeStep(step, task.id)) {
        // Who comes first is first in line.
        this.touch(step.objectId, step.access === ACCESS_NONE ? ACCESS_NONE : ACCESS_WRITE);
        this.#segments?.ended("queued");
        this.trace?.add(task.id, step.label, step.objectId, "queued");
        this.#checkDeadlock(task);
        return false;
      }
    } catch (error) {
      return this.#takeFailed(task, step, error);
    }
    if (step.access !== ACCESS_NONE) this.touch(step.objectId, step.access);
    this.orderGraph.taken(task.id, step);
    this.trace?.add(task.id, step.label, step.objectId, "taken");
    return true;
  }

  #beginSegment(segments: SegmentRecorder, task: SimTask): void {
    const start = {
      task: task.id,
      label: task.pending?.label ?? "",
      stepIndex: this.steps,
      firstDecision: this.#decisions.length,
      isForced: this.#isForced,
      isCrash: task.isCrash,
      isAfterTime: this.#hasTimePassed,
    };
    this.#hasTimePassed = false;
    segments.begin(start, this.#enabledBefore);
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
    this.#segments?.ended("failed");
    this.trace?.add(task.id, step.label, step.objectId, "failed");
    return true;
  }

  #takeRelease(task: SimTask): boolean {
    this.onStep?.(task, null);
    const { releases } = task;
    const release = releases.length === 1 ? releases.pop() : releases.shift();
    assert(release !== undefined, "a release was put off");
    this.released(release.objectId, release.releaseAccess);
    this.#segments?.ended("released");
    release.finishRelease();
    this.trace?.add(task.id, "release", release.objectId, "released");
    this.#checkDeadlock(task);
    return false;
  }

  #checkDeadlock(task: SimTask): void {
    const cycle = this.#deadlocks.cycleClosedBy(task.id);
    if (cycle !== null) this.fail(describeDeadlock(this, cycle));
  }
}

function notAnOption({ name }: Strategy, chosen: unknown, { count }: ChoicePoint): LatchworkError {
  const message =
    `strategy ${name}: choose gave ${inWords(chosen)}, ` +
    `expected a whole number from 0 to ${count - 1}`;
  return new LatchworkError("BAD_ARGUMENT", message);
}
