import { EXCLUSIVE, type Mode, SHARED } from "../latch/index.ts";
import {
  META_PAGE,
  PageFix,
  type PageId,
  type PageRedo,
  type PageStore,
  type PageView,
} from "../storage/index.ts";
import { assert, broken, InvariantViolation, type TaskId } from "../task/index.ts";
import type { PageUser } from "./page-guard.ts";
import type { ChangeNotes, PageHandle } from "./page-handle.ts";
import { ShutView } from "./shut-view.ts";

const NO_BYTES = new Uint8Array(0);

/**
 * A page under a latch that stands for all pages: pinned from when it is asked for until it is
 * released. It is a step only if the page has to be read in, since nobody can be in the way.
 */
export class CoveredPage extends PageFix implements PageHandle, PageView, ChangeNotes {
  view: DataView;
  bytes: Uint8Array = NO_BYTES;
  isHeld = false;
  isFresh = false;
  isChanged = false;
  isFreedOnRelease = false;
  isUncommitted = false;
  redo: PageRedo | null = null;
  readonly #op: PageUser;
  readonly #memory: PageStore;
  readonly #keepsChanges: boolean;
  readonly #shut: ShutView;
  #cover: PageHandle | null = null;
  #isExclusive = false;
  #isAsked = false;

  constructor(op: PageUser) {
    super(op.store.memory);
    this.#op = op;
    this.#memory = op.store.memory;
    this.#keepsChanges = op.store.log.keepsChanges;
    this.#shut = new ShutView(this);
    this.view = this.#shut;
  }

  get isWritable(): boolean {
    return this.isHeld && this.#isExclusive && this.#cover?.isWritable === true;
  }

  get mode(): Mode {
    return this.#isExclusive ? EXCLUSIVE : SHARED;
  }

  /** Whether somebody has still to yield it. */
  get isUnanswered(): boolean {
    return this.#isAsked && this.pending;
  }

  get whyShut(): string {
    if (this.isHeld) return "";
    if (this.isUnanswered) return "before it was in memory; yield the page if it is pending";
    return "after it was released; release it after its last use";
  }

  /** Asks for a page. For {@link Operation} only. */
  ask(id: PageId, site: string, cover: PageHandle, isExclusive: boolean): void {
    this.#cover = cover;
    this.#isExclusive = isExclusive;
    this.isFresh = false;
    this.#isAsked = true;
    this.begin(id, site);
  }

  /** Takes a page just allocated, which is pinned. For {@link Operation} only. */
  takeFresh(id: PageId, cover: PageHandle): void {
    this.#cover = cover;
    this.#isExclusive = true;
    this.isFresh = true;
    this.pageId = id;
    this.site = "fresh page";
    this.opened();
  }

  /** Lets the page be changed as well. For {@link Operation} only. */
  upgrade(): void {
    this.#isExclusive = true;
  }

  override take(task: TaskId): boolean {
    // Should the read fail, nothing is asked for any more.
    this.#isAsked = false;
    const isTaken = super.take(task);
    this.#isAsked = !isTaken;
    return isTaken;
  }

  release(): void {
    if (!this.isHeld) this.#refuseRelease();
    if (this.isChanged) {
      const found = `page ${this.pageId} changed, and its group not committed`;
      broken("a changed page is committed before it is released", found);
    }
    if (this.#keepsChanges) this.#op.saw(this);
    this.#close();
    this.#op.coveredHeld--;
    this.#memory.unpin(this.pageId);
    if (this.isFreedOnRelease || this.isUncommitted) this.#giveUp();
  }

  [Symbol.dispose](): void {
    if (this.isHeld) this.release();
  }

  /** Makes it a handle that has changed nothing, whatever it has; see {@link Operation.forsake}. */
  forsake(): void {
    this.isChanged = false;
    this.isFreedOnRelease = false;
    this.isUncommitted = false;
    this.redo = null;
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.#close();
    this.forsake();
    this.#isAsked = false;
    this.pending = false;
    this.pageId = META_PAGE;
  }

  protected override opened(): void {
    this.#isAsked = false;
    this.isHeld = true;
    const frame = this.#memory.frame(this.pageId);
    this.view = frame.view;
    this.bytes = frame.bytes;
    this.#op.coveredHeld++;
  }

  /** The page is nobody's from now on. */
  #giveUp(): void {
    if (this.isFreedOnRelease) this.#op.reclaim(this.pageId);
    else this.#op.store.space.giveBack(this.pageId);
    this.forsake();
  }

  #close(): void {
    this.isHeld = false;
    this.view = this.#shut;
    this.bytes = NO_BYTES;
  }

  #refuseRelease(): never {
    const what = `page ${this.pageId} (${this.site}) was released`;
    assert(!this.isHeld, "a held page is released");
    if (this.isUnanswered) throw new InvariantViolation(`${what} ${this.whyShut}`, "latch-misuse");
    const advice = "release each page once, and let one place do it";
    throw new InvariantViolation(`${what} twice; ${advice}`, "double-release");
  }
}
