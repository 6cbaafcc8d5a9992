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
  #operations = 0;
  #ids: Int32Array = new Int32Array(64);
  /** Bit 0: it must happen; bit 1: it changes no state. */
  #flags: Int32Array = new Int32Array(64);
  #events: Int32Array = new Int32Array(64);
  #orders: Int32Array = new Int32Array(64);
  #count = 0;

  get operations(): number {
    return this.#operations;
  }

  /** Adds an operation; gives its number in this part. */
  addOperation(id: number, isRequired: boolean, isObserver: boolean): number {
    if (this.#operations === this.#ids.length) {
      this.#ids = widened(this.#ids, this.#operations * 2);
      this.#flags = widened(this.#flags, this.#operations * 2);
    }
    this.#ids[this.#operations] = id;
    this.#flags[this.#operations] = (isRequired ? 1 : 0) | (isObserver ? 2 : 0);
    return this.#operations++;
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

  /** Gives every operation its deadline and its bit. */
  finish(): Part {
    const { operations } = this;
    const events = this.#events.subarray(0, this.#count);
    const deadlines = new Int32Array(operations).fill(NEVER);
    const slots = new Int32Array(operations);
    const free: number[] = [];
    let slotsUsed = 0;
    for (let i = 0; i < events.length; i++) {
      const event = events[i] ?? 0;
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
      ids: this.#ids.subarray(0, operations),
      isRequired: this.#flag(1),
      isObserver: this.#flag(2),
      deadlines,
      slots,
      words: Math.max(1, Math.ceil(slotsUsed / 32)),
      events,
      orders: this.#orders.subarray(0, this.#count),
    };
  }

  #flag(bit: number): Uint8Array {
    const column = new Uint8Array(this.#operations);
    for (let i = 0; i < column.length; i++) column[i] = ((this.#flags[i] ?? 0) & bit) === 0 ? 0 : 1;
    return column;
  }
}

/** Index of the invocation of each of a part's operations. */
export function startsOf({ operations, events }: Part): Int32Array {
  const starts = new Int32Array(operations);
  for (let i = 0; i < events.length; i++) {
    const event = events[i] ?? 0;
    if ((event & 3) === INVOKE) starts[event >> 2] = i;
  }
  return starts;
}

/** Operations that are open just before event `event`. O(events). */
export function openAt(part: Part, event: number): number[] {
  const starts = startsOf(part);
  const open: number[] = [];
  for (let i = 0; i < part.operations; i++) {
    if ((starts[i] ?? 0) < event && (part.deadlines[i] ?? NEVER) >= event) open.push(i);
  }
  return open;
}

/** A part and the object whose history it is. */
export interface Problem {
  readonly part: Part;
  readonly steps: Steps;
}
