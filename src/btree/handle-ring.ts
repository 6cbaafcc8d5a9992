import { InvariantViolation } from "../task/index.ts";

// A handle is reused only after this many others, so that one kept too long is still shut.
const HANDLES = 64;

/** What a ring lends: a handle that is in use while it is held. */
export interface Lent {
  readonly isHeld: boolean;
  /** Whether it was asked for and somebody has still to yield it. */
  readonly isUnanswered: boolean;
  reset(): void;
}

/** Lends an operation its page handles, in turn, so that latching a page allocates nothing. */
export class HandleRing<T extends Lent> {
  readonly #make: () => T;
  /** Made as they are first used: a crash hunt makes new operations for every run. */
  readonly #handles: T[] = [];
  #next = 0;
  /** How many had been lent when the last operation ended. */
  #checked = 0;

  constructor(make: () => T) {
    this.#make = make;
  }

  /**
   * A handle that is not in use.
   *
   * @throws InvariantViolation latch-held if an operation holds them all.
   */
  lend(): T {
    for (let tries = 0; tries < HANDLES; tries++) {
      const handle = this.#handles[this.#next % HANDLES] ?? this.#add();
      this.#next++;
      if (!handle.isHeld) return handle;
    }
    throw new InvariantViolation(`an operation holds ${HANDLES} latches at once`, "latch-held");
  }

  /** Those that are held, the one lent last first; there are `count`. */
  held(count: number): readonly T[] {
    const held: T[] = [];
    for (let at = this.#next - 1; at >= this.#next - HANDLES && held.length < count; at--) {
      const handle = this.#handles[at % HANDLES];
      if (handle?.isHeld === true) held.push(handle);
    }
    return held;
  }

  /** One lent since the last call that a driver never saw, or null. */
  takeUnanswered(): T | null {
    const first = Math.max(this.#checked, this.#next - HANDLES);
    this.#checked = this.#next;
    for (let at = first; at < this.#next; at++) {
      const handle = this.#handles[at % HANDLES];
      if (handle !== undefined && handle.isUnanswered) return handle;
    }
    return null;
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    for (let at = 0; at < Math.min(this.#next, HANDLES); at++) this.#handles[at]?.reset();
    this.#next = 0;
    this.#checked = 0;
  }

  #add(): T {
    const handle = this.#make();
    this.#handles.push(handle);
    return handle;
  }
}
