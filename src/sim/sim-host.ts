import type { Access, Fact, Host, Step, TaskId } from "../task/index.ts";
import { SleepStep } from "./blocks/sleep.ts";
import type { Scheduler } from "./scheduler.ts";

/** The simulator as the engine's host: virtual time, and a check that whoever waits is woken. */
export class SimHost implements Host {
  readonly #scheduler: Scheduler;
  /** By id. Runs give out the same ids again; the last name counts. */
  readonly #names: Map<number, string> = new Map();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  nowMs(): number {
    return this.#scheduler.nowMs();
  }

  newObject(name: string): number {
    const id = this.#scheduler.newObject();
    this.#names.set(id, name);
    return id;
  }

  /** What a shared object was called, or null if it is none of this host's. */
  nameOf(objectId: number): string | null {
    return this.#names.get(objectId) ?? null;
  }

  touch(objectId: number, access: Access): void {
    this.#scheduler.touch(objectId, access);
  }

  sleep(durationMs: number): SleepStep {
    return new SleepStep(this.#scheduler, durationMs);
  }

  /** Never: who goes on is decided at other steps, and one more changes nothing that they see. */
  pauseIfDue(): null {
    return null;
  }

  wake(step: Step): void {
    this.#scheduler.wake(step);
  }

  released(task: TaskId, step: Step): void {
    this.#scheduler.orderGraph.released(task, step);
    this.#scheduler.released(step.objectId, step.access);
    if (step.latchMode !== "U") this.#scheduler.declared.opened(step.objectId);
  }

  get isTold(): boolean {
    return this.#scheduler.trace !== null;
  }

  tell(fact: Fact): void {
    this.#scheduler.trace?.tell(fact);
  }
}
