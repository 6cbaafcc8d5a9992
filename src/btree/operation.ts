import {
  EXCLUSIVE,
  type GuardState,
  type LatchDriver,
  latchId,
  type LatchOrder,
  LatchOwner,
  type Mode,
  SHARED,
  UPDATE,
} from "../latch/index.ts";
import { assert, InvariantViolation, Session, type TaskId } from "../task/index.ts";
import {
  levelOf,
  lsn,
  type Lsn,
  lsnOf,
  type PageId,
  PageFix,
  type PageView,
  type Reclamation,
  type RetiredPages,
  type Ticket,
} from "../storage/index.ts";
import { ChangeGroup, type GroupOwner } from "./change-group.ts";
import { LatchedPath } from "./latched-path.ts";
import { readValueInto, valueLengthAt } from "./node-read.ts";
import { PageGuard, type PageUser, type WriteGuard } from "./page-guard.ts";
import type { TreeStore } from "./tree-store.ts";

// A guard is reused only after this many others, so that one kept too long is still shut.
const GUARDS = 64;
/** States of a guard that somebody has still to yield. */
const ASKED: ReadonlySet<GuardState> = new Set(["fetching", "wanted", "queued", "granted"]);
const NO_LSN = lsn(0);

/**
 * One task's working state in one tree: its latches and its change group. What a task has across
 * trees, and the value it read, is its {@link Session}.
 *
 * Made once per task and reused by one operation after another, so that an operation allocates
 * nothing but its generators. Latching never blocks here: each call returns a guard, and the caller
 * yields it if it is `pending`.
 */
export class Operation implements PageUser, GroupOwner {
  readonly store: TreeStore;
  /** Whose operation it is; the value of a get is kept there. */
  readonly session: Session;
  readonly owner: LatchOwner;
  /** The pages of the current descent, for protocols that latch their way down. */
  readonly path: LatchedPath = new LatchedPath();
  /** The position of the last group committed since {@link begin}, or 0. */
  lastLsn: Lsn = NO_LSN;
  /** The highest position of a leaf looked at since {@link begin}, or 0 where nothing is logged. */
  seenLsn: Lsn = NO_LSN;
  readonly #change: ChangeGroup;
  /** Made as they are first used: a crash hunt makes new operations for every run. */
  readonly #guards: PageGuard[] = [];
  readonly #fix: PageFix;
  /** Pages pinned without a latch of their own. */
  readonly #fixed: PageId[] = [];
  /** Those of them that are free once they are not pinned. */
  readonly #freed: PageId[] = [];
  /** Where it takes part in reclamation, or null if its protocol frees at once. */
  readonly #retired: RetiredPages | null;
  #ticket: Ticket | null = null;
  #nextGuard = 0;
  /** How many guards had been made when the last operation ended. */
  #awaited = 0;

  /**
   * @param reclamation As its protocol says; all operations under way on a store agree.
   * @param session Default: one that knows this operation alone.
   */
  constructor(
    store: TreeStore,
    task: TaskId,
    driver: LatchDriver,
    order: LatchOrder | null,
    reclamation: Reclamation = "at-once",
    session: Session = new Session(task),
  ) {
    this.store = store;
    this.session = session;
    this.#retired = reclamation === "at-once" ? null : store.retired;
    this.owner = new LatchOwner(task, driver, order);
    this.#change = new ChangeGroup(this);
    this.#fix = new PageFix(store.memory, (id) => this.fixed(id));
  }

  /** Whether what it writes is durable only together with more to come: nobody waits for it yet. */
  isInBatch = false;

  /** Forgets the positions of the operation before: a new one begins. */
  begin(): void {
    this.lastLsn = NO_LSN;
    this.seenLsn = NO_LSN;
    this.isInBatch = false;
  }

  /**
   * Begins, as far as reclamation goes: no page that it could come to is used anew until it ends.
   * The first latch that is granted does this, before any pointer can be read. O(1).
   */
  enter(): void {
    if (this.#retired !== null) this.#ticket ??= this.#retired.enter();
  }

  /** Ends, as far as reclamation goes. For whoever runs the operation; O(1), amortised. */
  leave(): void {
    const ticket = this.#ticket;
    if (ticket === null) return;
    this.#ticket = null;
    this.#retired?.leave(ticket);
  }

  /** Whether a page that it frees must stay as it is for whoever may still come to it. */
  get keepsFreed(): boolean {
    return this.#retired !== null;
  }

  /** Hands on a page that was freed and is not latched any more. For guards and itself only. */
  reclaim(page: PageId): void {
    if (this.#retired === null) this.store.space.release(page);
    else this.#retired.retire(page);
  }

  /** Asks for a page to read. `site` says what it is to the protocol, as `child`. */
  shared(page: PageId, site: string): PageGuard {
    return this.#acquire(page, SHARED, site);
  }

  /** Asks for a page to read beside others, and perhaps to change after an {@link upgrade}. */
  update(page: PageId, site: string): PageGuard {
    return this.#acquire(page, UPDATE, site);
  }

  /** Asks for a page to change. */
  exclusive(page: PageId, site: string): WriteGuard {
    return asWriteGuard(this.#acquire(page, EXCLUSIVE, site));
  }

  /** Asks for a page to read without waiting: afterwards the guard is held or refused. */
  tryShared(page: PageId, site: string): PageGuard {
    const guard = this.#nextFree(page);
    this.owner.tryAcquire(guard, this.store.latches.latch(latchId(page)), SHARED, site);
    return guard;
  }

  /** Asks to change a page that is held in S or U. From S, two that do so may wait for ever. */
  upgrade(guard: PageGuard, site: string): WriteGuard {
    this.owner.upgrade(guard, site);
    return asWriteGuard(guard);
  }

  /** Latches a page just allocated. For {@link ChangeGroup} only. */
  fresh(page: PageId): WriteGuard {
    const guard = this.#nextFree(page);
    const latch = this.store.latches.latch(latchId(page));
    this.owner.acquireFresh(guard, latch, EXCLUSIVE, "fresh page");
    return asWriteGuard(guard);
  }

  /**
   * Pins a page that another latch covers, until {@link unfixAll}. As with a guard, the caller
   * yields the step if it is `pending`; then `page` is the page. The next call reuses the object.
   */
  fix(page: PageId, site: string): PageFix {
    const fix = this.#fix;
    fix.begin(page, site);
    return fix;
  }

  /** As {@link fix}, of a page that is in memory; null if it is not, and then nothing is begun. */
  fixAtHand(page: PageId): PageView | null {
    const { memory } = this.store;
    if (!memory.pin(page)) return null;
    this.#fixed.push(page);
    return memory.frame(page);
  }

  /** Notes a page that is pinned already. For {@link ChangeGroup} only. */
  fixed(page: PageId): void {
    this.#fixed.push(page);
  }

  /** Takes away one pin of a page that was fixed. O(pages fixed). */
  unfix(page: PageId): void {
    const at = this.#fixed.lastIndexOf(page);
    assert(at >= 0, "only a page that was fixed is unfixed");
    const last = this.#fixed.pop();
    if (last !== undefined && last !== page) this.#fixed[at] = last;
    this.store.memory.unpin(page);
  }

  /** Unpins all pages that were fixed, and lets those be used anew that were freed. */
  unfixAll(): void {
    for (let id = this.#fixed.pop(); id !== undefined; id = this.#fixed.pop()) {
      this.store.memory.unpin(id);
    }
    for (const id of this.#freed) this.reclaim(id);
    if (this.#freed.length > 0) this.#freed.length = 0;
  }

  /** Notes a page freed under another's latch. For {@link ChangeGroup} only. */
  freeOnceUnfixed(page: PageId): void {
    this.#freed.push(page);
  }

  /** Notes the position of a group. For {@link ChangeGroup} only. */
  committed(position: Lsn): void {
    this.lastLsn = position;
  }

  /** Notes that the operation has looked at a page: what it tells depends on that page's log. */
  saw(page: PageView): void {
    if (!this.store.log.keepsChanges || levelOf(page) !== 0) return;
    const position = lsnOf(page);
    if (position > this.seenLsn) this.seenLsn = position;
  }

  /**
   * Cleans up after a fault that ended an operation halfway: its open change group is undone, the
   * pages it took are given back, and everything is unpinned and unlatched.
   */
  abort(): void {
    this.#change.abort();
    this.unfixAll();
    this.releaseAll();
    this.path.clear();
    this.leave();
  }

  /**
   * Lets go of everything and undoes nothing, for a task that met what should not be. The pages may
   * be half changed, so nobody may write them, nor use the tree for more than coming to an end.
   */
  forsake(): void {
    this.#change.reset();
    this.#freed.length = 0;
    this.unfixAll();
    for (const guard of this.owner.held) {
      if (guard instanceof PageGuard) guard.forsake();
    }
    this.releaseAll();
    this.path.clear();
  }

  /** Opens the change group through which pages are edited. */
  change(): ChangeGroup {
    return this.#change.open();
  }

  /** As {@link change}, where the group is committed before the operation could wait. */
  changeAtOnce(): ChangeGroup {
    return this.#change.open(true);
  }

  /** Lets go of every latch, newest first. */
  releaseAll(): void {
    this.owner.releaseAll();
  }

  /** Keeps a copy of value `index` of a leaf, for the caller of a get. */
  keepValue(leaf: PageView, index: number): void {
    readValueInto(leaf, index, this.session.roomForValue(valueLengthAt(leaf, index)), 0);
  }

  /** The bytes of the value kept last; they change with the next operation. No allocation. */
  get valueBytes(): Uint8Array {
    return this.session.valueBytes;
  }

  /** How many of {@link valueBytes} are the value. */
  get valueLength(): number {
    return this.session.valueLength;
  }

  /** A copy of the value kept last. */
  copyValue(): Uint8Array {
    return this.session.copyValue();
  }

  /**
   * Checks that an operation left nothing behind.
   *
   * @throws InvariantViolation latch-held if a latch is held, latch-misuse if one was asked for and
   *   not awaited, and otherwise if a change group is open or a page pinned.
   */
  assertIdle(): void {
    const held = this.owner.held[0];
    if (held !== undefined) {
      throw new InvariantViolation(
        `an operation ended with the latch of page ${held.latch.id} (${held.site}) still held; ` +
          "release it on every way out",
        "latch-held",
      );
    }
    this.#assertAwaited();
    assert(!this.#change.isOpen, "an operation that ends has called commit() on its change group");
    assert(this.#fixed.length === 0, "an operation that ends has called unfixAll()");
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.#change.reset();
    this.path.clear();
    if (this.owner.held.length > 0) this.owner.held.length = 0;
    if (this.#fixed.length > 0) this.#fixed.length = 0;
    if (this.#freed.length > 0) this.#freed.length = 0;
    for (let used = 0; used < Math.min(this.#nextGuard, GUARDS); used++) {
      const guard = this.#guards[used];
      if (guard === undefined) continue;
      guard.isChanged = false;
      guard.reset();
    }
    this.begin();
    this.#ticket = null;
    this.#nextGuard = 0;
    this.#awaited = 0;
    this.session.reset();
  }

  /** That no guard made since the last operation ended waits for a driver that never saw it. */
  #assertAwaited(): void {
    const first = Math.max(this.#awaited, this.#nextGuard - GUARDS);
    for (let used = first; used < this.#nextGuard; used++) {
      const guard = this.#guards[used % GUARDS];
      if (guard === undefined || !guard.pending || !ASKED.has(guard.state)) continue;
      throw new InvariantViolation(
        `an operation asked for page ${guard.pageId} (${guard.site}) and ended ${guard.whyShut}`,
        "latch-misuse",
      );
    }
    this.#awaited = this.#nextGuard;
  }

  #acquire(page: PageId, mode: Mode, site: string): PageGuard {
    const guard = this.#nextFree(page);
    this.owner.acquire(guard, this.store.latches.latch(latchId(page)), mode, site);
    return guard;
  }

  #nextFree(page: PageId): PageGuard {
    for (let tries = 0; tries < GUARDS; tries++) {
      const guard = this.#guardAt(this.#nextGuard++ % GUARDS);
      if (guard.isHeld) continue;
      guard.pageId = page;
      return guard;
    }
    throw new InvariantViolation(`an operation holds ${GUARDS} latches at once`, "latch-held");
  }

  #guardAt(index: number): PageGuard {
    const known = this.#guards[index];
    if (known !== undefined) return known;
    const guard = new PageGuard(this);
    this.#guards.push(guard);
    return guard;
  }
}

function asWriteGuard(guard: PageGuard): WriteGuard {
  return guard as WriteGuard;
}
