import type { Step } from "../../task/index.ts";
import { AskedStep } from "./asked-step.ts";

/** A step that gives the task a value: `const v = yield* shared.read()`. */
export abstract class ValueStep<T> extends AskedStep {
  /** What the step gave. Requires: the task was just resumed from it. */
  abstract result(): T;

  override *[Symbol.iterator](): Generator<Step, T, void> {
    yield this;
    return this.result();
  }
}
