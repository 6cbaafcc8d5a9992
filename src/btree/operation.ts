import {
  EXCLUSIVE,
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
  lsnIn,
  lsn,
  type Lsn,
  lsnOf,
  type PageId,
  PageSpot,
  type PageView,
  type Reclamation,
  type RetiredPages,
  type Ticket,
} from "../storage/index.ts";
import { ChangeGroup, type GroupOwner } from "./change-group.ts";
import { CoveredPage } from "./covered-page.ts";
import { HandleRing } from "./handle-ring.ts";
import { InstantPage } from "./instant-page.ts";
import { LatchedPath } from "./latched-path.ts";
import { readValueInto, valueLengthAt } from "./node-read.ts";
import { PageGuard, type PageUser } from "./page-guard.ts";
import { OptimisticPage } from "./optimistic-page.ts";
import type { PageHandle, WriteHandle } from "./page-handle.ts";
import { PathCache } from "./path-cache.ts";
import { RememberedLeaf } from "./remembered-leaf.ts";
import { copyValueOfSpot, valueLengthOfSpot } from "./spot-search.ts";
import type { TreeStore } from "./tree-store.ts";
import { TurnStep } from "./turn-step.ts";

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
  /** The page that is looked at without a handle. */
  readonly spot: PageSpot = new PageSpot();
  /** To be yielded, if it is pending, before {@link AtOnce} operations. */
  readonly turn: TurnStep;
  /** What is remembered of the last way down, for {@link Shortcuts.pathCache}. */
  readonly pathCache: PathCache = new PathCache();
  /** The leaf that it came to last, for protocols that try it first. */
  readonly rememberedLeaf: RememberedLeaf = new RememberedLeaf();
  /** The pages of the current descent, for protocols that latch their way down. */
  readonly path: LatchedPath = new LatchedPath();
  /** The position of the last group committed since {@link begin}, or 0. */
  lastLsn: Lsn = NO_LSN;
  /** The highest position of a leaf looked at since {@link begin}, or 0 where nothing is logged. */
  seenLsn: Lsn = NO_LSN;
  readonly #change: ChangeGroup;
  readonly #guards: HandleRing<PageGuard> = new HandleRing(() => new PageGuard(this));
  readonly #covered: HandleRing<CoveredPage> = new HandleRing(() => new CoveredPage(this));
  readonly #optimistic: HandleRing<OptimisticPage> = new HandleRing(() => {
    return new OptimisticPage(this, this.owner.driver.eager);
  });
  readonly #instant: InstantPage = new InstantPage(this);
  /** The latch that every page asked for is under; null if each has its own. */
  #cover: PageHandle | null = null;
  /** Where it takes part in reclamation, or null if its protocol frees at once. */
  readonly #retired: RetiredPages | null;
  #ticket: Ticket | null = null;

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
    this.turn = new TurnStep(!driver.eager);
  }

  /** How many covered pages are held. For {@link CoveredPage} only. */
  coveredHeld = 0;
  /** How many pages are held by their version. For {@link OptimisticPage} only. */
  optimisticHeld = 0;

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
  shared(page: PageId, site: string): PageHandle {
    if (this.#cover !== null) return this.#ask(this.#cover, page, site, false);
    return this.#acquire(page, SHARED, site);
  }

  /** Asks for a page to read beside others, and perhaps to change after an {@link upgrade}. */
  update(page: PageId, site: string): PageHandle {
    if (this.#cover !== null) return this.#ask(this.#cover, page, site, false);
    return this.#acquire(page, UPDATE, site);
  }

  /** Asks for a page to change. */
  exclusive(page: PageId, site: string): WriteHandle {
    if (this.#cover !== null) return asWriteHandle(this.#ask(this.#cover, page, site, true));
    return asWriteHandle(this.#acquire(page, EXCLUSIVE, site));
  }

  /**
   * Asks for a page to read without waiting for its latch: afterwards the handle is held or
   * refused. A page under a cover has no latch to wait for, and is not refused.
   */
  tryShared(page: PageId, site: string): PageHandle {
    if (this.#cover !== null) return this.#ask(this.#cover, page, site, false);
    const guard = this.#guardFor(page);
    this.owner.tryAcquire(guard, this.store.latches.latch(latchId(page)), SHARED, site);
    return guard;
  }

  /**
   * Asks without waiting for a page that was held before: afterwards the handle is held or refused.
   * It is refused, too, if the page was freed since, and even if it is in use again; to be granted
   * the latch of a freed page by {@link tryShared} would be a failure.
   *
   * @param incarnation Of the handle by which it was held; for {@link PageHandle}s with a latch.
   */
  tryAgain(page: PageId, incarnation: number, mode: Mode, site: string): PageHandle {
    assert(this.#cover === null, "a page that is covered is asked for anew");
    const guard = this.#guardFor(page);
    guard.expectedIncarnation = incarnation;
    this.owner.tryAcquire(guard, this.store.latches.latch(latchId(page)), mode, site);
    return guard;
  }

  /**
   * Asks for a page to read without a latch: to be yielded while it is `pending`, and afterwards
   * held or refused. What is read counts once it is validated; see {@link OptimisticPage}.
   */
  optimistic(page: PageId, site: string): OptimisticPage {
    assert(this.#cover === null, "a page that is covered needs no version");
    const handle = this.#optimistic.lend();
    handle.ask(page, site, this.store.latches.latch(latchId(page)));
    return handle;
  }

  /**
   * Asks to change a page that is held in S or U. From S, two that do so may wait for ever.
   *
   * One held by its version is latched without
   * waiting, and released as it was held: the new handle is refused if the version has moved or
   * somebody has the latch.
   */
  upgrade(page: PageHandle, site: string): WriteHandle {
    if (page instanceof OptimisticPage) return this.#upgradeVersion(page, site);
    if (page instanceof PageGuard) this.owner.upgrade(page, site);
    else if (page instanceof CoveredPage) page.upgrade();
    return asWriteHandle(page);
  }

  /** Holds a page just allocated. For {@link ChangeGroup} only. */
  fresh(page: PageId): WriteHandle {
    if (this.#cover !== null) {
      const covered = this.#covered.lend();
      covered.takeFresh(page, this.#cover);
      return asWriteHandle(covered);
    }
    const guard = this.#guardFor(page);
    const latch = this.store.latches.latch(latchId(page));
    this.owner.acquireFresh(guard, latch, EXCLUSIVE, "fresh page");
    return asWriteHandle(guard);
  }

  /**
   * From now on a held latch stands for those of all pages: whatever is asked for is a
   * {@link CoveredPage}, which takes no latch, and {@link releaseAll} releases those pages only.
   * To be ended by {@link uncover} before that latch is released.
   */
  cover(latch: PageHandle): void {
    assert(this.#cover === null && latch.isHeld, "one held latch covers the pages");
    this.#cover = latch;
  }

  /** Ends {@link cover}. Requires: every covered page was released. */
  uncover(): void {
    assert(this.coveredHeld === 0, "covered pages are released before what covers them");
    this.#cover = null;
  }

  /** The handle of a page that is held exclusively under its latch, or null. O(latches held). */
  heldToWrite(page: PageId): WriteHandle | null {
    for (const guard of this.owner.held) {
      if (guard instanceof PageGuard && guard.pageId === page && guard.isWritable) {
        return asWriteHandle(guard);
      }
    }
    return null;
  }

  /** The handle whose latch covers the pages. Requires: {@link cover} was called. */
  get covering(): PageHandle {
    assert(this.#cover !== null, "a latch covers the pages");
    return this.#cover;
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
    this.#instant.reset();
    this.#releaseEverything();
    this.path.clear();
    this.rememberedLeaf.forget();
    this.leave();
  }

  /**
   * Releases everything and undoes nothing, for a task that met what should not be. The pages may
   * be half changed, so nobody may write them, nor use the tree for more than coming to an end.
   */
  forsake(): void {
    this.#change.reset();
    this.#instant.reset();
    for (const page of this.#covered.held(this.coveredHeld)) page.forsake();
    for (const guard of this.owner.held) {
      if (guard instanceof PageGuard) guard.forsake();
    }
    this.#releaseEverything();
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

  /** Releases every page that is held, newest first; under a {@link cover} not the latch itself. */
  releaseAll(): void {
    if (this.#cover === null) this.owner.releaseAll();
    else this.#releaseCovered();
  }

  /** Releases every page that is held by its version, newest first. */
  releaseVersions(): void {
    if (this.optimisticHeld === 0) return;
    for (const page of this.#optimistic.held(this.optimisticHeld)) page.release();
  }

  /** Keeps a copy of value `index` of a leaf, for the caller of a get. */
  keepValue(leaf: PageView, index: number): void {
    readValueInto(leaf, index, this.session.roomForValue(valueLengthAt(leaf, index)), 0);
  }

  /** As {@link keepValue}, of a leaf at a spot. */
  keepSpot(leaf: PageSpot, index: number): void {
    this.session.roomForValue(valueLengthOfSpot(leaf, index));
    copyValueOfSpot(leaf, index, this.session.valueView);
  }

  /** As {@link saw}, of a leaf at a spot. */
  sawSpot({ view, at }: PageSpot): void {
    if (!this.store.log.keepsChanges) return;
    const position = lsnIn(view, at);
    if (position > this.seenLsn) this.seenLsn = position;
  }

  /** Holds a page that is changed within this segment. Requires: as InstantPage.hold. */
  instantPage(page: PageId): WriteHandle {
    this.#instant.hold(page);
    return asWriteHandle(this.#instant);
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
    assert(this.#cover === null, "an operation that ends has called uncover()");
    assert(this.optimisticHeld === 0, "an operation that ends has released every page");
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.#change.reset();
    this.#instant.reset();
    this.path.clear();
    if (this.owner.held.length > 0) this.owner.held.length = 0;
    this.coveredHeld = 0;
    this.optimisticHeld = 0;
    this.#cover = null;
    this.#guards.reset();
    this.#covered.reset();
    this.#optimistic.reset();
    this.begin();
    this.#ticket = null;
    this.pathCache.clear();
    this.rememberedLeaf.forget();
    this.session.reset();
  }

  /** That no handle lent since the last operation ended waits for a driver that never saw it. */
  #assertAwaited(): void {
    const asked =
      this.#guards.takeUnanswered() ??
      this.#covered.takeUnanswered() ??
      this.#optimistic.takeUnanswered();
    if (asked === null) return;
    throw new InvariantViolation(
      `an operation asked for page ${asked.pageId} (${asked.site}) and ended ${asked.whyShut}`,
      "latch-misuse",
    );
  }

  #releaseCovered(): void {
    if (this.coveredHeld === 0) return;
    for (const page of this.#covered.held(this.coveredHeld)) page.release();
  }

  #upgradeVersion(page: OptimisticPage, site: string): WriteHandle {
    const guard = this.#guardFor(page.pageId);
    guard.expectedVersion = page.version;
    const { latch } = page;
    page.release();
    this.owner.tryAcquire(guard, latch, EXCLUSIVE, site);
    return asWriteHandle(guard);
  }

  #releaseEverything(): void {
    this.#releaseCovered();
    this.releaseVersions();
    this.#cover = null;
    this.owner.releaseAll();
  }

  #acquire(page: PageId, mode: Mode, site: string): PageGuard {
    const guard = this.#guardFor(page);
    this.owner.acquire(guard, this.store.latches.latch(latchId(page)), mode, site);
    return guard;
  }

  #guardFor(page: PageId): PageGuard {
    const guard = this.#guards.lend();
    guard.pageId = page;
    guard.expectedVersion = null;
    guard.expectedIncarnation = null;
    return guard;
  }

  #ask(cover: PageHandle, page: PageId, site: string, isExclusive: boolean): CoveredPage {
    const covered = this.#covered.lend();
    covered.ask(page, site, cover, isExclusive);
    return covered;
  }
}

function asWriteHandle(page: PageHandle): WriteHandle {
  return page as WriteHandle;
}
