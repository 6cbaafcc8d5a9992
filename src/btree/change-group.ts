import { EXCLUSIVE } from "../latch/index.ts";
import { assert, InvariantViolation } from "../task/index.ts";
import {
  asEditor,
  lsn,
  type Lsn,
  META_PAGE,
  type PageEditor,
  type PageId,
  setLsn,
  setVersion,
  versionOf,
} from "../storage/index.ts";
import type { Operation } from "./operation.ts";
import type { PageGuard, WriteGuard } from "./page-guard.ts";

/** Where change groups are recorded, and where their log sequence numbers come from. */
export interface ChangeLog {
  /**
   * Records that these pages changed together, all or none, while all of them are latched.
   *
   * @returns the position of the record, greater than any before.
   */
  append(pages: readonly PageId[]): Lsn;
}

/** A log that keeps nothing but the count: for trees that live in memory only. */
export class CountingLog implements ChangeLog {
  #last = 0;

  append(): Lsn {
    return lsn(++this.#last);
  }

  /** Starts over, for a driver that does. */
  reset(): void {
    this.#last = 0;
  }
}

/**
 * The pages that one operation changes together: the one door to a page's bytes for writing.
 *
 * Invariants: (1) every page is exclusively latched from its first edit until the group is
 * committed; (2) the log position is drawn while all of them are, and stamped on each; (3) a group
 * is committed or the operation failed, and then nothing else is promised.
 */
export class ChangeGroup {
  readonly #op: Operation;
  readonly #changed: WriteGuard[] = [];
  readonly #pages: PageId[] = [];
  readonly #covered: PageEditor[] = [];
  readonly #freed: PageId[] = [];
  #isOpen = false;

  constructor(op: Operation) {
    this.#op = op;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Opens the group. Requires: the operation's last group was committed. */
  open(): this {
    assert(!this.#isOpen, "one change group at a time");
    this.#isOpen = true;
    return this;
  }

  /**
   * Gives the right to change a page, and makes it part of the group.
   *
   * @throws InvariantViolation latch-misuse if the page is not exclusively latched.
   */
  edit(guard: WriteGuard): PageEditor {
    if (!guard.isWritable) {
      throw new InvariantViolation(
        `page ${guard.pageId} (${guard.site}) was changed without its exclusive latch`,
        "latch-misuse",
      );
    }
    if (!guard.isChanged) this.#add(guard);
    return asEditor(guard);
  }

  /** Takes a page from the free list, latched: nobody else can know of it. */
  allocate(): WriteGuard {
    assert(this.#isOpen, "pages are allocated in a change group");
    const guard = this.#op.fresh(this.#op.store.freePages.allocate());
    this.#add(guard);
    return guard;
  }

  /** Gives a page back once the operation lets go of it. Requires: nothing points to it. */
  free(guard: WriteGuard): void {
    assert(guard.pageId !== META_PAGE, "the meta page is never freed");
    this.edit(guard);
    guard.isFreedOnRelease = true;
  }

  /** As {@link edit}, of a page that the one latch of the whole tree covers. */
  editUnder(tree: PageGuard, id: PageId): PageEditor {
    assert(tree.isWritable, "the tree's latch is held exclusively");
    const page = asEditor(this.#op.store.memory.frame(id));
    if (!this.#pages.includes(id)) {
      assert(this.#isOpen, "pages are changed in an open change group");
      this.#pages.push(id);
      this.#covered.push(page);
    }
    return page;
  }

  /** As {@link free}, under the latch of the whole tree; the page is free once it is committed. */
  freeUnder(tree: PageGuard, id: PageId): void {
    this.editUnder(tree, id);
    this.#freed.push(id);
  }

  /** Records the group, stamps its position on every page, and closes it. An empty one closes. */
  commit(): void {
    assert(this.#isOpen, "only an open group is committed");
    if (this.#pages.length > 0) this.#stamp(this.#op.store.log.append(this.#pages));
    for (const id of this.#freed) this.#op.store.freePages.free(id);
    this.#close();
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.#close();
  }

  #stamp(position: Lsn): void {
    for (const guard of this.#changed) {
      assert(guard.isHeld && guard.mode === EXCLUSIVE, "changed pages stay latched until commit");
      stampPage(asEditor(guard), position);
      guard.isChanged = false;
    }
    for (const page of this.#covered) stampPage(page, position);
  }

  #add(guard: WriteGuard): void {
    assert(this.#isOpen, "pages are changed in an open change group");
    guard.isChanged = true;
    this.#changed.push(guard);
    this.#pages.push(guard.pageId);
  }

  #close(): void {
    // Emptied by popping, which keeps the arrays' memory: an operation closes a group or two.
    while (this.#changed.length > 0) this.#changed.pop();
    while (this.#pages.length > 0) this.#pages.pop();
    while (this.#covered.length > 0) this.#covered.pop();
    while (this.#freed.length > 0) this.#freed.pop();
    this.#isOpen = false;
  }
}

function stampPage(page: PageEditor, position: Lsn): void {
  setLsn(page, position);
  setVersion(page, (versionOf(page) + 1) >>> 0);
}
