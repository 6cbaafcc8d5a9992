import { findWaitCycle } from "../latch/index.ts";
import type { TaskId } from "../task/index.ts";
import type { SimTask } from "./sim-task.ts";

/**
 * Looks for a cycle of tasks that wait for each other.
 *
 * A cycle closes when its last member begins to want what another holds, and that is when to ask;
 * whether the member has joined the queue yet makes no difference.
 */
export class DeadlockCheck {
  readonly #tasks: readonly SimTask[];
  readonly #blockers: TaskId[] = [];
  readonly #blockersOf = (id: TaskId, into: TaskId[]): void => {
    const waiting = this.#tasks[id];
    // A task with releases still to make goes on, so nobody waits for it in vain.
    if (waiting === undefined || waiting.releases.length > 0) return;
    waiting.step?.collectBlockers(id, into);
  };

  /** @param tasks The tasks by id; read at each question. */
  constructor(tasks: readonly SimTask[]) {
    this.#tasks = tasks;
  }

  /** The cycle that a task's pending step closes, or null. */
  cycleClosedBy(task: SimTask): readonly TaskId[] | null {
    const { step } = task;
    if (step === null || task.releases.length > 0) return null;
    step.collectBlockers(task.id, this.#blockers);
    return this.#blockers.length === 0 ? null : this.#cycleFrom(task);
  }

  /** As {@link cycleClosedBy}, of a task that waits for somebody: for its first blockers. */
  #cycleFrom({ id }: SimTask): readonly TaskId[] | null {
    return this.#mayCloseCycle() ? findWaitCycle(id, this.#blockersOf) : null;
  }

  /**
   * Follows the wait-for chain from the blockers of its first task while each task waits for just
   * one other, as it nearly always does: false if the chain ends at tasks that wait for nobody.
   * No allocation.
   */
  #mayCloseCycle(): boolean {
    const blockers = this.#blockers;
    for (let length = 0; length <= this.#tasks.length; length++) {
      const next = blockers.pop();
      if (next === undefined) return false;
      if (blockers.length > 0) return this.#doAnyWait(next);
      this.#blockersOf(next, blockers);
    }
    blockers.length = 0;
    return true;
  }

  /** Whether a task, or one of those in {@link #blockers}, waits for anybody. Empties the list. */
  #doAnyWait(first: TaskId): boolean {
    const blockers = this.#blockers;
    for (let next: TaskId | undefined = first; next !== undefined; next = blockers.pop()) {
      const before = blockers.length;
      this.#blockersOf(next, blockers);
      if (blockers.length === before) continue;
      blockers.length = 0;
      return true;
    }
    return false;
  }
}
