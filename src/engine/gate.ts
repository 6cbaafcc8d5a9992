import {
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Fact,
  type GateFact,
  HOLDS_AFTER_WAIT,
  type Host,
  Step,
  type TaskId,
  taskId,
  WaitQueue,
} from "../task/index.ts";

/**
 * Admits many tasks together, or one exclusively: writers, and the batches that exclude them.
 *
 * First come, first served, so that a stream of writers cannot keep a batch out. It is held across
 * latches and page reads, never the other way round, and never while the task waits for the log.
 * A task is known here by the id that its latches know it by.
 *
 * Invariants: (1) a task that is inside exclusively is the only one inside; (2) each task that
 * waits is kept out by one that came before it; (3) `#entered` has the step of every task inside
 * that entered by a step.
 */
export class Gate {
  readonly #host: Host;
  readonly #isEager: boolean;
  readonly #objectId: number;
  readonly #name: string;
  readonly #queue = new WaitQueue<GateStep>();
  readonly #spare: GateStep[] = [];
  readonly #entered: Map<TaskId, GateStep> = new Map();
  #inside = 0;
  #isExclusive = false;

  /** @param isEager Whether a task that can enter at once does so without a step. */
  constructor(host: Host, isEager: boolean, name: string) {
    this.#host = host;
    this.#isEager = isEager;
    this.#name = name;
    this.#objectId = host.newObject(name);
  }

  /** How many tasks are inside. */
  get inside(): number {
    return this.#inside;
  }

  /** A task enters; the step to wait on, or null if it is inside already. */
  enter(task: TaskId, isExclusive: boolean): Step | null {
    if (this.#isEager && this.#queue.length === 0 && this.#fits(isExclusive)) {
      this.#admit(isExclusive);
      return null;
    }
    const step = this.#spare.pop() ?? new GateStep(this);
    step.prepare(task, this.#objectId, this.#name, isExclusive);
    return step;
  }

  /** A task leaves, and the next in line are admitted. Requires: the task is inside. */
  leave(task: TaskId): void {
    assert(this.#inside > 0, "a task that leaves a gate is inside");
    this.#inside--;
    if (this.#entered.size > 0) this.#forget(task);
    this.#isExclusive = false;
    for (;;) {
      const next = this.#queue.first;
      if (next === undefined || !this.#fits(next.isExclusive)) return;
      this.#queue.shift();
      this.#admit(next.isExclusive);
      this.#entered.set(next.task, next);
      if (this.#host.isTold) this.#host.tell(next.factOf("gate-entered"));
      next.granted();
      this.wake(next);
    }
  }

  /** Appends the tasks that keep a step out: those inside, and those that enter before it. */
  collectBlockers(step: GateStep, into: TaskId[]): void {
    for (const { task, isExclusive } of this.#entered.values()) {
      if (step.isExclusive || isExclusive) into.push(task);
    }
    for (let at = 0; at < this.#queue.length; at++) {
      const other = this.#queue.at(at);
      if (other === undefined || other === step) return;
      // Two that enter together do not keep each other out.
      if (step.isExclusive || other.isExclusive) into.push(other.task);
    }
  }

  /** Hook: wakes a task that was admitted. */
  protected wake(step: Step): void {
    this.#host.wake(step);
  }

  /** For {@link GateStep}: enters, or joins the queue. */
  arrive(step: GateStep): boolean {
    if (this.#queue.length > 0 || !this.#fits(step.isExclusive)) {
      this.#queue.push(step);
      if (this.#host.isTold) this.#host.tell(step.factOf("gate-queued"));
      return false;
    }
    this.#admit(step.isExclusive);
    this.#entered.set(step.task, step);
    if (this.#host.isTold) this.#host.tell(step.factOf("gate-entered"));
    return true;
  }

  #forget(task: TaskId): void {
    const step = this.#entered.get(task);
    if (step === undefined) return;
    this.#entered.delete(task);
    if (this.#host.isTold) this.#host.tell(step.factOf("gate-left"));
    this.#spare.push(step);
    this.#host.released(task, step);
  }

  #fits(isExclusive: boolean): boolean {
    return isExclusive ? this.#inside === 0 : !this.#isExclusive;
  }

  #admit(isExclusive: boolean): void {
    assert(this.#fits(isExclusive), "the gate has room");
    this.#inside++;
    this.#isExclusive = isExclusive;
  }
}

/** The step by which one task enters a gate. */
class GateStep extends Step {
  task: TaskId = taskId(0);
  isExclusive = false;
  readonly #gate: Gate;
  #name = "";
  #state: "wanted" | "queued" | "granted" = "wanted";

  constructor(gate: Gate) {
    super();
    this.#gate = gate;
    this.holding = HOLDS_AFTER_WAIT;
  }

  prepare(task: TaskId, objectId: number, name: string, isExclusive: boolean): void {
    this.task = task;
    this.objectId = objectId;
    this.isExclusive = isExclusive;
    this.access = isExclusive ? ACCESS_WRITE : ACCESS_READ;
    this.#name = name;
    this.#state = "wanted";
  }

  granted(): void {
    this.#state = "granted";
  }

  override isEnabled(): boolean {
    return this.#state !== "queued";
  }

  override take(_task: TaskId): boolean {
    if (this.#state === "wanted" && !this.#gate.arrive(this)) {
      this.#state = "queued";
      return false;
    }
    this.#state = "granted";
    return true;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    if (this.#state !== "granted") this.#gate.collectBlockers(this, into);
  }

  override fact(): Fact {
    return this.factOf("gate-enter");
  }

  factOf(kind: GateFact["kind"]): Fact {
    return { kind, gate: this.#name, task: this.task, isExclusive: this.isExclusive };
  }
}
