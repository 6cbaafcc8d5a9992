import {
  type Access,
  ACCESS_COMMUTE,
  ACCESS_READ,
  ACCESS_WRITE,
  doCommute,
  type TaskId,
} from "../../task/index.ts";
import { OWN_OBJECTS } from "../own-objects.ts";
import type { Event } from "./event.ts";

const ALL_ACCESSES: readonly Access[] = [ACCESS_READ, ACCESS_WRITE, ACCESS_COMMUTE];
/** One more than the largest access. */
const ACCESSES = 4;
const TASKS_MAX = 1024;

/** What was touched, and by whom, in all runs below some event: a set. */
export class Seen {
  readonly #touches = new Set<number>();
  /** One more than the largest task's number. */
  #tasks = 0;
  /** Whether anything may have been touched, as where a run failed before its end. */
  isAnything = false;
  /** Whether time passed in one of the runs, before any crash. */
  hasTimePassed = false;

  /** The tasks whose end others waited for. */
  readonly #joined = new Set<TaskId>();

  /** Adds what an event touched. */
  addEvent({ task, touches, joined, isCrash, isFatal }: Event): void {
    for (const other of joined) this.#joined.add(other);
    if (isCrash || isFatal || task >= TASKS_MAX) this.isAnything = true;
    this.#tasks = Math.max(this.#tasks, task + 1);
    for (const { objectId, access } of touches) this.#touches.add(keyOf(objectId, access, task));
  }

  addAll(other: Seen): void {
    this.isAnything ||= other.isAnything;
    this.hasTimePassed ||= other.hasTimePassed;
    this.#tasks = Math.max(this.#tasks, other.#tasks);
    for (const key of other.#touches) this.#touches.add(key);
    for (const task of other.#joined) this.#joined.add(task);
  }

  /** Whether another task may have done something that an event is not independent of. */
  meets({ task, touches }: Event): boolean {
    if (this.isAnything || this.#joined.has(task)) return true;
    return touches.some(({ objectId, access }) => this.#meets(task, objectId, access));
  }

  #meets(task: TaskId, objectId: number, access: Access): boolean {
    for (const other of ALL_ACCESSES) {
      if (doCommute(access, other)) continue;
      for (let id = 0; id < this.#tasks; id++) {
        if (id !== task && this.#touches.has(keyOf(objectId, other, id))) return true;
      }
    }
    return false;
  }
}

function keyOf(objectId: number, access: number, task: number): number {
  return ((objectId + OWN_OBJECTS) * ACCESSES + access) * TASKS_MAX + task;
}
