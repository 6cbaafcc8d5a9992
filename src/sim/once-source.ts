import type { Task } from "../task/index.ts";
import type { TaskSource } from "./sim-task.ts";

/** A task of one operation: what its code is, subclasses say. */
export abstract class OnceSource implements TaskSource {
  readonly name: string;
  #isStarted = false;

  constructor(name: string) {
    this.name = name;
  }

  next(): Task<unknown> | null {
    if (this.#isStarted) return null;
    this.#isStarted = true;
    return this.code();
  }

  /** Makes it a task that has not begun, for the next run. */
  reset(): void {
    this.#isStarted = false;
  }

  begun(): void {}

  ended(_value: unknown): void {}

  describe(): string {
    return "";
  }

  protected abstract code(): Task<unknown>;
}
