import { ChurnMap, WaitQueue } from "../task/index.ts";
import { Barrier } from "./barrier.ts";
import type { Call, Caller } from "./call.ts";
import { Listing } from "./listing.ts";
import { type CalledKey, hashOf, type Touches } from "./touches.ts";

/** How many calls may be at work in the engine at once, their effect still to come. */
export const WORKING_MAX = 512;
/** How many may have begun and not ended, most of which wait for the log. */
export const BEGUN_MAX = 16_384;
/** A call of one key looks through so many calls of several keys at most. */
const WIDE_MAX = 32;

/**
 * The order in which calls of one database object take effect, where it can be observed.
 *
 * Two calls of which one writes a key that the other touches take effect in the order in which they
 * were made, awaited or not. Others go side by side: reads of one key, and whatever touches
 * different keys. A call need not wait until the one before is durable, nor even over, only until
 * it has taken effect, so a thousand writes of one key share a sync.
 *
 * Latches by themselves do not give that order: a task that waits for a page to be read is
 * overtaken by one that finds it there. And a call that waits here costs a small object, where a
 * task that waits in the engine costs its working state; so only so many calls begin at once.
 *
 * A call of one key waits for the last one before of that key. Keys are distinguished by a hash of
 * 32 bits: two keys of one hash make a call wait needlessly, but never for one made later, so no
 * two wait for each other. A call of several keys (a batch, a range) waits for all before it, since
 * to look for those that matter would take time in proportion to what is in flight; later ones wait
 * for it only if they share a key with it.
 *
 * Invariants:
 * 1. A call begins only when every call made before has taken effect that it may meet.
 * 2. A call waits for calls made before, never for later ones, so one can always go on.
 * 3. At most {@link WORKING_MAX} calls are at work, and {@link BEGUN_MAX} have not ended.
 */
export class CallOrder implements Caller {
  /** The last call of each hash that has not taken effect. */
  readonly #last = new ChurnMap<Call>();
  /** Calls of several keys that have not taken effect, in the order in which they were made. */
  readonly #wide = new Set<Call>();
  readonly #all = new Barrier();
  readonly #writes = new Barrier();
  /** Calls that may begin, once there is room. */
  readonly #ready = new WaitQueue<Call>();
  #listed = 0;
  #working = 0;
  #begun = 0;
  #count = 0;
  /** To be called once no call is left. */
  #whenIdle: (() => void)[] = [];

  /** How many calls are not over, begun or not. */
  get count(): number {
    return this.#count;
  }

  /** Calls back once no call is left. Requires: there is one. */
  whenIdle(callback: () => void): void {
    this.#whenIdle.push(callback);
  }

  /** Takes a call of one key. It may begin before this returns. */
  one(key: Uint8Array, call: Call): void {
    this.#count++;
    // Most calls of a database at rest take effect at once, and need not be listed.
    if (this.#listed === 0 && this.#hasRoom()) {
      this.#begin(call);
      if (!call.isInEffect) this.#listKey(call, hashOf(key));
      return;
    }
    const called: CalledKey = { bytes: key, hash: hashOf(key) };
    this.#waitForWide(call, called);
    this.#listKey(call, called.hash);
    if (call.waitsFor === 0) this.makeReady(call);
  }

  /** Takes a call that touches several keys. It may begin before this returns. */
  several(touches: Touches, call: Call): void {
    this.#count++;
    if ((call.isWrite ? this.#all : this.#writes).wait(call)) call.waitsFor++;
    this.#list(call, touches);
    this.#wide.add(call);
    if (call.waitsFor === 0) this.makeReady(call);
  }

  /** Takes a read that has to see all writes made before, and for which no later one waits. */
  afterWrites(call: Call): void {
    this.#count++;
    if (this.#writes.wait(call)) call.waitsFor++;
    else this.makeReady(call);
  }

  /** Takes a call that is in no order with others, as a check. */
  apart(call: Call): void {
    this.#count++;
    this.makeReady(call);
  }

  /** For {@link Call}: it waits for no other any more. */
  makeReady(call: Call): void {
    if (this.#ready.length === 0 && this.#hasRoom()) this.#begin(call);
    else this.#ready.push(call);
  }

  /** For {@link Call}. */
  tookEffect(call: Call): void {
    this.#working--;
    if (call.listing !== null) this.#leave(call, call.listing);
    this.#beginMore();
  }

  /** For {@link Call}. */
  ended(): void {
    this.#begun--;
    this.#count--;
    this.#beginMore();
    if (this.#count > 0 || this.#whenIdle.length === 0) return;
    const callbacks = this.#whenIdle;
    this.#whenIdle = [];
    for (const callback of callbacks) callback();
  }

  #hasRoom(): boolean {
    return this.#working < WORKING_MAX && this.#begun < BEGUN_MAX;
  }

  #begin(call: Call): void {
    this.#working++;
    this.#begun++;
    call.begin();
  }

  #beginMore(): void {
    while (this.#hasRoom()) {
      const next = this.#ready.shift();
      if (next === undefined) return;
      this.#begin(next);
    }
  }

  /** Makes a call of one key wait for calls of several that touch it. */
  #waitForWide(call: Call, key: CalledKey): void {
    if (this.#wide.size > WIDE_MAX) {
      if (this.#all.wait(call)) call.waitsFor++;
      return;
    }
    for (const wide of this.#wide) {
      const { listing } = wide;
      if (!(call.isWrite || wide.isWrite) || listing?.touches?.(key) !== true) continue;
      listing.followers ??= [];
      listing.followers.push(call);
      call.waitsFor++;
    }
  }

  #listKey(call: Call, hash: number): void {
    const before = this.#last.get(hash)?.listing;
    if (before !== undefined && before !== null) {
      before.next = call;
      call.waitsFor++;
    }
    this.#last.set(hash, call);
    this.#list(call, hash);
  }

  #list(call: Call, of: number | Touches): void {
    this.#listed++;
    const amongWrites = call.isWrite ? this.#writes.enter() : null;
    call.listing = new Listing(of, this.#all.enter(), amongWrites);
  }

  #leave(call: Call, listing: Listing): void {
    this.#listed--;
    if (listing.touches !== null) this.#wide.delete(call);
    else if (this.#last.get(listing.hash) === call) this.#last.delete(listing.hash);
    call.listing = null;
    listing.release();
    this.#all.leave(listing.amongAll);
    if (listing.amongWrites !== null) this.#writes.leave(listing.amongWrites);
  }
}
