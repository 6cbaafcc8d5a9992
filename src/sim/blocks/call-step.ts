import type { Access } from "../../task/index.ts";
import { ValueStep } from "./value-step.ts";

/** A step that is always enabled, makes one call when it is taken, and gives what that returned. */
export class CallStep<T> extends ValueStep<T> {
  readonly #call: () => T;
  #outcome: { readonly value: T } | null = null;

  constructor(objectId: number, label: string, access: Access, call: () => T) {
    super();
    this.#call = call;
    this.objectId = objectId;
    this.access = access;
    this.label = label;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    this.#outcome = { value: this.#call() };
    return true;
  }

  override result(): T {
    if (this.#outcome === null) throw new TypeError(`${this.label}: the step was not taken`);
    return this.#outcome.value;
  }
}
