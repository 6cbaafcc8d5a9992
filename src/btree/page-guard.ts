import { EXCLUSIVE, type GuardOwner, LatchGuard } from "../latch/index.ts";
import { broken, InvariantViolation } from "../task/index.ts";
import {
  META_PAGE,
  type PageFetch,
  type PageId,
  type PageRedo,
  type PageView,
} from "../storage/index.ts";
import type { TreeStore } from "./tree-store.ts";

declare const exclusiveBrand: unique symbol;
/** A guard that was asked for in exclusive mode: the only kind that a change group will edit. */
export type WriteGuard = PageGuard & { readonly [exclusiveBrand]: true };

/** The operation that latches pages, as their guards see it. */
export interface PageUser {
  readonly owner: GuardOwner;
  readonly store: TreeStore;
  /** Is told of each page that it has looked at, before its bytes are shut. */
  saw(page: PageView): void;
  /** Begins, as far as reclamation goes: a pointer may be read from now on. */
  enter(): void;
  /** Hands on a page that was freed and is not latched any more. */
  reclaim(page: PageId): void;
}

/**
 * A latched page: the guard of its latch and, while that is held, the only way to its bytes. It
 * brings the page into memory where need be, and pins it from then until the latch is let go.
 *
 * Before the grant and after the release `view` refuses every access with an InvariantViolation of
 * rule `latch-misuse`, so code that keeps a guard too long fails at its first read. A guard that is
 * granted the latch of a page which was given to the space map meanwhile fails with rule
 * `freed-page`: when a freed page is given back is the protocol's reclamation policy, and by that
 * policy nobody can be on the way to it any more.
 */
export class PageGuard extends LatchGuard implements PageView {
  view: DataView;
  bytes: Uint8Array = NO_BYTES;
  pageId: PageId = META_PAGE;
  /** Whether an open change group has edited the page; then it must be committed first. */
  isChanged = false;
  /** Whether the page may be used anew once the latch is let go. */
  isFreedOnRelease = false;
  /** Whether it was allocated by a change group that is not committed yet, or never will be. */
  isUncommitted = false;
  /** Where changes are noted, while a change group that is logged edits the page. */
  redo: PageRedo | null = null;
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

  override handedOver(): void {
    super.handedOver();
    // Looked at now, because the page may be reused before this task gets to run; reported then,
    // because it is not the fault of the task that lets go.
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
    super.reset();
    this.forsake();
    this.#wasFreed = false;
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
      broken("a changed page is committed before its latch is let go", found);
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
const PlainDataView: new (buffer: ArrayBuffer) => DataView<ArrayBuffer> = DataView;

/** Stands in for the bytes of a page whose latch is not held. */
class ShutView extends PlainDataView {
  readonly #guard: PageGuard;

  constructor(guard: PageGuard) {
    super(NO_BYTES.buffer);
    this.#guard = guard;
  }

  override getUint8(): number {
    return this.#refuse();
  }

  override getUint16(): number {
    return this.#refuse();
  }

  override getUint32(): number {
    return this.#refuse();
  }

  override setUint8(): void {
    this.#refuse();
  }

  override setUint16(): void {
    this.#refuse();
  }

  override setUint32(): void {
    this.#refuse();
  }

  #refuse(): never {
    const { pageId, site, whyShut } = this.#guard;
    throw new InvariantViolation(`page ${pageId} (${site}) was used ${whyShut}`, "latch-misuse");
  }
}
