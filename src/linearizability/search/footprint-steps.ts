import type { ConfigSet } from "./config-set.ts";
import { type FootprintColumns, NONE } from "./footprint-columns.ts";
import type { Footprints } from "./footprints.ts";
import { SEARCH_SIZES } from "./search-sizes.ts";
import { ILLEGAL, type Steps } from "./steps.ts";
import { VectorTable } from "./vector-table.ts";

/** The value that stands for every value that no operation asks for. */
const DEAD = 0;
const NO_SCAN = new Int32Array(0);

/** What {@link FootprintSteps} is made of. */
export interface FootprintObject {
  readonly columns: FootprintColumns;
  /** How many keys there are; each starts with `initial`. */
  readonly keys: number;
  readonly initial: unknown;
  readonly isRequired: Uint8Array;
  /** Whether values that no operation asks for become one (reduction deadValues). */
  readonly mergesDead: boolean;
  /** Vectors of values that are worth collecting. */
  readonly vectors?: number;
}

/**
 * A register, or several under scans that look at many at one moment.
 *
 * The state of one register is the number of its value; that of several is the index of a vector of
 * such numbers. A step compares numbers: no model is asked.
 */
export class FootprintSteps implements Steps, Footprints {
  readonly isBranching = false;
  readonly footprints: Footprints = this;
  readonly keys: number;
  readonly columns: FootprintColumns;
  readonly #keyOf: Int32Array;
  readonly #needs: Int32Array;
  readonly #avoids: Int32Array;
  readonly #makes: Int32Array;
  readonly #scans: ReadonlyMap<number, Int32Array>;
  readonly #isRequired: Uint8Array;
  readonly #mergesDead: boolean;
  /** Of each value: operations not yet retired that ask for it, must find it, can make it. */
  readonly #mentions: Int32Array;
  readonly #needers: Int32Array;
  readonly #makers: Int32Array;
  /** Of each key: operations not yet retired that ask only that it be not some value. */
  readonly #lookers: Int32Array;
  readonly #vectors: VectorTable | null;
  readonly firstValues: Int32Array;
  readonly #scratch: Int32Array;

  constructor(object: FootprintObject) {
    const { columns, keys, initial, isRequired, mergesDead } = object;
    this.keys = keys;
    this.columns = columns;
    this.firstValues = Int32Array.from({ length: keys }, (_, key) =>
      columns.numberOf(key, initial),
    );
    this.#keyOf = columns.keys;
    this.#needs = columns.needs;
    this.#avoids = columns.avoids;
    this.#makes = columns.makes;
    this.#scans = columns.scans;
    this.#isRequired = isRequired;
    this.#mergesDead = mergesDead;
    this.#mentions = new Int32Array(columns.values);
    this.#needers = new Int32Array(columns.values);
    this.#makers = new Int32Array(columns.values);
    this.#lookers = new Int32Array(keys);
    for (let i = 0; i < columns.length; i++) this.#count(i, 1);
    this.#vectors =
      keys === 1 ? null : new VectorTable(keys, object.vectors ?? SEARCH_SIZES.vectors);
    this.#scratch = new Int32Array(keys);
  }

  /** Looked up each time: collecting renames states, and a search may begin again after that. */
  get initialState(): number {
    return this.#vectors === null
      ? (this.firstValues[0] ?? 0)
      : this.#vectors.intern(this.firstValues);
  }

  get bytes(): number {
    const numbers = (this.#needs.length + this.#mentions.length) * 4;
    return numbers * Int32Array.BYTES_PER_ELEMENT + (this.#vectors?.bytes ?? 0);
  }

  get isDue(): boolean {
    return this.#vectors !== null && this.#vectors.isDue;
  }

  next(state: number, operation: number, branch: number): number {
    if (branch > 0) return ILLEGAL;
    if (this.#vectors !== null) return this.#nextVector(this.#vectors, state, operation);
    return this.#nextValue(state, operation, state);
  }

  isSame(a: number, b: number): boolean {
    return (
      this.#keyOf[a] === this.#keyOf[b] &&
      this.#keyOf[a] !== NONE &&
      this.#needs[a] === this.#needs[b] &&
      this.#avoids[a] === this.#avoids[b] &&
      this.#canonical(this.#makes[a] ?? NONE) === this.#canonical(this.#makes[b] ?? NONE)
    );
  }

  crash(state: number): number {
    return state;
  }

  collect(sets: readonly ConfigSet[]): void {
    this.#vectors?.collect(sets);
  }

  retire(operation: number): void {
    this.#count(operation, -1);
  }

  unretire(operation: number): void {
    this.#count(operation, 1);
  }

  settled(state: number): number {
    return this.#vectors === null ? this.#canonical(state) : state;
  }

  hides(operation: number, hidden: number): boolean {
    const key = this.#keyOf[operation] ?? NONE;
    return (
      key === this.#keyOf[hidden] &&
      this.isBlindWrite(hidden) &&
      this.#mentions[this.#makes[hidden] ?? NONE] === 0
    );
  }

  canHide(operation: number): boolean {
    return this.isBlindWrite(operation) && this.#lookers[this.#keyOf[operation] ?? 0] === 0;
  }

  isBlindWrite(operation: number): boolean {
    return (
      this.#needs[operation] === NONE &&
      this.#avoids[operation] === NONE &&
      this.#makes[operation] !== NONE
    );
  }

  leftBy(state: number, operation: number): number {
    const makes = this.#makes[operation] ?? NONE;
    if (makes === NONE) return NONE;
    const key = this.#keyOf[operation] ?? 0;
    const value = this.#vectors === null ? state : this.#vectors.get(state, key);
    return value === makes ? NONE : value;
  }

  needersOf(value: number): number {
    return this.#needers[value] ?? 0;
  }

  makersOf(value: number): number {
    return this.#makers[value] ?? 0;
  }

  mustFind(operation: number, value: number): boolean {
    if (this.#isRequired[operation] === 0) return false;
    if (this.#keyOf[operation] !== NONE) return this.#needs[operation] === value;
    const scan = this.#scanOf(operation);
    for (let i = 1; i < scan.length; i += 2) if (scan[i] === value) return true;
    return false;
  }

  neededBy(operation: number): number {
    return this.#keyOf[operation] === NONE ? NONE : (this.#needs[operation] ?? NONE);
  }

  holds(state: number, operation: number, value: number): boolean {
    if (this.#vectors === null) return state === value;
    return this.#vectors.get(state, this.#keyOf[operation] ?? 0) === value;
  }

  canMake(operation: number, value: number): boolean {
    return this.#makes[operation] === value;
  }

  isOnMarked(operation: number, marks: Uint8Array): boolean {
    const key = this.#keyOf[operation] ?? NONE;
    if (key !== NONE) return marks[key] === 1;
    const scan = this.#scanOf(operation);
    for (let i = 0; i < scan.length; i += 2) if (marks[scan[i] ?? 0] === 1) return true;
    return false;
  }

  mark(operation: number, marks: Uint8Array): boolean {
    const key = this.#keyOf[operation] ?? NONE;
    if (key !== NONE) {
      const isNew = marks[key] === 0;
      marks[key] = 1;
      return isNew;
    }
    let isNew = false;
    const scan = this.#scanOf(operation);
    for (let i = 0; i < scan.length; i += 2) {
      if (marks[scan[i] ?? 0] === 0) isNew = true;
      marks[scan[i] ?? 0] = 1;
    }
    return isNew;
  }

  /** The state after the operation, of one key's `value`; `same` if it does not change. */
  #nextValue(value: number, operation: number, same: number): number {
    const needs = this.#needs[operation] ?? NONE;
    if (needs !== NONE && needs !== value) return ILLEGAL;
    if (this.#avoids[operation] === value) return ILLEGAL;
    const makes = this.#makes[operation] ?? NONE;
    return makes === NONE ? same : this.#canonical(makes);
  }

  #nextVector(vectors: VectorTable, state: number, operation: number): number {
    const key = this.#keyOf[operation] ?? NONE;
    if (key === NONE) {
      const scan = this.#scanOf(operation);
      for (let i = 0; i < scan.length; i += 2) {
        if (vectors.get(state, scan[i] ?? 0) !== scan[i + 1]) return ILLEGAL;
      }
      return state;
    }
    const value = vectors.get(state, key);
    const next = this.#nextValue(value, operation, value);
    if (next === ILLEGAL || next === value) return next === ILLEGAL ? ILLEGAL : state;
    vectors.copy(state, this.#scratch);
    this.#scratch[key] = next;
    return vectors.intern(this.#scratch);
  }

  #canonical(value: number): number {
    return this.#mergesDead && value > DEAD && this.#mentions[value] === 0 ? DEAD : value;
  }

  #scanOf(operation: number): Int32Array {
    return this.#scans.get(operation) ?? NO_SCAN;
  }

  #count(operation: number, by: number): void {
    const required = this.#isRequired[operation] === 1 ? by : 0;
    const needs = this.#needs[operation] ?? NONE;
    const avoids = this.#avoids[operation] ?? NONE;
    const makes = this.#makes[operation] ?? NONE;
    if (needs !== NONE) {
      bump(this.#mentions, needs, by);
      bump(this.#needers, needs, required);
    }
    if (avoids !== NONE) {
      bump(this.#mentions, avoids, by);
      bump(this.#lookers, this.#keyOf[operation] ?? 0, by);
    }
    if (makes !== NONE) bump(this.#makers, makes, by);
    if (this.#keyOf[operation] !== NONE) return;
    const scan = this.#scanOf(operation);
    for (let i = 1; i < scan.length; i += 2) {
      bump(this.#mentions, scan[i] ?? 0, by);
      bump(this.#needers, scan[i] ?? 0, required);
    }
  }
}

function bump(column: Int32Array, at: number, by: number): void {
  column[at] = (column[at] ?? 0) + by;
}
