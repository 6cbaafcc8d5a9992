import {
  type Access,
  ACCESS_READ,
  ACCESS_WRITE,
  disown,
  type Fact,
  yetToRun,
  mustBeValue,
} from "../../task/index.ts";
import { callOutWith } from "../call-out.ts";
import { CallStep } from "./call-step.ts";
import type { BlockHome } from "./home.ts";
import type { ValueStep } from "./value-step.ts";
import { valueText } from "./value-text.ts";

/**
 * A variable with atomic read-modify-write: each method is one step, which no other task can split.
 * `update`, `exchange` and `add` give the value from before, as `Atomics` does.
 */
export class Atomic<T> {
  readonly name: string;
  readonly #home: BlockHome;
  readonly #objectId: number;
  #value: T;

  constructor(home: BlockHome, name: string, initial: T) {
    this.name = name;
    this.#home = home;
    this.#objectId = home.nameObject(name);
    this.#value = initial;
  }

  /** Reads the value. */
  load(): ValueStep<T> {
    return this.#step("load", ACCESS_READ, () => this.#value);
  }

  /** Writes the value. */
  store(value: T): ValueStep<void> {
    if (typeof value === "object") mustBeValue(`store of ${this.name}`, value);
    return this.#step("store", ACCESS_WRITE, () => {
      this.#value = value;
    });
  }

  /**
   * Replaces the value by what `change` makes of it; gives the old one. `change` must be pure, and
   * is called when the step is taken: a promise or a generator that it gives fails the run.
   */
  update(change: (value: T) => T): ValueStep<T> {
    return this.#step("update", ACCESS_WRITE, () => {
      const before = this.#value;
      const next = callOutWith(change, before);
      if (typeof next === "object") this.#mustBeThere(next);
      this.#value = next;
      return before;
    });
  }

  /** Writes a value; gives the old one. */
  exchange(value: T): ValueStep<T> {
    if (typeof value === "object") mustBeValue(`exchange of ${this.name}`, value);
    return this.#step("exchange", ACCESS_WRITE, () => {
      const before = this.#value;
      this.#value = value;
      return before;
    });
  }

  /** Writes `next` if the value is `expected` (by `Object.is`), and says whether it was. */
  compareAndSet(expected: T, next: T): ValueStep<boolean> {
    if (typeof next === "object") mustBeValue(`compare and set of ${this.name}`, next);
    return this.#step("compare and set", ACCESS_WRITE, () => {
      const isSame = Object.is(this.#value, expected);
      if (isSame) this.#value = next;
      return isSame;
    });
  }

  /** Adds to a number; gives the old one. */
  add(this: Atomic<number>, amount: number): ValueStep<number> {
    return this.update((value) => value + amount);
  }

  /** Looks without a step, for final checks and messages; in a task it would hide a race. */
  peek(): T {
    this.#home.looked(this.#objectId);
    return this.#value;
  }

  #mustBeThere(next: T): void {
    mustBeValue(`update of ${this.name}`, next);
    const kind = yetToRun(next);
    if (kind === null) return;
    disown(next);
    const message = `update of ${this.name}: its function gives ${kind}, expected the value itself`;
    throw new TypeError(message);
  }

  #step<R>(how: How, access: Access, act: () => R): ValueStep<R> {
    return new AtomicStep(this, how, this.#objectId, access, act, this.#home);
  }
}

type How = "load" | "store" | "update" | "exchange" | "compare and set";

/** What a step that knows its own fact hands to those that do not. */
const OWN_FACT: Fact = { kind: "custom", label: "step" };

class AtomicStep<T, R> extends CallStep<R> {
  readonly #atomic: Atomic<T>;
  readonly #how: How;
  #before: T;

  constructor(
    atomic: Atomic<T>,
    how: How,
    objectId: number,
    access: Access,
    act: () => R,
    home: BlockHome,
  ) {
    super(objectId, OWN_FACT, access, act, home);
    this.#atomic = atomic;
    this.#how = how;
    this.#before = atomic.peek();
  }

  override take(): boolean {
    this.#before = this.#atomic.peek();
    return super.take();
  }

  override fact(): Fact {
    const how = this.#how;
    const value = valueText(this.#atomic.peek());
    if (how === "load") return { kind: "value-read", how, value };
    if (how === "store") return { kind: "value-write", how, value };
    return { kind: "value-change", how, before: valueText(this.#before), after: value };
  }
}
