import type { Access } from "../../task/index.ts";
import type { StepHome } from "./awaited.ts";
import { ValueStep } from "./value-step.ts";

/** In place of what the call returned; to wrap that would cost an object for each step. */
const NOT_TAKEN = Symbol("not taken");

/** A step that is always enabled, makes one call when it is taken, and gives what that returned. */
export class CallStep<T> extends ValueStep<T> {
  readonly #call: () => T;
  readonly #home: StepHome | null;
  #outcome: T | typeof NOT_TAKEN = NOT_TAKEN;

  constructor(
    objectId: number,
    label: string,
    access: Access,
    call: () => T,
    home: StepHome | null = null,
  ) {
    super();
    this.#home = home;
    this.#call = call;
    this.objectId = objectId;
    this.access = access;
    this.label = label;
  }

  override get home(): StepHome | null {
    return this.#home;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    this.#outcome = this.#call();
    return true;
  }

  override result(): T {
    if (this.#outcome === NOT_TAKEN) throw new TypeError(`${this.label}: the step was not taken`);
    return this.#outcome;
  }
}
