import type { Access } from "../task/index.ts";
import type { LatchDriver, LatchGuard, LatchId, LatchOwner, OrderBreach } from "../latch/index.ts";
import type { Scheduler } from "./scheduler.ts";

/** The shared-object id of a latch; everything that is not a latch has an odd one. */
export function objectOfLatch(latch: LatchId): number {
  return 2 * latch;
}

/** Leaves every acquire to the scheduler, and tells it of releases and broken orders. */
export class SimLatchDriver implements LatchDriver {
  readonly eager = false;
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  objectOf(latch: LatchId): number {
    return objectOfLatch(latch);
  }

  touch(latch: LatchId, access: Access): void {
    this.#scheduler.touch(objectOfLatch(latch), access);
  }

  releasing(guard: LatchGuard): boolean {
    const scheduler = this.#scheduler;
    scheduler.orderGraph.released(guard.owner.taskId, guard);
    if (scheduler.putOff(guard)) return true;
    scheduler.released(guard.objectId, guard.releaseAccess);
    return false;
  }

  granted(guard: LatchGuard): void {
    this.#scheduler.wake(guard);
  }

  orderBroken(owner: LatchOwner, breach: OrderBreach): void {
    this.#scheduler.noteBreach(owner, breach);
  }
}
