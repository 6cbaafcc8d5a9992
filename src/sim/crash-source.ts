import { ACCESS_NONE, NO_OBJECT, type Task } from "../task/index.ts";
import { CallStep } from "./blocks/call-step.ts";
import type { TaskSource } from "./sim-task.ts";

/**
 * A crash as one more option of the schedule: a task whose only step is possible at every moment.
 *
 *     scheduler.addTask(new CrashSource(() => {
 *       scheduler.stopAll();
 *       disk.crash();
 *       scheduler.addTask(recovery);
 *     }));
 *
 * A run in which it is not taken before is crashed at its end, once all tasks have ended. The
 * source is used for one run at a time; {@link reset} makes it fit for the next.
 */
export class CrashSource implements TaskSource {
  readonly name: string;
  readonly isCrash = true;
  readonly #crash: () => void;
  readonly #rescues: () => boolean;
  #isStarted = false;
  #hasCrashed = false;

  /**
   * @param crash What the crash does; it may draw values and add tasks.
   * @param rescues See {@link TaskSource.rescues}; default always.
   */
  constructor(crash: () => void, name: string = "power", rescues: () => boolean = () => true) {
    this.name = name;
    this.#crash = crash;
    this.#rescues = rescues;
  }

  /** Whether the crash has come in this run. */
  get hasCrashed(): boolean {
    return this.#hasCrashed;
  }

  /** Makes it a crash that has not come yet. */
  reset(): void {
    this.#isStarted = false;
    this.#hasCrashed = false;
  }

  next(): Task<unknown> | null {
    if (this.#isStarted) return null;
    this.#isStarted = true;
    return this.#code();
  }

  begun(): void {}

  ended(): void {}

  describe(): string {
    return "";
  }

  rescues(): boolean {
    return this.#rescues();
  }

  *#code(): Task<void> {
    yield new CallStep(NO_OBJECT, "crash", ACCESS_NONE, () => undefined);
    this.#hasCrashed = true;
    this.#crash();
  }
}
