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

  releasing(guard: LatchGuard): boolean {
    this.#scheduler.orderGraph.released(guard.owner.taskId, guard);
    return this.#scheduler.putOff(guard);
  }

  granted(guard: LatchGuard): void {
    this.#scheduler.wake(guard);
  }

  orderBroken(owner: LatchOwner, breach: OrderBreach): void {
    this.#scheduler.noteBreach(owner, breach);
  }
}
