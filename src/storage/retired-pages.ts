import { ACCESS_COMMUTE, ACCESS_WRITE, assert, Monitor } from "../task/index.ts";
import type { PageId } from "./ids.ts";
import type { SpaceMap } from "./space-map.ts";

/**
 * When a page that was unlinked may be used anew.
 *
 * - `at-once`: as soon as its latch is released. Right where no task can be on the way to a page
 *   that is unlinked: every pointer to it is followed under a latch that its deleter must hold.
 * - `after-earlier-operations`: once every operation that began before has ended. Needed where an
 *   operation follows a pointer that it no longer covers by a latch.
 */
export type Reclamation = "at-once" | "after-earlier-operations";

/** All policies, in the order in which messages list them. */
export const RECLAMATIONS: readonly Reclamation[] = ["at-once", "after-earlier-operations"];

declare const ticketBrand: unique symbol;
/** An operation that has begun and not ended; higher for whoever began later. */
export type Ticket = number & { readonly [ticketBrand]: true };

interface Retired {
  readonly id: PageId;
  /** The last operation that had begun when the page was retired. */
  readonly last: number;
}

/**
 * Pages that were unlinked and that some operation may still come to: epoch-based reclamation, with
 * an epoch for each operation (Kung and Lehman 1980; Fraser 2004). PostgreSQL's B-trees keep
 * deleted pages in the same way, until no transaction is left that began before.
 *
 * Invariants: (1) a page is released to the space map only after all operations have ended that had
 * begun when it was retired; (2) when no operation is under way, no page is retired; (3) a retired
 * page keeps its bytes, and the space map does not call it free.
 *
 * A crash forgets who was under way, and so nothing has to be kept for them: a retired page is free
 * on the space pages from the commit of its group on, so after recovery it is free like any other,
 * and none leaks. An operation that never ends keeps all pages retired after it began; to abandon
 * one is to open the store anew, which is a crash in this respect.
 */
export class RetiredPages {
  readonly #space: SpaceMap;
  /** The operations under way, in the order in which they began, as a set keeps it. */
  readonly #active = new Set<number>();
  /** First retired first. */
  readonly #pages: Retired[] = [];
  #last = 0;
  /** Made for the first operation that takes part: most protocols have none. */
  #monitor: Monitor | null = null;

  constructor(space: SpaceMap) {
    this.#space = space;
  }

  /** How many pages wait for operations to end. */
  get count(): number {
    return this.#pages.length;
  }

  /**
   * Declares its accesses from now on, for a driver that numbers what is shared in the order in
   * which it is made: before there are tasks, that order does not depend on them.
   */
  declare(): void {
    this.#monitor ??= new Monitor(this.#space.host, "the retired pages");
  }

  /** Begins an operation: until it ends, no page it could come to is used anew. O(1). */
  enter(): Ticket {
    // Two that begin commute: who of them is the later is of no consequence.
    this.#declared.touch(ACCESS_COMMUTE);
    const ticket = ++this.#last;
    this.#active.add(ticket);
    return ticket as Ticket;
  }

  /** Ends an operation, and releases the pages kept only for it. Amortised O(1). */
  leave(ticket: Ticket): void {
    // It may release pages; while there are none, it commutes with others that begin or end.
    this.#declared.touch(this.#pages.length > 0 ? ACCESS_WRITE : ACCESS_COMMUTE);
    const wasActive = this.#active.delete(ticket);
    assert(wasActive, "an operation ends once");
    if (this.#pages.length > 0) this.#reclaim();
  }

  /**
   * Keeps a page until all who are under way have ended. Requires: its group is committed, nothing
   * points to it but what they may have read, and the caller is under way itself. O(1).
   */
  retire(id: PageId): void {
    this.#declared.touch(ACCESS_WRITE);
    this.#pages.push({ id, last: this.#last });
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    if (this.#active.size > 0) this.#active.clear();
    if (this.#pages.length > 0) this.#pages.length = 0;
    this.#last = 0;
    this.#monitor = null;
  }

  get #declared(): Monitor {
    this.declare();
    assert(this.#monitor !== null, "it has just been made");
    return this.#monitor;
  }

  #reclaim(): void {
    const oldest = this.#oldest();
    let done = 0;
    for (const { id, last } of this.#pages) {
      if (last >= oldest) break;
      this.#space.release(id);
      done++;
    }
    if (done > 0) this.#pages.splice(0, done);
  }

  #oldest(): number {
    for (const ticket of this.#active) return ticket;
    return Number.POSITIVE_INFINITY;
  }
}
