import { ACCESS_READ, type Access } from "../task/index.ts";

const MIX_A = 0x85ebca6b;
const MIX_B = 0xc2b2ae35;

/**
 * Hashes the happens-before order of a run, so that runs which differ only in the order of
 * independent steps count once (Mazurkiewicz traces).
 *
 * Each step's hash covers the task's previous step and the last conflicting steps on its object.
 * Reads of one object since its last write are added up, so their mutual order is forgotten; the
 * run's hash adds up the tasks' last hashes. Two 32-bit lanes give about 2^53 values: among 10^6
 * different orders the chance of any collision is below 10^-4. No allocation per step.
 */
export class OrderHash {
  #taskLow = new Int32Array(16);
  #taskHigh = new Int32Array(16);
  #writeLow = new Int32Array(64);
  #writeHigh = new Int32Array(64);
  #readsLow = new Int32Array(64);
  #readsHigh = new Int32Array(64);
  #tasks = 0;
  #objects = 0;

  /** Starts a new run. */
  reset(): void {
    this.#taskLow.fill(0, 0, this.#tasks);
    this.#taskHigh.fill(0, 0, this.#tasks);
    this.#writeLow.fill(0, 0, this.#objects);
    this.#writeHigh.fill(0, 0, this.#objects);
    this.#readsLow.fill(0, 0, this.#objects);
    this.#readsHigh.fill(0, 0, this.#objects);
    this.#tasks = 0;
    this.#objects = 0;
  }

  /** Adds a step of `task` on `object`. Requires: `access` is a read or a write. */
  add(task: number, object: number, access: Access): void {
    if (task >= this.#tasks) this.#growTasks(task);
    if (object >= this.#objects) this.#growObjects(object);
    const lowSeed = at(this.#taskLow, task) + at(this.#writeLow, object) + task * 2 + 1;
    const highSeed = at(this.#taskHigh, task) ^ (at(this.#writeHigh, object) + object * 2 + 1);
    if (access === ACCESS_READ) {
      const low = mix(lowSeed ^ 0x51ed270b, highSeed);
      const high = mix(highSeed ^ 0x2545f491, low);
      this.#readsLow[object] = at(this.#readsLow, object) + low;
      this.#readsHigh[object] = at(this.#readsHigh, object) + high;
      this.#taskLow[task] = low;
      this.#taskHigh[task] = high;
      return;
    }
    const low = mix(lowSeed + at(this.#readsLow, object), highSeed);
    const high = mix(highSeed + at(this.#readsHigh, object), low);
    this.#readsLow[object] = 0;
    this.#readsHigh[object] = 0;
    this.#writeLow[object] = low;
    this.#writeHigh[object] = high;
    this.#taskLow[task] = low;
    this.#taskHigh[task] = high;
  }

  /** The hash of the run so far, a whole number below 2^53. */
  value(): number {
    let low = 0;
    let high = 0;
    for (let task = 0; task < this.#tasks; task++) {
      low = (low + mix(at(this.#taskLow, task), task + 1)) | 0;
      high = (high + mix(at(this.#taskHigh, task), task + 1)) | 0;
    }
    return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
  }

  #growTasks(task: number): void {
    this.#tasks = task + 1;
    if (task < this.#taskLow.length) return;
    this.#taskLow = grown(this.#taskLow, task);
    this.#taskHigh = grown(this.#taskHigh, task);
  }

  #growObjects(object: number): void {
    this.#objects = object + 1;
    if (object < this.#writeLow.length) return;
    this.#writeLow = grown(this.#writeLow, object);
    this.#writeHigh = grown(this.#writeHigh, object);
    this.#readsLow = grown(this.#readsLow, object);
    this.#readsHigh = grown(this.#readsHigh, object);
  }
}

function at(column: Int32Array, index: number): number {
  return column[index] ?? 0;
}

function mix(a: number, b: number): number {
  let h = Math.imul(a ^ (a >>> 15), MIX_A) ^ Math.imul(b, MIX_B);
  h ^= h >>> 13;
  h = Math.imul(h, MIX_B);
  return h ^ (h >>> 16);
}

function grown(column: Int32Array, index: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(column.length * 2, index + 1));
  larger.set(column);
  return larger;
}
