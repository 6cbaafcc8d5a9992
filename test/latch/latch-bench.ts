import {
  areCompatible,
  DIRECT_DRIVER,
  type Fairness,
  findWaitCycle,
  type Latch,
  LatchGuard,
  latchId,
  LatchOwner,
  LatchTable,
  type Mode,
  SHARED,
} from "../../src/latch/index.ts";
import { type TaskId, taskId } from "../../src/task/index.ts";

/** One task with one request, on a latch that a driver without a scheduler parks it at. */
export interface Visitor {
  readonly task: TaskId;
  readonly owner: LatchOwner;
  readonly guard: LatchGuard;
}

/** One latch and those who want it, each a task with a single guard, as the event loop runs them. */
export class LatchBench {
  readonly latch: Latch;
  readonly visitors: Visitor[] = [];
  /** Everybody who was granted the latch after a wait, in that order. */
  readonly handedTo: TaskId[] = [];

  constructor(fairness: Fairness) {
    this.latch = new LatchTable(fairness).latch(latchId(1));
  }

  ask(mode: Mode): Visitor {
    const visitor = this.#arrive();
    visitor.owner.acquire(visitor.guard, this.latch, mode, "visitor");
    this.#park(visitor);
    return visitor;
  }

  try(mode: Mode): Visitor {
    const visitor = this.#arrive();
    visitor.owner.tryAcquire(visitor.guard, this.latch, mode, "visitor");
    return visitor;
  }

  upgrade(visitor: Visitor): void {
    visitor.owner.upgrade(visitor.guard, "upgrade");
    this.#park(visitor);
  }

  release({ guard }: Visitor): void {
    guard.release();
  }

  holders(): Visitor[] {
    return this.visitors.filter(({ guard }) => this.latch.holders.includes(guard));
  }

  waiting(): Visitor[] {
    return this.visitors.filter(({ guard }) => guard.state === "queued");
  }

  /** Those who hold and can go on, and so can release. */
  free(): Visitor[] {
    return this.visitors.filter(({ guard }) => guard.isHeld);
  }

  blockersOf(visitor: Visitor): TaskId[] {
    const found: TaskId[] = [];
    visitor.guard.collectBlockers(visitor.task, found);
    return found;
  }

  /** Whether some of them wait for each other in a circle. */
  hasCycle(): boolean {
    return this.waiting().some(({ task }) => {
      const blockersOf = (id: TaskId, into: TaskId[]): void => {
        this.visitors[id]?.guard.collectBlockers(id, into);
      };
      return findWaitCycle(task, blockersOf) !== null;
    });
  }

  /** Which two holders do not fit, or empty. */
  clashes(): string {
    const modes = this.holders().map(({ guard }) => guard.heldMode);
    const clash = modes.some((a, i) => modes.some((b, j) => i < j && !areCompatible(a, b)));
    return clash ? modes.join(" beside ") : "";
  }

  #arrive(): Visitor {
    const task = taskId(this.visitors.length);
    const granted = (guard: LatchGuard): void => {
      this.handedTo.push(task);
      // As a driver resumes its task: the guard is held from here on.
      guard.settle();
    };
    const owner = new LatchOwner(task, { ...DIRECT_DRIVER, granted });
    const guard = new LatchGuard(owner);
    const visitor = { task, owner, guard };
    this.visitors.push(visitor);
    return visitor;
  }

  #park({ task, guard }: Visitor): void {
    if (guard.pending && !(guard.isEnabled(task) && guard.take(task))) guard.park(task);
  }
}

/** Whether a visitor waits for X although it holds in S. */
export function upgradesFromShared({ guard }: Visitor): boolean {
  return guard.isUpgrade && guard.heldMode === SHARED;
}
