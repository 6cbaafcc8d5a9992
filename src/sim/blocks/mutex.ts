import {
  ACCESS_WRITE,
  type Fact,
  HOLDS_AFTER_TRY,
  HOLDS_AFTER_WAIT,
  HOLDS_NOTHING,
  InvariantViolation,
  type Step,
  type TaskId,
} from "../../task/index.ts";
import type { DeferredRelease } from "../sim-task.ts";
import { AskedStep } from "./asked-step.ts";
import type { StepHome } from "./awaited.ts";
import type { BlockHome } from "./home.ts";
import { ValueStep } from "./value-step.ts";

/**
 * A mutual-exclusion lock. Whoever comes when it is free gets it: there is no queue, so a schedule
 * decides who is next. It is not re-entrant, and only its holder may unlock it.
 */
export class Mutex {
  readonly name: string;
  readonly #home: BlockHome;
  readonly #state: MutexState;
  readonly #lock: Step;
  readonly #tryLock: TryLockStep;

  constructor(home: BlockHome, name: string) {
    const objectId = home.nameObject(name);
    this.name = name;
    this.#home = home;
    this.#state = new MutexState(objectId, home);
    this.#lock = this.#state.lock;
    this.#tryLock = new TryLockStep(this.#state);
  }

  /** Waits until the mutex is free and takes it. */
  lock(): Step {
    return this.#lock;
  }

  /** Takes the mutex if it is free, and says whether it was. */
  tryLock(): ValueStep<boolean> {
    return this.#tryLock;
  }

  /** Whether the running task holds the mutex. */
  get isMine(): boolean {
    return this.#state.holder === this.#home.scheduler.current.id && !this.#state.isDeferred;
  }

  /**
   * A lock step that is not enabled before `gate` opens: how a waiter on a condition comes back.
   * For other blocks.
   */
  lockBehind(gate: Gate): Step {
    return new GatedLockStep(this.#state, gate);
  }

  /** Releases the mutex at once, within a step of another block. Requires: it {@link isMine}. */
  unlockWithin(): void {
    const { scheduler } = this.#home;
    scheduler.orderGraph.released(scheduler.current.id, this.#state.takenBy);
    scheduler.released(this.#state.objectId, this.#state.releaseAccess);
    scheduler.declared.gaveBack(this.#state);
    this.#state.finishRelease();
  }

  /**
   * Releases the mutex, at once or, where releases are steps, as the task's next step.
   *
   * @throws InvariantViolation `latch-misuse` if the running task does not hold it.
   */
  unlock(): void {
    const { scheduler } = this.#home;
    const state = this.#state;
    const { id } = scheduler.current;
    if (state.holder !== id || state.isDeferred) throw this.#notHeld();
    if (scheduler.giveBack(id, state.takenBy, state)) state.isDeferred = true;
    else state.holder = NOBODY;
  }

  #notHeld(): InvariantViolation {
    const { source } = this.#home.scheduler.current;
    const message = `${source.name} unlocks ${this.name}, which it does not hold`;
    return new InvariantViolation(message, "latch-misuse");
  }
}

const NOBODY = -1;

/** Who holds a mutex. Its lock steps keep no state of their own, so all tasks can share them. */
class MutexState implements DeferredRelease {
  readonly objectId: number;
  readonly incarnation = 0;
  readonly releaseAccess = ACCESS_WRITE;
  readonly home: StepHome;
  holder: number = NOBODY;
  readonly lock: Step;
  /** The step by which the holder took it, or by which the last one did. */
  takenBy: Step;
  /** Whether the holder has released it, but the release is still to be carried out. */
  isDeferred = false;

  constructor(objectId: number, home: StepHome) {
    this.objectId = objectId;
    this.home = home;
    this.lock = new LockStep(this);
    this.takenBy = this.lock;
  }

  finishRelease(): void {
    this.holder = NOBODY;
    this.isDeferred = false;
  }
}

const LOCK_FACT: Fact = { kind: "mutex-lock", condition: null, isSignalled: false };

class LockStep extends AskedStep {
  readonly #state: MutexState;

  constructor(state: MutexState) {
    super();
    this.#state = state;
    this.objectId = state.objectId;
    this.access = ACCESS_WRITE;
    this.holding = HOLDS_AFTER_WAIT;
  }

  override get home(): StepHome {
    return this.#state.home;
  }

  override isEnabled(): boolean {
    return this.#state.holder === NOBODY;
  }

  override take(task: TaskId): boolean {
    this.#state.holder = task;
    this.#state.takenBy = this;
    return true;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    const holder = this.#state.holder;
    if (holder !== NOBODY) into.push(holder as TaskId);
  }

  override fact(): Fact {
    return LOCK_FACT;
  }
}

/** What must happen before a lock step may be taken. */
export interface Gate {
  readonly isOpen: boolean;
  /** The condition whose signal opens it. */
  readonly condition: string;
}

class GatedLockStep extends LockStep {
  readonly #gate: Gate;

  constructor(state: MutexState, gate: Gate) {
    super(state);
    this.#gate = gate;
  }

  override isEnabled(): boolean {
    return this.#gate.isOpen && super.isEnabled();
  }

  override collectBlockers(task: TaskId, into: TaskId[]): void {
    if (this.#gate.isOpen) super.collectBlockers(task, into);
  }

  override fact(): Fact {
    const { condition, isOpen } = this.#gate;
    return { kind: "mutex-lock", condition, isSignalled: isOpen };
  }
}

class TryLockStep extends ValueStep<boolean> {
  readonly #state: MutexState;
  #isTaken = false;

  constructor(state: MutexState) {
    super();
    this.#state = state;
    this.objectId = state.objectId;
    this.access = ACCESS_WRITE;
  }

  override get home(): StepHome {
    return this.#state.home;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(task: TaskId): boolean {
    const state = this.#state;
    this.#isTaken = state.holder === NOBODY;
    this.holding = this.#isTaken ? HOLDS_AFTER_TRY : HOLDS_NOTHING;
    if (this.#isTaken) {
      state.holder = task;
      state.takenBy = this;
    }
    return true;
  }

  override result(): boolean {
    return this.#isTaken;
  }

  override fact(): Fact {
    return { kind: "mutex-try-lock", isGot: this.#isTaken };
  }
}
