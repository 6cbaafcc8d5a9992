import type { Entrance } from "./barrier.ts";
import type { Touches } from "./touches.ts";

/** A later call that waits. */
export interface Follower {
  /** One of those that it waits for has taken effect. */
  mayPass(): void;
}

/** A call whose effect is to come, as later calls see it. */
export class Listing {
  /** Of a call of one key: its hash. */
  readonly hash: number;
  /** Of a call of several keys: which. */
  readonly touches: Touches | null;
  /** Where it came in among all calls and, if it is a write, among the writes. */
  readonly amongAll: Entrance;
  readonly amongWrites: Entrance | null;
  /** The calls that wait for it: the next of its key, and calls of one key that it touches. */
  next: Follower | null = null;
  followers: Follower[] | null = null;

  constructor(of: number | Touches, amongAll: Entrance, amongWrites: Entrance | null) {
    this.hash = typeof of === "number" ? of : 0;
    this.touches = typeof of === "number" ? null : of;
    this.amongAll = amongAll;
    this.amongWrites = amongWrites;
  }

  /** Lets the calls go on that wait for it. */
  release(): void {
    this.next?.mayPass();
    if (this.followers !== null) for (const follower of this.followers) follower.mayPass();
  }
}
