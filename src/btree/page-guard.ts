import { EXCLUSIVE, type GuardOwner, type GuardState, LatchGuard } from "../latch/index.ts";
import { broken, InvariantViolation } from "../task/index.ts";
import {
  META_PAGE,
  type PageFetch,
  type PageId,
  type PageRedo,
  type PageView,
} from "../storage/index.ts";
import type { ChangeNotes, PageHandle } from "./page-handle.ts";
import { ShutView } from "./shut-view.ts";
import type { TreeStore } from "./tree-store.ts";

/** The operation that uses pages, as their handles see it. */
export interface PageUser {
  readonly owner: GuardOwner;
  readonly store: TreeStore;
  /** How many covered pages are held. */
  coveredHeld: number;
  /** How many pages are held by their version. */
  optimisticHeld: number;
  /** Is told of each page that it has looked at, before its bytes are shut. */
  saw(page: PageView): void;
  /** Begins, as far as reclamation goes: a pointer may be read from now on. */
  enter(): void;
  /** Hands on a page that was freed and is not latched any more. */
  reclaim(page: PageId): void;
}

/**
 * A page under its own latch: the guard of the latch and, while that is held, the only way to the
 * page's bytes. It brings the page into memory where need be, and pins it from then until the latch
 * is released.
 *
 * A guard that is granted the latch of a page which was given to the space map meanwhile fails with
 * rule `freed-page`: when a freed page is given back is the protocol's reclamation policy, and by
 * that policy nobody can be on the way to it any more.
 */
export class PageGuard extends LatchGuard implements PageHandle, PageView, ChangeNotes {
  view: DataView;
  bytes: Uint8Array = NO_BYTES;
  pageId: PageId = META_PAGE;
  isChanged = false;
  isFreedOnRelease = false;
  isUncommitted = false;
  redo: PageRedo | null = null;
  /** The version of the latch that a try-latch is for: with another it is refused. Null: any. */
  expectedVersion: number | null = null;
  /** Which life of its page a try-latch is for: in another, or between two, it is refused. */
  expectedIncarnation: number | null = null;
  readonly #op: PageUser;
  readonly #store: TreeStore;
  readonly #shut: ShutView;
  #wasFreed = false;

  constructor(op: PageUser) {
    super(op.owner);
    this.#op = op;
    this.#store = op.store;
    this.#shut = new ShutView(this);
    this.view = this.#shut;
  }

  /** Whether the page may be changed through this guard now. */
  get isWritable(): boolean {
    return this.isHeld && this.mode === EXCLUSIVE;
  }

  /** Whether somebody has still to yield it. */
  get isUnanswered(): boolean {
    return this.pending && ASKED.has(this.state);
  }

  override handedOver(): void {
    super.handedOver();
    // Looked at now, because the page may be reused before this task gets to run; reported then,
    // because it is not the fault of the task that releases.
    this.#wasFreed = this.#isFreed();
  }

  /** Makes it a guard that has changed nothing, whatever it has; see Operation.forsake. */
  forsake(): void {
    this.isChanged = false;
    this.isFreedOnRelease = false;
    this.isUncommitted = false;
    this.redo = null;
  }

  override reset(): void {
    // First: a run that failed may have left changes that no group will commit.
    this.forsake();
    super.reset();
    this.#wasFreed = false;
  }

  protected override isMoot(): boolean {
    if (this.expectedIncarnation !== null && this.#hasDied(this.expectedIncarnation)) return true;
    return this.expectedVersion !== null && this.latch.version !== this.expectedVersion;
  }

  protected override attach(): boolean {
    return this.#store.memory.pin(this.pageId);
  }

  protected override detach(): void {
    this.#store.memory.unpin(this.pageId);
  }

  protected override fetch(): PageFetch {
    return this.#store.memory.fetch(this.pageId);
  }

  protected override opened(): void {
    this.#op.enter();
    if (!this.isFresh && (this.#wasFreed || this.#isFreed())) this.#refuseFreed();
    const frame = this.#store.memory.frame(this.pageId);
    this.view = frame.view;
    this.bytes = frame.bytes;
  }

  protected override closed(): void {
    if (this.isChanged) {
      const found = `page ${this.pageId} changed, and its group not committed`;
      broken("a changed page is committed before its latch is released", found);
    }
    if (this.#store.log.keepsChanges && this.state === "released") this.#op.saw(this);
    this.view = this.#shut;
    this.bytes = NO_BYTES;
  }

  protected override afterRelease(): void {
    if (this.isFreedOnRelease) {
      this.isFreedOnRelease = false;
      this.#op.reclaim(this.pageId);
    } else if (this.isUncommitted) {
      this.isUncommitted = false;
      this.#store.space.giveBack(this.pageId);
    }
  }

  #hasDied(incarnation: number): boolean {
    return this.latch.incarnation !== incarnation || this.#store.space.isFree(this.pageId);
  }

  #isFreed(): boolean {
    const isRecycled = this.incarnation !== this.latch.incarnation;
    return isRecycled || this.#store.space.isFree(this.pageId);
  }

  #refuseFreed(): never {
    this.#wasFreed = false;
    // Code without types may ask for anything, such as a child that it forgot to look up.
    if (!(this.pageId < this.#store.space.highWater)) {
      const asked = `page ${this.pageId} was asked for (${this.site}), expected one that exists`;
      throw new InvariantViolation(asked);
    }
    throw new InvariantViolation(
      `page ${this.pageId} was freed while a task was on its way to it (${this.site})`,
      "freed-page",
    );
  }
}

const NO_BYTES = new Uint8Array(0);
/** States of a guard that somebody has still to yield. */
const ASKED: ReadonlySet<GuardState> = new Set(["fetching", "wanted", "queued", "granted"]);
