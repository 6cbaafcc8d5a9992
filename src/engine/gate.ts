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
 * Lets many tasks in together, or one alone: writers and the batches that exclude them.
 *
 * First come, first served, so that a stream of writers cannot keep a batch out. It is held across
 * latches and page reads, never the other way round, and never while somebody waits for the log.
 * A task is known here by the id that its latches know it by.
 *
 * Invariants: (1) whoever is in alone is the only one in; (2) whoever waits has an earlier one
 * before it that keeps it out; (3) `#came` has the step of everybody inside who went in by one.
 */
export class Gate {
  readonly #host: Host;
  readonly #isEager: boolean;
  readonly #objectId: number;
  readonly #name: string;
  readonly #queue = new WaitQueue<GateStep>();
  readonly #spare: GateStep[] = [];
  readonly #came: Map<TaskId, GateStep> = new Map();
  #inside = 0;
  #isAlone = false;

  /** @param isEager Whether a task that can go in at once does so without a step. */
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

  /** A task goes in; the step to wait on, or null if it is in already. */
  enter(task: TaskId, alone: boolean): Step | null {
    if (this.#isEager && this.#queue.length === 0 && this.#fits(alone)) {
      this.#admit(alone);
      return null;
    }
    const step = this.#spare.pop() ?? new GateStep(this);
    step.prepare(task, this.#objectId, this.#name, alone);
    return step;
  }

  /** A task goes out, and whoever is next is let in. Requires: the task is in. */
  leave(task: TaskId): void {
    assert(this.#inside > 0, "who leaves a gate is inside");
    this.#inside--;
    if (this.#came.size > 0) this.#forget(task);
    this.#isAlone = false;
    for (;;) {
      const next = this.#queue.first;
      if (next === undefined || !this.#fits(next.isAlone)) return;
      this.#queue.shift();
      this.#admit(next.isAlone);
      this.#came.set(next.task, next);
      if (this.#host.isTold) this.#host.tell(next.factOf("gate-entered"));
      next.granted();
      this.wake(next);
    }
  }

  /** Appends the tasks that keep a step out: those inside, and those who go in before it. */
  collectBlockers(step: GateStep, into: TaskId[]): void {
    for (const { task, isAlone } of this.#came.values()) {
      if (step.isAlone || isAlone) into.push(task);
    }
    for (let at = 0; at < this.#queue.length; at++) {
      const other = this.#queue.at(at);
      if (other === undefined || other === step) return;
      // Two who come together go in together.
      if (step.isAlone || other.isAlone) into.push(other.task);
    }
  }

  /** Tells whoever was let in. */
  protected wake(step: Step): void {
    this.#host.wake(step);
  }

  /** For {@link GateStep}: goes in, or joins the queue. */
  arrive(step: GateStep): boolean {
    if (this.#queue.length > 0 || !this.#fits(step.isAlone)) {
      this.#queue.push(step);
      if (this.#host.isTold) this.#host.tell(step.factOf("gate-queued"));
      return false;
    }
    this.#admit(step.isAlone);
    this.#came.set(step.task, step);
    if (this.#host.isTold) this.#host.tell(step.factOf("gate-entered"));
    return true;
  }

  #forget(task: TaskId): void {
    const step = this.#came.get(task);
    if (step === undefined) return;
    this.#came.delete(task);
    if (this.#host.isTold) this.#host.tell(step.factOf("gate-left"));
    this.#spare.push(step);
    this.#host.released(task, step);
  }

  #fits(alone: boolean): boolean {
    return alone ? this.#inside === 0 : !this.#isAlone;
  }

  #admit(alone: boolean): void {
    assert(this.#fits(alone), "the gate has room");
    this.#inside++;
    this.#isAlone = alone;
  }
}

/** One task's way into a gate. */
class GateStep extends Step {
  task: TaskId = taskId(0);
  isAlone = false;
  readonly #gate: Gate;
  #name = "";
  #state: "wanted" | "queued" | "granted" = "wanted";

  constructor(gate: Gate) {
    super();
    this.#gate = gate;
    this.holding = HOLDS_AFTER_WAIT;
  }

  prepare(task: TaskId, objectId: number, name: string, alone: boolean): void {
    this.task = task;
    this.objectId = objectId;
    this.isAlone = alone;
    this.access = alone ? ACCESS_WRITE : ACCESS_READ;
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
    return { kind, gate: this.#name, task: this.task, isExclusive: this.isAlone };
  }
}
