import { type Footprint, jsonKey } from "../models/index.ts";

import { widened } from "./config-set.ts";

const FIRST_CAPACITY = 64;

/** Stands for "no value" in the columns. */
export const NONE = -1;

/**
 * Footprints of operations as columns of numbers. A number from 1 stands for one value of one key;
 * equal JSON values of a key have equal numbers.
 */
export class FootprintColumns {
  /** How many operations there are; the columns are longer. */
  length = 0;
  /** The key an operation is on; NONE for a scan, whose needs are in a list. */
  keys: Int32Array = new Int32Array(FIRST_CAPACITY);
  needs: Int32Array = new Int32Array(FIRST_CAPACITY);
  avoids: Int32Array = new Int32Array(FIRST_CAPACITY);
  makes: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Of each scan, by operation: what it needs, as pairs of key and value. */
  readonly scans: Map<number, Int32Array> = new Map<number, Int32Array>();
  readonly #numbers: Map<unknown, number>[] = [];
  #values = 1;

  /** Columns of one key that are made already; of its values only `null`, the first, has a name. */
  static ofRegister(
    { needs, avoids, makes }: Pick<FootprintColumns, "needs" | "avoids" | "makes">,
    length: number,
    values: number,
    first: number,
  ): FootprintColumns {
    const columns = new FootprintColumns();
    columns.length = length;
    columns.keys = new Int32Array(needs.length);
    columns.needs = needs;
    columns.avoids = avoids;
    columns.makes = makes;
    columns.#values = values;
    columns.#numbers[0] = new Map([[jsonKey(null), first]]);
    return columns;
  }

  /** The number of a value of a key. */
  numberOf(key: number, value: unknown): number {
    let numbers = this.#numbers[key];
    if (numbers === undefined) {
      numbers = new Map();
      this.#numbers[key] = numbers;
    }
    const name = jsonKey(value);
    let number = numbers.get(name);
    if (number === undefined) {
      number = this.#values++;
      numbers.set(name, number);
    }
    return number;
  }

  add(key: number, print: Footprint): void {
    const at = this.#addRow(key);
    if (print.needs !== undefined) this.needs[at] = this.numberOf(key, print.needs);
    if (print.avoids !== undefined) this.avoids[at] = this.numberOf(key, print.avoids);
    if (print.makes !== undefined) this.makes[at] = this.numberOf(key, print.makes);
  }

  /** Adds an operation that must find all these values at one moment. */
  addScan(needs: readonly (readonly [key: number, value: unknown])[]): void {
    const list = needs.flatMap(([key, value]) => [key, this.numberOf(key, value)]);
    this.scans.set(this.#addRow(NONE), Int32Array.from(list));
  }

  #addRow(key: number): number {
    if (this.length === this.keys.length) {
      this.keys = widened(this.keys, this.length * 2);
      this.needs = widened(this.needs, this.length * 2);
      this.avoids = widened(this.avoids, this.length * 2);
      this.makes = widened(this.makes, this.length * 2);
    }
    const at = this.length++;
    this.keys[at] = key;
    this.needs[at] = NONE;
    this.avoids[at] = NONE;
    this.makes[at] = NONE;
    return at;
  }

  /** One more than the highest number. */
  get values(): number {
    return this.#values;
  }
}
