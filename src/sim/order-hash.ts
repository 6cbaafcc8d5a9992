import { ACCESS_READ, type Access } from "../task/index.ts";

const MIX_A = 0x85ebca6b;
const MIX_B = 0xc2b2ae35;
const TASK_COLUMNS = 2;
const OBJECT_COLUMNS = 4;

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
  /** For each task, the two lanes of its last step's hash. */
  #tasks = new Int32Array(TASK_COLUMNS * 16);
  /** For each object, the lanes of its last write, then of the reads since then. */
  #objects = new Int32Array(OBJECT_COLUMNS * 64);
  #taskCount = 0;
  #objectCount = 0;

  /** Starts a new run. */
  reset(): void {
    this.#tasks.fill(0, 0, TASK_COLUMNS * this.#taskCount);
    this.#objects.fill(0, 0, OBJECT_COLUMNS * this.#objectCount);
    this.#taskCount = 0;
    this.#objectCount = 0;
  }

  /** Adds a step of `task` on `object`. Requires: `access` is a read or a write. */
  add(task: number, object: number, access: Access): void {
    if (task >= this.#taskCount) this.#growTasks(task);
    if (object >= this.#objectCount) this.#growObjects(object);
    const tasks = this.#tasks;
    const objects = this.#objects;
    const t = TASK_COLUMNS * task;
    const o = OBJECT_COLUMNS * object;
    const lowSeed = (at(tasks, t) + at(objects, o) + task * 2 + 1) | 0;
    const highSeed = at(tasks, t + 1) ^ ((at(objects, o + 1) + object * 2 + 1) | 0);
    let low: number;
    let high: number;
    if (access === ACCESS_READ) {
      low = mix(lowSeed ^ 0x51ed270b, highSeed);
      high = fold(highSeed ^ 0x2545f491, low);
      objects[o + 2] = (at(objects, o + 2) + low) | 0;
      objects[o + 3] = (at(objects, o + 3) + high) | 0;
    } else {
      low = mix((lowSeed + at(objects, o + 2)) | 0, highSeed);
      high = fold((highSeed + at(objects, o + 3)) | 0, low);
      objects[o] = low;
      objects[o + 1] = high;
      objects[o + 2] = 0;
      objects[o + 3] = 0;
    }
    tasks[t] = low;
    tasks[t + 1] = high;
  }

  /** The hash of the run so far, a whole number below 2^53. */
  value(): number {
    let low = 0;
    let high = 0;
    for (let task = 0; task < this.#taskCount; task++) {
      low = (low + mix(at(this.#tasks, TASK_COLUMNS * task), task + 1)) | 0;
      high = (high + mix(at(this.#tasks, TASK_COLUMNS * task + 1), task + 1)) | 0;
    }
    return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
  }

  #growTasks(task: number): void {
    this.#taskCount = task + 1;
    this.#tasks = roomFor(this.#tasks, TASK_COLUMNS * this.#taskCount);
  }

  #growObjects(object: number): void {
    this.#objectCount = object + 1;
    this.#objects = roomFor(this.#objects, OBJECT_COLUMNS * this.#objectCount);
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

/** One-to-one in `high` for each `low`, so it loses nothing; the other lane does the mixing. */
function fold(high: number, low: number): number {
  return (Math.imul(high ^ (low >>> 16), MIX_A) + low) | 0;
}

function roomFor(columns: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= columns.length) return columns;
  const larger = new Int32Array(Math.max(columns.length * 2, length));
  larger.set(columns);
  return larger;
}
