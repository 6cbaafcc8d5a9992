import { assert } from "../task/index.ts";
import type { Effect } from "../engine/index.ts";
import type { Follower, Listing } from "./listing.ts";

/** Whoever keeps calls in order; see CallOrder. */
export interface Caller {
  /** The call waits for no other any more. */
  makeReady(call: Call): void;
  tookEffect(call: Call): void;
  ended(): void;
}

/** One call of a database object, from the moment it is made until it ends. */
export abstract class Call implements Effect, Follower {
  readonly isWrite: boolean;
  readonly #order: Caller;
  isInEffect = false;
  /** How many other calls it waits for. */
  waitsFor = 0;
  /** What later calls have to know; null if none has to wait for it. For {@link Caller} only. */
  listing: Listing | null = null;

  constructor(order: Caller, isWrite: boolean) {
    this.#order = order;
    this.isWrite = isWrite;
  }

  /** Starts the call. For {@link Caller} only, once. */
  abstract begin(): void;

  /** Marks the effect: calls made later may take effect. Calls after the first do nothing. */
  tookEffect(): void {
    if (this.isInEffect) return;
    this.isInEffect = true;
    this.#order.tookEffect(this);
  }

  /** Marks the end of the call, well or not. Once. */
  ended(): void {
    this.tookEffect();
    this.#order.ended();
  }

  mayPass(): void {
    assert(this.waitsFor > 0, "who may pass has waited");
    this.waitsFor--;
    if (this.waitsFor === 0) this.#order.makeReady(this);
  }
}
