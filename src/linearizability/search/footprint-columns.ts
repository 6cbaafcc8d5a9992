import { type Footprint, jsonKey } from "../models/index.ts";

/** Stands for "no value" in the columns. */
export const NONE = -1;

/**
 * Footprints of operations as columns of numbers. A number from 1 stands for one value of one key;
 * equal JSON values of a key have equal numbers.
 */
export class FootprintColumns {
  /** The key an operation is on; NONE for a scan, whose needs are in a list. */
  readonly keys: number[] = [];
  readonly needs: number[] = [];
  readonly avoids: number[] = [];
  readonly makes: number[] = [];
  /** Of each scan, by operation: what it needs, as pairs of key and value. */
  readonly scans: Map<number, Int32Array> = new Map<number, Int32Array>();
  readonly #numbers: Map<unknown, number>[] = [];
  #values = 1;

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
    this.keys.push(key);
    this.needs.push(print.needs === undefined ? NONE : this.numberOf(key, print.needs));
    this.avoids.push(print.avoids === undefined ? NONE : this.numberOf(key, print.avoids));
    this.makes.push(print.makes === undefined ? NONE : this.numberOf(key, print.makes));
  }

  /** Adds an operation that must find all these values at one moment. */
  addScan(needs: readonly (readonly [key: number, value: unknown])[]): void {
    const list = needs.flatMap(([key, value]) => [key, this.numberOf(key, value)]);
    this.scans.set(this.keys.length, Int32Array.from(list));
    this.keys.push(NONE);
    this.needs.push(NONE);
    this.avoids.push(NONE);
    this.makes.push(NONE);
  }

  /** One more than the highest number. */
  get values(): number {
    return this.#values;
  }
}
