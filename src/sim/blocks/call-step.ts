import { type Access, type Fact, labelOf } from "../../task/index.ts";
import type { StepHome } from "./awaited.ts";
import { ValueStep } from "./value-step.ts";

/** In place of what the call returned; to wrap that would cost an object for each step. */
const NOT_TAKEN = Symbol("not taken");

/** A step that is always enabled, makes one call when it is taken, and gives what that returned. */
export class CallStep<T> extends ValueStep<T> {
  readonly #call: () => T;
  readonly #fact: Fact;
  readonly #home: StepHome | null;
  #outcome: T | typeof NOT_TAKEN = NOT_TAKEN;

  constructor(
    objectId: number,
    fact: Fact,
    access: Access,
    call: () => T,
    home: StepHome | null = null,
  ) {
    super();
    this.#home = home;
    this.#call = call;
    this.#fact = fact;
    this.objectId = objectId;
    this.access = access;
  }

  override get home(): StepHome | null {
    return this.#home;
  }

  /** Whether the call was made; then {@link result} is what it returned. */
  get isTaken(): boolean {
    return this.#outcome !== NOT_TAKEN;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    this.#outcome = this.#call();
    return true;
  }

  override result(): T {
    if (this.#outcome !== NOT_TAKEN) return this.#outcome;
    throw new TypeError(`${labelOf(this.fact())}: the step was not taken`);
  }

  override fact(): Fact {
    return this.#fact;
  }
}
