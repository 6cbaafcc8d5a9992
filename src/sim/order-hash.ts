import { type Access, ACCESS_NONE, ACCESS_READ, ACCESS_WRITE } from "../task/index.ts";
import { OWN_OBJECTS } from "./own-objects.ts";

const MIX_A = 0x85ebca6b;
const MIX_B = 0xc2b2ae35;
const TASK_COLUMNS = 2;
const OBJECT_COLUMNS = 4;
const READ_LOW = 0x51ed270b;
const READ_HIGH = 0x2545f491;
const RELEASE_LOW = 0x6c8e9cf5;
const COMMUTE_LOW = 0x27d4eb2f;
const COMMUTE_HIGH = 0x165667b1;

/**
 * Hashes the happens-before order of a run, so that runs which differ only in the order of
 * independent accesses count once (Mazurkiewicz traces).
 *
 * The hash of each access covers the task's previous one and the last conflicting ones on its
 * object. Accesses of one object that commute, as reads since its last write, are added up, so that
 * their mutual order is forgotten; the run's hash adds up the tasks' last hashes. Two 32-bit lanes
 * give about 2^53 values: among 10^6 different orders the chance of any collision is below 10^-4.
 * No allocation per access.
 */
export class OrderHash {
  /** For each task, the two lanes of the hash of its last access. */
  #tasks = new Int32Array(TASK_COLUMNS * 16);
  /**
   * For each object, two lanes of all that came before the accesses that commute with each other
   * and came last, and two of these added up.
   */
  #objects = new Int32Array(OBJECT_COLUMNS * 64);
  /** For each object, how it was accessed last: {@link ACCESS_NONE} right after a write. */
  #kinds = new Uint8Array(64);
  #taskCount = 0;
  #objectCount = 0;

  /** Starts a new run. */
  reset(): void {
    this.#tasks.fill(0, 0, TASK_COLUMNS * this.#taskCount);
    this.#objects.fill(0, 0, OBJECT_COLUMNS * this.#objectCount);
    this.#kinds.fill(0, 0, this.#objectCount);
    this.#taskCount = 0;
    this.#objectCount = 0;
  }

  /** Adds an access of `task`. Requires: it is a read, a write or one that commutes. */
  add(task: number, objectId: number, access: Access): void {
    const object = objectId + OWN_OBJECTS;
    if (task >= this.#taskCount) this.#growTasks(task);
    if (object >= this.#objectCount) this.#growObjects(object);
    if (access === ACCESS_WRITE) this.#write(task, object);
    else this.#addCommuting(task, object, access);
  }

  /**
   * The task gives back an object that it took: whoever takes it next comes after all that the task
   * has done so far. As an access it differs from what {@link add} does in that the task learns
   * nothing: who could not get the object meanwhile has noted that itself. It costs less.
   */
  release(task: number, objectId: number, access: Access): void {
    const object = objectId + OWN_OBJECTS;
    if (task >= this.#taskCount) this.#growTasks(task);
    if (object >= this.#objectCount) this.#growObjects(object);
    const objects = this.#objects;
    const o = OBJECT_COLUMNS * object;
    const low = at(this.#tasks, TASK_COLUMNS * task) ^ RELEASE_LOW;
    const high = at(this.#tasks, TASK_COLUMNS * task + 1);
    if (access === ACCESS_WRITE) {
      objects[o] = low;
      objects[o + 1] = high;
      objects[o + 2] = 0;
      objects[o + 3] = 0;
      this.#kinds[object] = ACCESS_NONE;
    } else this.#addUp(object, access, low, high);
  }

  /** Adds a value that a task has drawn: with another one, it is another run. */
  drew(task: number, value: number): void {
    if (task >= this.#taskCount) this.#growTasks(task);
    const tasks = this.#tasks;
    const t = TASK_COLUMNS * task;
    const low = mix((at(tasks, t) + value + 1) | 0, at(tasks, t + 1));
    tasks[t] = low;
    tasks[t + 1] = fold(at(tasks, t + 1), low);
  }

  /** An object changes, and no task did it, as when time passes. */
  changed(objectId: number): void {
    const object = objectId + OWN_OBJECTS;
    if (object >= this.#objectCount) this.#growObjects(object);
    this.#closeGroup(OBJECT_COLUMNS * object);
    this.#kinds[object] = ACCESS_NONE;
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

  #write(task: number, object: number): void {
    const tasks = this.#tasks;
    const objects = this.#objects;
    const t = TASK_COLUMNS * task;
    const o = OBJECT_COLUMNS * object;
    const lowSeed = (at(tasks, t) + at(objects, o) + task * 2 + 1) | 0;
    const highSeed = at(tasks, t + 1) ^ ((at(objects, o + 1) + object * 2 + 1) | 0);
    const low = mix((lowSeed + at(objects, o + 2)) | 0, highSeed);
    const high = fold((highSeed + at(objects, o + 3)) | 0, low);
    objects[o] = low;
    objects[o + 1] = high;
    objects[o + 2] = 0;
    objects[o + 3] = 0;
    this.#kinds[object] = ACCESS_NONE;
    tasks[t] = low;
    tasks[t + 1] = high;
  }

  #addCommuting(task: number, object: number, access: Access): void {
    const tasks = this.#tasks;
    const objects = this.#objects;
    const t = TASK_COLUMNS * task;
    const o = OBJECT_COLUMNS * object;
    this.#group(object, o, access);
    const isRead = access === ACCESS_READ;
    const lowSeed = (at(tasks, t) + at(objects, o) + task * 2 + 1) | 0;
    const highSeed = at(tasks, t + 1) ^ ((at(objects, o + 1) + object * 2 + 1) | 0);
    const low = mix(lowSeed ^ (isRead ? READ_LOW : COMMUTE_LOW), highSeed);
    const high = fold(highSeed ^ (isRead ? READ_HIGH : COMMUTE_HIGH), low);
    objects[o + 2] = (at(objects, o + 2) + low) | 0;
    objects[o + 3] = (at(objects, o + 3) + high) | 0;
    tasks[t] = low;
    tasks[t + 1] = high;
  }

  #addUp(object: number, access: Access, low: number, high: number): void {
    const objects = this.#objects;
    const o = OBJECT_COLUMNS * object;
    this.#group(object, o, access);
    objects[o + 2] = (at(objects, o + 2) + low) | 0;
    objects[o + 3] = (at(objects, o + 3) + high) | 0;
  }

  /** What comes next commutes with what came last, or comes after it. */
  #group(object: number, o: number, access: Access): void {
    const kind = this.#kinds[object];
    if (kind === access) return;
    if (kind !== ACCESS_NONE) this.#closeGroup(o);
    this.#kinds[object] = access;
  }

  /** What comes next comes after all accesses of the object so far. */
  #closeGroup(o: number): void {
    const objects = this.#objects;
    const low = mix((at(objects, o) + at(objects, o + 2)) | 0, at(objects, o + 1));
    objects[o + 1] = fold((at(objects, o + 1) + at(objects, o + 3)) | 0, low);
    objects[o] = low;
    objects[o + 2] = 0;
    objects[o + 3] = 0;
  }

  #growTasks(task: number): void {
    this.#taskCount = task + 1;
    this.#tasks = roomFor(this.#tasks, TASK_COLUMNS * this.#taskCount);
  }

  #growObjects(object: number): void {
    this.#objectCount = object + 1;
    this.#objects = roomFor(this.#objects, OBJECT_COLUMNS * this.#objectCount);
    if (this.#objectCount > this.#kinds.length) {
      const larger = new Uint8Array(2 * this.#objectCount);
      larger.set(this.#kinds);
      this.#kinds = larger;
    }
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
