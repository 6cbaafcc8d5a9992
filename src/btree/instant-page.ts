import { EXCLUSIVE, latchId, type Mode } from "../latch/index.ts";
import { META_PAGE, type PageId, type PageRedo, type PageView } from "../storage/index.ts";
import { broken, InvariantViolation, Step } from "../task/index.ts";
import type { PageUser } from "./page-guard.ts";
import type { ChangeNotes, PageHandle } from "./page-handle.ts";
import { ShutView } from "./shut-view.ts";

const NO_BYTES = new Uint8Array(0);

/**
 * A page that is changed within one segment, and whose latch is free: to be granted that latch and
 * to release it before anybody else can come would leave nothing behind but its version, so that is
 * all that is done. It is never waited for, needs no pin, and is released before the next step.
 */
export class InstantPage extends Step implements PageHandle, PageView, ChangeNotes {
  view: DataView;
  bytes: Uint8Array = NO_BYTES;
  pageId: PageId = META_PAGE;
  readonly site = "page changed at once";
  readonly pending = false;
  isHeld = false;
  readonly isFresh = false;
  isChanged = false;
  isFreedOnRelease = false;
  isUncommitted = false;
  redo: PageRedo | null = null;
  readonly #op: PageUser;
  readonly #shut: ShutView;

  constructor(op: PageUser) {
    super();
    this.#op = op;
    this.#shut = new ShutView(this);
    this.view = this.#shut;
  }

  get isWritable(): boolean {
    return this.isHeld;
  }

  get mode(): Mode {
    return EXCLUSIVE;
  }

  get whyShut(): string {
    return this.isHeld ? "" : "after it was released; release it after its last use";
  }

  /** Opens a page. Requires: it is in memory, and its latch is free. */
  hold(id: PageId): void {
    const { latches, memory } = this.#op.store;
    const frame = memory.frame(id);
    this.pageId = id;
    this.objectId = latches.objectOf(latchId(id));
    this.view = frame.view;
    this.bytes = frame.bytes;
    this.isHeld = true;
  }

  release(): void {
    if (!this.isHeld) {
      const what = `page ${this.pageId} (${this.site}) was released twice`;
      throw new InvariantViolation(what, "double-release");
    }
    if (this.isChanged) {
      const found = `page ${this.pageId} changed, and its group not committed`;
      broken("a changed page is committed before it is released", found);
    }
    this.#op.saw(this);
    this.#op.store.latches.changed(latchId(this.pageId));
    this.reset();
  }

  [Symbol.dispose](): void {
    if (this.isHeld) this.release();
  }

  /** Forgets everything, for a driver that starts over or a task that met what should not be. */
  reset(): void {
    this.isHeld = false;
    this.isChanged = false;
    this.redo = null;
    this.view = this.#shut;
    this.bytes = NO_BYTES;
  }

  /** Nobody yields it; were it yielded, it could be taken at once. */
  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }
}
