import { NONE } from "./footprint-columns.ts";
import type { Footprints } from "./footprints.ts";
import { INVOKE, NEVER, type Part, type Problem, RETURN } from "./part.ts";

/** When the value that a register starts with was made: before the first event. */
const FIRST = -1;
/** When values were made whose writes have not begun; no operation began before that. */
const NOT_MADE = -2;
const NOBODY = -2;
/** In place of a value that was found: the operation replaced whatever was there. */
const REPLACED = -1;

/**
 * The first event at which an operation returns that found a value which cannot have been there;
 * NEVER if there is none, or the object is not one register. O(events).
 *
 * A value cannot be there if no write of it had begun. Neither can it if all writes of it that had
 * begun were over before some operation X began, and X was over before the read began, and X
 * replaced the value or found another one. The writes come before X, and X before the read: so the
 * value was gone by then.
 *
 * Most histories that are not linearizable have such an answer, a stale read or one from nowhere.
 * A search would have to rule out every order of all open operations to see it.
 */
export function firstStaleRead({ part, steps }: Problem): number {
  const prints = steps.footprints;
  return prints === null || prints.keys > 1 ? NEVER : new StaleReads(part, prints).find();
}

class StaleReads {
  readonly #part: Part;
  readonly #needs: Int32Array;
  readonly #makes: Int32Array;
  /** Of each value: when the last of those who had begun to make it is over. */
  readonly #madeUntil: Int32Array;
  /** Of each operation: when it began, and what was over by then, as in `latest`. */
  readonly #begins: Int32Array;
  readonly #before: Int32Array;
  readonly #found: Int32Array;
  readonly #beforeOther: Int32Array;
  /**
   * Of the operations that are over and replaced or found a value: the one that began last, and
   * what it found; and the one that began last of those that found something else.
   */
  #latest = { begins: NOBODY, found: REPLACED, otherBegins: NOBODY };

  constructor(part: Part, { columns, firstValues }: Footprints) {
    this.#part = part;
    this.#needs = columns.needs;
    this.#makes = columns.makes;
    this.#madeUntil = new Int32Array(columns.values).fill(NOT_MADE);
    for (const value of firstValues) this.#madeUntil[value] = FIRST;
    this.#begins = new Int32Array(part.operations);
    this.#before = new Int32Array(part.operations);
    this.#found = new Int32Array(part.operations);
    this.#beforeOther = new Int32Array(part.operations);
  }

  find(): number {
    const { events, isRequired } = this.#part;
    for (let i = 0; i < events.length; i++) {
      const event = events[i] ?? 0;
      const operation = event >> 2;
      const kind = event & 3;
      if (kind === INVOKE) this.#begin(operation, i);
      else if (kind === RETURN && isRequired[operation] === 1) {
        if (this.#foundWhatIsGone(operation)) return i;
        this.#end(operation);
      }
    }
    return NEVER;
  }

  #begin(operation: number, at: number): void {
    this.#begins[operation] = at;
    this.#before[operation] = this.#latest.begins;
    this.#found[operation] = this.#latest.found;
    this.#beforeOther[operation] = this.#latest.otherBegins;
    if (!this.#replaces(operation)) return;
    const value = this.#makes[operation] ?? 0;
    const until = this.#part.deadlines[operation] ?? NEVER;
    this.#madeUntil[value] = Math.max(this.#madeUntil[value] ?? NOT_MADE, until);
  }

  #foundWhatIsGone(operation: number): boolean {
    const value = this.#needs[operation] ?? NONE;
    if (value === NONE) return false;
    const until = this.#madeUntil[value] ?? NOT_MADE;
    if (until === NOT_MADE) return true;
    const isSame = this.#found[operation] === value;
    const between = isSame ? this.#beforeOther[operation] : this.#before[operation];
    return until < (between ?? NOBODY);
  }

  #end(operation: number): void {
    const value = this.#needs[operation] ?? NONE;
    const isWrite = this.#replaces(operation);
    if (!isWrite && value === NONE) return;
    const found = isWrite ? REPLACED : value;
    const begins = this.#begins[operation] ?? NOBODY;
    const latest = this.#latest;
    if (found === latest.found) latest.begins = Math.max(latest.begins, begins);
    else if (begins > latest.begins) {
      latest.otherBegins = latest.begins;
      latest.begins = begins;
      latest.found = found;
    } else latest.otherBegins = Math.max(latest.otherBegins, begins);
  }

  /** A write of what it must find there changes nothing. */
  #replaces(operation: number): boolean {
    const makes = this.#makes[operation] ?? NONE;
    return makes !== NONE && makes !== this.#needs[operation];
  }
}
