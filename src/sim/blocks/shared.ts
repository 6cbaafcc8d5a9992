import { ACCESS_READ, ACCESS_WRITE, type Fact, mustBeValue, type Step } from "../../task/index.ts";
import { AskedStep } from "./asked-step.ts";
import type { StepHome } from "./awaited.ts";
import type { BlockHome } from "./home.ts";
import { ValueStep } from "./value-step.ts";
import { valueText } from "./value-text.ts";

/**
 * A variable that tasks share: each read and each write is a step, so that another task can come
 * between them. `x.write((yield* x.read()) + 1)` is the classic lost update.
 */
export class Shared<T> {
  readonly name: string;
  readonly #home: BlockHome;
  readonly #cell: Cell<T>;
  readonly #read: ReadStep<T>;

  constructor(home: BlockHome, name: string, initial: T) {
    this.name = name;
    this.#home = home;
    this.#cell = { objectId: home.nameObject(name), home, value: initial };
    this.#read = new ReadStep(this.#cell);
  }

  /** Reads the value: `const v = yield* x.read()`. */
  read(): ValueStep<T> {
    return this.#read;
  }

  /** Writes the value: `yield x.write(v)`. Nothing is written until the step is yielded. */
  write(value: T): Step {
    if (typeof value === "object") mustBeValue(`write of ${this.name}`, value);
    return new WriteStep(this.#cell, value);
  }

  /** Looks without a step, for final checks and messages; in a task it would hide a race. */
  peek(): T {
    this.#home.looked(this.#cell.objectId);
    return this.#cell.value;
  }
}

interface Cell<T> {
  readonly objectId: number;
  readonly home: StepHome;
  value: T;
}

class ReadStep<T> extends ValueStep<T> {
  readonly #cell: Cell<T>;

  constructor(cell: Cell<T>) {
    super();
    this.#cell = cell;
    this.objectId = cell.objectId;
    this.access = ACCESS_READ;
  }

  override get home(): StepHome {
    return this.#cell.home;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }

  override result(): T {
    // Nobody else runs between the step and the task's resumption, so this is the value it read.
    return this.#cell.value;
  }

  override fact(): Fact {
    return { kind: "value-read", how: "read", value: valueText(this.#cell.value) };
  }
}

class WriteStep<T> extends AskedStep {
  readonly #cell: Cell<T>;
  readonly #value: T;

  constructor(cell: Cell<T>, value: T) {
    super();
    this.#cell = cell;
    this.#value = value;
    this.objectId = cell.objectId;
    this.access = ACCESS_WRITE;
  }

  override get home(): StepHome {
    return this.#cell.home;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    this.#cell.value = this.#value;
    return true;
  }

  override fact(): Fact {
    return { kind: "value-write", how: "write", value: valueText(this.#value) };
  }
}
