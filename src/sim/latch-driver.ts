import {
  latchId,
  type LatchDriver,
  type LatchGuard,
  type LatchId,
  type LatchObjects,
  type LatchOwner,
  type OrderBreach,
} from "../latch/index.ts";
import { type Access, type Fact, LatchworkError } from "../task/index.ts";
import type { Scheduler } from "./scheduler.ts";

const ONLY_TREE: readonly string[] = [""];

/**
 * Leaves every acquire to the scheduler, and reports releases and broken orders to it.
 *
 * Latches have the even object ids, and the trees take turns: with two of them, page 3 of the
 * second is object 2 * (2 * 3 + 1). So ids are dense, and depend on nothing that happens in a run.
 */
export class SimLatchDriver implements LatchDriver {
  readonly eager = false;
  readonly #scheduler: Scheduler;
  readonly #trees: readonly string[];

  /** @param trees The names of all trees of the simulation. Default: one without a name. */
  constructor(scheduler: Scheduler, trees: readonly string[] = ONLY_TREE) {
    this.#scheduler = scheduler;
    this.#trees = trees;
  }

  /** @throws LatchworkError UNKNOWN_NAME for a tree that the driver was not made for. */
  latchesOf(tree: string): LatchObjects {
    const at = this.#trees.indexOf(tree);
    const { length } = this.#trees;
    if (at >= 0) return { objectOf: (latch) => 2 * (length * latch + at) };
    const known = this.#trees.map((name) => `"${name}"`).join(", ");
    throw new LatchworkError("UNKNOWN_NAME", `no tree "${tree}" in this simulation, only ${known}`);
  }

  /** The tree and the latch of an object; null if the object is no latch. */
  latchOf(object: number): { readonly tree: string; readonly latch: LatchId } | null {
    if (object < 0 || object % 2 === 1) return null;
    const { length } = this.#trees;
    const place = object / 2;
    const tree = this.#trees[place % length] ?? "";
    return { tree, latch: latchId(Math.floor(place / length)) };
  }

  touch(objectId: number, access: Access): void {
    this.#scheduler.touch(objectId, access);
  }

  releasing(guard: LatchGuard): boolean {
    return this.#scheduler.giveBack(guard.owner.taskId, guard, guard);
  }

  granted(guard: LatchGuard): void {
    this.#scheduler.wake(guard);
  }

  orderBroken(_owner: LatchOwner, breach: OrderBreach): void {
    this.#scheduler.breaches.push(breach);
  }

  get isTold(): boolean {
    return this.#scheduler.trace !== null;
  }

  tell(fact: Fact): void {
    this.#scheduler.trace?.tell(fact);
  }
}
