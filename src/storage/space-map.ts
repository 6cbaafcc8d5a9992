import {
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  broken,
  DIRECT_HOST,
  type Host,
  LatchworkError,
  Monitor,
  type Task,
} from "../task/index.ts";
import { FIRST_TREE_PAGE, NO_PAGE, pageId, type PageId, SPACE_PAGE } from "./ids.ts";
import { pagePlace } from "./checksum.ts";
import { PageFix } from "./page-fix.ts";
import { rightOf, setRight } from "./page-header.ts";
import type { PageStore } from "./page-store.ts";
import { asEditor, type PageView } from "./page-view.ts";
import {
  formatSpacePage,
  highestInUse,
  hasStaleLeftLinks,
  isInUse,
  isSpacePage,
  mayBeUnfinished,
  pagesOfSpacePage,
  setInUse,
  spacePageFor,
  spacePageProblem,
} from "./space-pages.ts";

const SHARED_NAME = "the free pages";

/** Which pages are free at one moment. Opaque to everyone but the SpaceMap that made it. */
export interface SpaceSnapshot {
  readonly stack: readonly PageId[];
  /** Up to the last that is taken. */
  readonly taken: Uint8Array;
  readonly highWater: number;
  readonly spaces: number;
}

/**
 * Which pages of a store are free, and which one is used next.
 *
 * What is free is written on the space pages, whose bits change only when a change group that takes
 * or frees a page is committed. Beside them there is a stack in memory of the pages that may be
 * taken now, the one freed last on top: it is the one most likely to be in memory, and reuse at
 * once is what finds reclamation bugs. The two differ while groups are under way: a page taken is
 * off the stack before its bit is set, and a page freed comes onto it only once its latch is
 * released. The map takes no latch and never waits: it is a {@link Monitor}, and the order in which
 * pages are taken and freed decides who gets which.
 */
export class SpaceMap {
  readonly #store: PageStore;
  /** The space pages, always pinned, first to last. */
  readonly #spaces: PageView[] = [];
  readonly #stack: PageId[] = [];
  /** By page: 1 if it is taken. */
  #taken = new Uint8Array(64);
  #highWater: number = FIRST_TREE_PAGE;
  #monitor: Monitor;
  #host: Host;

  constructor(store: PageStore, host: Host = DIRECT_HOST) {
    this.#store = store;
    this.#host = host;
    this.#monitor = new Monitor(host, SHARED_NAME);
  }

  /** Declares its accesses to a host from now on, for a driver that starts over. */
  declareTo(host: Host): void {
    this.#host = host;
    this.#monitor = new Monitor(host, SHARED_NAME);
  }

  /** To whom accesses are declared. */
  get host(): Host {
    return this.#host;
  }

  /** How many pages that were in use once may be taken now. */
  get freeCount(): number {
    return this.#stack.length;
  }

  /** One more than the highest page that is taken: pages from here on are untouched. */
  get highWater(): number {
    return this.#highWater;
  }

  /** How many space pages there are. */
  get spacePages(): number {
    return this.#spaces.length;
  }

  /**
   * See the function of the same name. Asked before there are tasks, or by a task that has declared
   * its access to the space pages: none is declared.
   */
  get mayBeUnfinished(): boolean {
    const first = this.#spaces[0];
    return first !== undefined && mayBeUnfinished(first);
  }

  /** See the function of the same name. As {@link mayBeUnfinished}. */
  get hasStaleLeftLinks(): boolean {
    const first = this.#spaces[0];
    return first !== undefined && hasStaleLeftLinks(first);
  }

  /**
   * Whether no task has the page, open change groups included. O(1). No access is declared: it is
   * asked as a check that the policy of reclamation holds, and decides nothing in a right protocol.
   */
  isFree(id: PageId): boolean {
    return this.#taken[id] !== 1;
  }

  /** The pages that may be taken now, the next one first. */
  *[Symbol.iterator](): Generator<PageId, void, void> {
    for (let at = this.#stack.length - 1; at >= 0; at--) yield this.#stack[at] ?? NO_PAGE;
  }

  /**
   * Brings the space pages into memory, pins them for as long as the map lives, and reads them.
   *
   * @param pageCount How many pages the store has.
   * @param fileName What to call the file in messages; empty for pages of no file.
   * @throws LatchworkError BAD_PAGE if what is there is no map of such a store, or cannot be read.
   */
  *load(pageCount: number, fileName: string = ""): Task<void> {
    const fix = new PageFix(this.#store);
    for (let id: PageId = SPACE_PAGE; id !== NO_PAGE;) {
      if (fix.begin(id, "space page")) yield fix;
      const problem = spacePageProblem(fix.page, id, pageCount);
      if (problem !== "") {
        const place =
          fileName === "" ? `page ${id}` : pagePlace(fileName, id, this.#store.pageSize);
        throw new LatchworkError("BAD_PAGE", `${place}: ${problem}`);
      }
      id = rightOf(fix.page);
    }
    this.reload();
  }

  /** Reads the space pages anew, after their bytes were replaced. Requires: they are in memory. */
  reload(): void {
    // Emptied by popping, before each schedule: to truncate an array costs far more.
    while (this.#spaces.length > 0) this.#spaces.pop();
    for (let id: PageId = SPACE_PAGE; id !== NO_PAGE;) {
      const space = this.#store.frame(id);
      this.#spaces.push(space);
      id = rightOf(space);
    }
    while (this.#stack.length > 0) this.#stack.pop();
    this.#taken.fill(0, 0, this.#highWater);
    this.#highWater = FIRST_TREE_PAGE;
    for (const space of this.#spaces) {
      this.#highWater = Math.max(this.#highWater, highestInUse(space));
    }
    this.#ensure(this.#highWater);
    // From the top, so that the lowest page is used first.
    for (let number = this.#highWater - 1; number >= 0; number--) {
      const id = pageId(number);
      const space = this.#spaceFor(id);
      if (space !== null && isInUse(space, id)) this.#taken[number] = 1;
      else if (!isSpacePage(number, this.#store.pageSize)) this.#stack.push(id);
    }
  }

  /** Which pages are free, and in which order they are used next, for {@link putBack}. */
  snapshot(): SpaceSnapshot {
    const taken = this.#taken.slice(0, this.#highWater);
    return { stack: [...this.#stack], taken, highWater: this.#highWater, spaces: this.spacePages };
  }

  /**
   * Goes back to a snapshot, as the space pages have: what {@link reload} would read. O(pages).
   * Requires: as for reload.
   */
  putBack({ stack, taken, highWater, spaces }: SpaceSnapshot): void {
    // Space pages are added at the end, and none is ever taken away.
    while (this.#spaces.length > spaces) this.#spaces.pop();
    while (this.#stack.length > 0) this.#stack.pop();
    for (const id of stack) this.#stack.push(id);
    this.#taken.fill(0, taken.length, Math.max(taken.length, this.#highWater));
    for (let id = 0; id < taken.length; id++) this.#taken[id] = taken[id] ?? 0;
    this.#highWater = highWater;
  }

  /**
   * Takes a page for use: the one freed last, or else one never used. It is in memory and pinned;
   * its bytes mean nothing, but for its version. Its bit is set when its group is committed.
   * Amortised O(1).
   *
   * @param mayTake Whether a free page may be taken; false for one that a task still uses, as a
   *   cleaner that waits for its latch. Default: all may be.
   */
  allocate(mayTake: ((id: PageId) => boolean) | null = null): PageId {
    this.#monitor.touch(ACCESS_WRITE);
    const id = this.#popFree(mayTake) ?? this.#nextUnused();
    this.#ensure(id + 1);
    this.#taken[id] = 1;
    this.#store.fresh(id);
    return id;
  }

  /** Takes back a page whose change group was aborted. Requires: not pinned. O(1). */
  giveBack(id: PageId): void {
    this.#drop(id);
    if (id === this.#highWater - 1) this.#highWater = id;
    else this.#stack.push(id);
  }

  /**
   * Makes a page free, to be used anew. Requires: the group that freed it is committed, no
   * operation can reach it any more, and it is not pinned. O(1).
   */
  release(id: PageId): void {
    this.#drop(id);
    this.#stack.push(id);
  }

  /** Whether the space page exists that has the bit of page `id`. */
  hasSpacePageFor(id: PageId): boolean {
    this.#monitor.touch(ACCESS_READ);
    return this.#spaceFor(id) !== null;
  }

  /** The space page that has the bit of page `id`, as it is named. */
  spacePageIdFor(id: PageId): PageId {
    return spacePageFor(id, this.#store.pageSize);
  }

  /** The segment that runs changes what the space pages say. */
  touchSpacePages(): void {
    this.#monitor.touch(ACCESS_WRITE);
  }

  /** Makes room for the next space page, always pinned; the caller formats and chains it. */
  addSpacePage(id: PageId): void {
    assert(isSpacePage(id, this.#store.pageSize), "space pages have places of their own");
    this.#monitor.touch(ACCESS_WRITE);
    this.#store.fresh(id);
    this.#spaces.push(this.#store.frame(id));
    this.#ensure(id + 1);
    this.#taken[id] = 1;
    this.#highWater = Math.max(this.#highWater, id + 1);
  }

  /** Sets or clears a bit at once, for stores that no other task sees yet and no log records. */
  setUnlogged(id: PageId, inUse: boolean): void {
    if (!this.hasSpacePageFor(id)) {
      const before = this.#spaces.at(-1);
      const next = this.spacePageIdFor(id);
      this.addSpacePage(next);
      formatSpacePage(asEditor(this.#store.frame(next)), next);
      if (before !== undefined) setRight(asEditor(before), next);
    }
    setInUse(asEditor(this.#store.frame(this.spacePageIdFor(id))), id, inUse);
  }

  #popFree(mayTake: ((id: PageId) => boolean) | null): PageId | undefined {
    if (mayTake === null) return this.#stack.pop();
    for (let at = this.#stack.length - 1; at >= 0; at--) {
      const id = this.#stack[at];
      if (id === undefined || !mayTake(id)) continue;
      this.#stack.splice(at, 1);
      return id;
    }
    return undefined;
  }

  #drop(id: PageId): void {
    this.#monitor.touch(ACCESS_WRITE);
    assert(id >= FIRST_TREE_PAGE, "the meta page and the space page are never free");
    if (this.#taken[id] !== 1) broken("a page is freed once", `page ${id}, which is free already`);
    assert(!isSpacePage(id, this.#store.pageSize), "a space page is never free");
    this.#taken[id] = 0;
    this.#store.discard(id);
  }

  #nextUnused(): PageId {
    const next = this.#highWater;
    const id = pageId(isSpacePage(next, this.#store.pageSize) ? next + 1 : next);
    this.#highWater = id + 1;
    return id;
  }

  #spaceFor(id: PageId): PageView | null {
    return this.#spaces[Math.floor(id / pagesOfSpacePage(this.#store.pageSize))] ?? null;
  }

  #ensure(pages: number): void {
    if (pages <= this.#taken.length) return;
    const larger = new Uint8Array(Math.max(pages, 2 * this.#taken.length));
    larger.set(this.#taken);
    this.#taken = larger;
  }
}
