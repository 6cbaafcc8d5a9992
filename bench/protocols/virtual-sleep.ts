import { type Fact, type Sleep, Step, type TaskId } from "../../src/task/index.ts";
import type { Happening } from "./event-queue.ts";

/** What a sleep, or a disk, needs of the machine's clock. */
export interface VirtualClock {
  /** In nanoseconds. */
  readonly timeNs: number;
  after(ns: number, what: Happening): void;
  wake(step: Step): void;
}

/** A wait for virtual time. */
export class VirtualSleep extends Step implements Sleep {
  readonly #clock: VirtualClock;
  readonly #dueNs: number;
  #isCut = false;

  constructor(clock: VirtualClock, dueNs: number) {
    super();
    this.#clock = clock;
    this.#dueNs = dueNs;
  }

  cut(): void {
    this.#isCut = true;
    this.#clock.wake(this);
  }

  override isEnabled(): boolean {
    return this.#isCut || this.#clock.timeNs >= this.#dueNs;
  }

  override take(): boolean {
    return true;
  }

  override park(_task: TaskId): void {
    const restNs = this.#dueNs - this.#clock.timeNs;
    this.#clock.after(restNs, { happen: () => this.#clock.wake(this) });
  }

  override fact(): Fact {
    return { kind: "sleep", durationMs: null };
  }
}
