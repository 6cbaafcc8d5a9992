import { widened } from "./config-set.ts";
import type { Steps } from "./steps.ts";

/** Kinds of events, as a search sees them. */
export const INVOKE = 0;
/** The operation returned: it must have been linearized. */
export const RETURN = 1;
/** The operation's last chance is over: it was linearized by now, or never will be. */
export const EXPIRE = 2;
/** All state is lost but what was kept. Belongs to no operation. */
export const CRASH = 3;

/** The deadline of an operation that may take effect at any later time. */
export const NEVER = 0x7fffffff;

/** A part of a history that can be decided by itself, as columns over its own operations. */
export interface Part {
  readonly operations: number;
  /** Of each operation: its id in the history; must it happen; does it change no state. */
  readonly ids: Int32Array;
  readonly isRequired: Uint8Array;
  readonly isObserver: Uint8Array;
  /** Index of the event at which it returns or expires, or NEVER. */
  readonly deadlines: Int32Array;
  /** Its bit in the masks while it is open. */
  readonly slots: Int32Array;
  /** Words of a mask. */
  readonly words: number;
  /** Each event is `operation * 4 + kind`. */
  readonly events: Int32Array;
  /** Order numbers of the events in the history. */
  readonly orders: Int32Array;
}

/** Collects a part's operations and events, in order. */
export class PartBuilder {
  readonly #ids: number[] = [];
  readonly #required: number[] = [];
  readonly #observers: number[] = [];
  #events = new Int32Array(64);
  #orders = new Int32Array(64);
  #count = 0;

  get operations(): number {
    return this.#ids.length;
  }

  /** Adds an operation; gives its number in this part. */
  addOperation(id: number, isRequired: boolean, isObserver: boolean): number {
    this.#required.push(isRequired ? 1 : 0);
    this.#observers.push(isObserver ? 1 : 0);
    return this.#ids.push(id) - 1;
  }

  /** Adds the next event. */
  addEvent(operation: number, kind: number, order: number): void {
    if (this.#count === this.#events.length) {
      this.#events = widened(this.#events, this.#count * 2);
      this.#orders = widened(this.#orders, this.#count * 2);
    }
    this.#events[this.#count] = operation * 4 + kind;
    this.#orders[this.#count++] = order;
  }

  get isRequired(): Uint8Array {
    return Uint8Array.from(this.#required);
  }

  /** Gives every operation its deadline and its bit. */
  finish(): Part {
    const { operations } = this;
    const events = this.#events.subarray(0, this.#count);
    const deadlines = new Int32Array(operations).fill(NEVER);
    const slots = new Int32Array(operations);
    const free: number[] = [];
    let slotsUsed = 0;
    for (const [i, event] of events.entries()) {
      const kind = event & 3;
      const operation = event >> 2;
      if (kind === INVOKE) slots[operation] = free.pop() ?? slotsUsed++;
      else if (kind !== CRASH) {
        deadlines[operation] = i;
        free.push(slots[operation] ?? 0);
      }
    }
    return {
      operations,
      ids: Int32Array.from(this.#ids),
      isRequired: this.isRequired,
      isObserver: Uint8Array.from(this.#observers),
      deadlines,
      slots,
      words: Math.max(1, Math.ceil(slotsUsed / 32)),
      events,
      orders: this.#orders.subarray(0, this.#count),
    };
  }
}

/** A part and the object whose history it is. */
export interface Problem {
  readonly part: Part;
  readonly steps: Steps;
}
