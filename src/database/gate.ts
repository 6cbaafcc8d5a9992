import {
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Host,
  Step,
  type TaskId,
  WaitQueue,
} from "../task/index.ts";

/**
 * Lets many tasks in together, or one alone: writers and the batches that exclude them.
 *
 * First come, first served, so that a stream of writers cannot keep a batch out. It is held across
 * latches and page reads, never the other way round, and never while somebody waits for the log.
 *
 * Invariants: (1) whoever is in alone is the only one in; (2) whoever waits has an earlier one
 * before it that keeps it out.
 */
export class Gate {
  readonly #host: Host;
  readonly #isEager: boolean;
  readonly #objectId: number;
  readonly #name: string;
  readonly #queue = new WaitQueue<GateStep>();
  readonly #spare: GateStep[] = [];
  #inside = 0;
  #isAlone = false;

  /** @param isEager Whether a task that can go in at once does so without a step. */
  constructor(host: Host, isEager: boolean, name: string) {
    this.#host = host;
    this.#isEager = isEager;
    this.#name = name;
    this.#objectId = host.newObject();
  }

  /** How many tasks are inside. */
  get inside(): number {
    return this.#inside;
  }

  /** Goes in; the step to wait on, or null if the task is in already. */
  enter(alone: boolean): Step | null {
    if (this.#isEager && this.#queue.length === 0 && this.#fits(alone)) {
      this.#admit(alone);
      return null;
    }
    const step = this.#spare.pop() ?? new GateStep(this);
    step.prepare(this.#objectId, this.#name, alone);
    return step;
  }

  /** Goes out, and lets in whoever is next. Requires: the task is in. */
  leave(): void {
    assert(this.#inside > 0, "who leaves a gate is inside");
    this.#inside--;
    this.#isAlone = false;
    for (;;) {
      const next = this.#queue.first;
      if (next === undefined || !this.#fits(next.isAlone)) return;
      this.#queue.shift();
      this.#admit(next.isAlone);
      next.granted();
      this.#host.wake(next);
    }
  }

  /** For {@link GateStep}: goes in, or joins the queue. */
  arrive(step: GateStep): boolean {
    if (this.#queue.length > 0 || !this.#fits(step.isAlone)) {
      this.#queue.push(step);
      return false;
    }
    this.#admit(step.isAlone);
    return true;
  }

  /** For {@link GateStep}: the step has served. */
  recycle(step: GateStep): void {
    this.#spare.push(step);
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

class GateStep extends Step {
  isAlone = false;
  readonly #gate: Gate;
  #state: "wanted" | "queued" | "granted" = "wanted";

  constructor(gate: Gate) {
    super();
    this.#gate = gate;
  }

  prepare(objectId: number, name: string, alone: boolean): void {
    this.objectId = objectId;
    this.isAlone = alone;
    this.access = alone ? ACCESS_WRITE : ACCESS_READ;
    this.label = alone ? `enter ${name} alone` : `enter ${name}`;
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
    this.#gate.recycle(this);
    return true;
  }
}
