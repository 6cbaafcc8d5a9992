import { inWords, LatchworkError, type TaskId } from "../../task/index.ts";

/**
 * Tasks that are exchangeable: exchange two of them in a schedule, and all goes as before.
 *
 * Two twins are each other's *like* in a run as long as their events did the same and had the same
 * before them, with the two exchanged. Then it makes no difference which of them goes on, so the
 * lower one does: its next event comes before that of the other, as if it let it go. Of the orders
 * that are the same but for an exchange, one is left. An order that the rule leaves out can be made
 * one that it does not: exchange the two in all that follows wherever it is broken, from the first
 * event on.
 *
 * What is the like of what depends on the order only, not on the schedule, so the rest of the
 * search need not know of it: to it this is a program in which tasks wait for each other.
 */
export class Twins {
  /** The ids of each set of twins, in order. */
  readonly groups: readonly (readonly TaskId[])[];
  readonly #lower = new Map<TaskId, readonly TaskId[]>();

  /** @throws LatchworkError BAD_ARGUMENT for what is no task, or a task that is in two sets. */
  constructor(groups: readonly (readonly TaskId[])[]) {
    mustBeSets(groups);
    this.groups = groups.map((group) => group.toSorted((a, b) => a - b));
    for (const group of this.groups) {
      group.forEach((task, i) => {
        if (this.#lower.has(task)) {
          const message = `twins: expected each task once, found task ${task} twice`;
          throw new LatchworkError("BAD_ARGUMENT", message);
        }
        this.#lower.set(task, group.slice(0, i));
      });
    }
  }

  get areNone(): boolean {
    return this.#lower.size === 0;
  }

  /** The twins of a task that come before it. */
  lowerOf(task: TaskId): readonly TaskId[] {
    return this.#lower.get(task) ?? NONE;
  }
}

const NONE: readonly TaskId[] = [];

function mustBeSets(groups: unknown): void {
  if (!Array.isArray(groups)) throw notSets(groups);
  for (const group of groups as unknown[]) {
    if (!Array.isArray(group)) throw notSets(group);
    for (const task of group as unknown[]) {
      if (!Number.isSafeInteger(task) || Number(task) < 0) throw notSets(task);
    }
  }
}

function notSets(found: unknown): LatchworkError {
  const message = `twins: expected lists of task ids, as [[0, 1]], found ${inWords(found)}`;
  return new LatchworkError("BAD_ARGUMENT", message);
}

/** No task is another's twin. */
export const NO_TWINS: Twins = new Twins([]);
