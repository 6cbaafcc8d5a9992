import { type Access, ACCESS_NONE, ACCESS_READ, ACCESS_WRITE } from "../task/index.ts";
import { OWN_OBJECTS } from "./own-objects.ts";

const MIX_A = 0x85ebca6b;
const MIX_B = 0xc2b2ae35;
const READ_LOW = 0x51ed270b;
const READ_HIGH = 0x2545f491;
const RELEASE_LOW = 0x6c8e9cf5;
const COMMUTE_LOW = 0x27d4eb2f;
const COMMUTE_HIGH = 0x165667b1;
const { imul } = Math;

/**
 * Hashes the happens-before order of a run, so that runs which differ only in the order of
 * independent accesses count once (Mazurkiewicz traces).
 *
 * The hash of each access covers the task's previous one and the last conflicting ones on its
 * object. Accesses of one object that commute, as reads since its last write, are added up, so that
 * their mutual order is forgotten; the run's hash adds up the tasks' last hashes. Two 32-bit lanes
 * give about 2^53 values: among 10^6 different orders the chance of any collision is below 10^-4.
 * No allocation per access: lanes are fields that hold small integers, and what represents a task
 * or an object serves in the next run, too.
 */
export class OrderHash {
  readonly #tasks: TaskLanes[] = [];
  readonly #objects: ObjectLanes[] = [];
  /** Which run it is: what another one left of an object is forgotten at the first access. */
  #run = 0;

  /** Starts a new run. O(tasks). */
  reset(): void {
    this.#run++;
    for (const task of this.#tasks) setLanes(task, 0, 0);
  }

  /** What represents a task in this hash, in all runs. */
  lanesOf(task: number): TaskLanes {
    return this.#tasks[task] ?? this.#newTask(task);
  }

  /** Adds an access. Requires: it is a read, a write or one that commutes. */
  add(task: TaskLanes, objectId: number, access: Access): void {
    const object = this.#objects[objectId + OWN_OBJECTS];
    if (object === undefined || object.run !== this.#run) this.#addFirst(task, objectId, access);
    else if (access === ACCESS_WRITE) write(task, object);
    else addCommuting(task, object, access);
  }

  /**
   * The task gives back an object that it took: whoever takes it next comes after all that the task
   * has done so far. As an access it differs from what {@link add} does in that the task learns
   * nothing: who could not get the object meanwhile has noted that itself. It costs less.
   */
  release(task: TaskLanes, objectId: number, access: Access): void {
    const object = this.#object(objectId);
    if (access === ACCESS_WRITE) put(object, task.low ^ RELEASE_LOW, task.high);
    else addUp(object, access, task.low ^ RELEASE_LOW, task.high);
  }

  /** Adds a value that a task has drawn: with another one, it is another run. */
  drew(task: TaskLanes, value: number): void {
    const low = mix((task.low + value + 1) | 0, task.high);
    setLanes(task, low, fold(task.high, low));
  }

  /** An object changes, and no task did it, as when time passes. */
  changed(objectId: number): void {
    closeGroup(this.#object(objectId));
  }

  /** The hash of the run so far, a whole number below 2^53. O(tasks). */
  value(): number {
    let low = 0;
    let high = 0;
    let salt = 0;
    // Those that have touched nothing count only before one that has.
    let count = this.#tasks.length;
    while (count > 0 && isUntouched(this.#tasks[count - 1])) count--;
    for (const task of this.#tasks) {
      if (salt++ === count) break;
      low = (low + mix(task.low, salt)) | 0;
      high = (high + mix(task.high, salt)) | 0;
    }
    return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
  }

  #newTask(task: number): TaskLanes {
    for (;;) {
      const lanes = this.#tasks[task];
      if (lanes !== undefined) return lanes;
      this.#tasks.push(new TaskLanes(this.#tasks.length * 2 + 1));
    }
  }

  #object(objectId: number): ObjectLanes {
    const object = this.#objects[objectId + OWN_OBJECTS];
    return object !== undefined && object.run === this.#run ? object : this.#newObject(objectId);
  }

  /** Makes ready what represents an object that has not been accessed in this run. */
  #newObject(objectId: number): ObjectLanes {
    const index = objectId + OWN_OBJECTS;
    // What has no id, as the latch of a page that there never was, is nothing; its run will fail.
    if (!(index >= 0)) return new ObjectLanes(0);
    for (;;) {
      const lanes = this.#objects[index];
      if (lanes !== undefined) {
        lanes.run = this.#run;
        setLanes(lanes, 0, 0);
        emptyGroup(lanes);
        return lanes;
      }
      this.#objects.push(new ObjectLanes(this.#objects.length * 2 + 1));
    }
  }

  #addFirst(task: TaskLanes, objectId: number, access: Access): void {
    if (!(objectId + OWN_OBJECTS >= 0)) return;
    this.#newObject(objectId);
    this.add(task, objectId, access);
  }
}

interface Lanes {
  low: number;
  high: number;
}

/** The hash of a task's last access. */
export class TaskLanes implements Lanes {
  low = 0;
  high = 0;
  readonly salt: number;

  /** @param salt Different for each task. */
  constructor(salt: number) {
    this.salt = salt;
  }
}

/** What came before the accesses of an object that commute with each other and came last. */
class ObjectLanes implements Lanes {
  low = 0;
  high = 0;
  /** These last ones, added up. */
  groupLow = 0;
  groupHigh = 0;
  /** How the object was accessed last: {@link ACCESS_NONE} right after a write. */
  kind: Access = ACCESS_NONE;
  /** The run that all this is about. */
  run = -1;
  readonly salt: number;

  /** @param salt Different for each object. */
  constructor(salt: number) {
    this.salt = salt;
  }
}

function isUntouched(task: TaskLanes | undefined): boolean {
  return task !== undefined && task.low === 0 && task.high === 0;
}

function write(task: TaskLanes, object: ObjectLanes): void {
  const highSeed = task.high ^ (object.high + object.salt);
  const low = mix((task.low + object.low + task.salt + object.groupLow) | 0, highSeed);
  const high = fold((highSeed + object.groupHigh) | 0, low);
  task.low = low;
  task.high = high;
  put(object, low, high);
}

/** What comes next comes after this access, and so after all before it. */
function put(object: ObjectLanes, low: number, high: number): void {
  object.low = low;
  object.high = high;
  if (object.kind !== ACCESS_NONE) emptyGroup(object);
}

function addCommuting(task: TaskLanes, object: ObjectLanes, access: Access): void {
  joinGroup(object, access);
  const isRead = access === ACCESS_READ;
  const lowSeed = (task.low + object.low + task.salt) | 0;
  const highSeed = task.high ^ (object.high + object.salt);
  const low = mix(lowSeed ^ (isRead ? READ_LOW : COMMUTE_LOW), highSeed);
  const high = fold(highSeed ^ (isRead ? READ_HIGH : COMMUTE_HIGH), low);
  object.groupLow = (object.groupLow + low) | 0;
  object.groupHigh = (object.groupHigh + high) | 0;
  task.low = low;
  task.high = high;
}

function addUp(object: ObjectLanes, access: Access, low: number, high: number): void {
  joinGroup(object, access);
  object.groupLow = (object.groupLow + low) | 0;
  object.groupHigh = (object.groupHigh + high) | 0;
}

/** What comes next commutes with what came last, or comes after it. */
function joinGroup(object: ObjectLanes, access: Access): void {
  if (object.kind === access) return;
  if (object.kind !== ACCESS_NONE) closeGroup(object);
  object.kind = access;
}

/** What comes next comes after all accesses of the object so far. */
function closeGroup(object: ObjectLanes): void {
  const low = mix((object.low + object.groupLow) | 0, object.high);
  setLanes(object, low, fold((object.high + object.groupHigh) | 0, low));
  emptyGroup(object);
}

function emptyGroup(object: ObjectLanes): void {
  object.groupLow = 0;
  object.groupHigh = 0;
  object.kind = ACCESS_NONE;
}

function setLanes(lanes: Lanes, low: number, high: number): void {
  lanes.low = low;
  lanes.high = high;
}

function mix(a: number, b: number): number {
  let h = imul(a ^ (a >>> 15), MIX_A) ^ imul(b, MIX_B);
  h ^= h >>> 13;
  h = imul(h, MIX_B);
  return h ^ (h >>> 16);
}

/** One-to-one in `high` for each `low`, so it loses nothing; the other lane does the mixing. */
function fold(high: number, low: number): number {
  return (imul(high ^ (low >>> 16), MIX_A) + low) | 0;
}
