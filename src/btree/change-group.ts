import { type LatchDriver, latchId, type LatchOwner, UPDATE } from "../latch/index.ts";
import { ACCESS_WRITE, assert, broken, InvariantViolation, inWords } from "../task/index.ts";
import {
  asEditor,
  formatSpacePage,
  isSpacePage,
  type Lsn,
  META_PAGE,
  type PageEditor,
  type PageId,
  setFlag,
  setInUse,
  setLsn,
  setMayBeUnfinished,
  setStaleLeftLinks,
  setRight,
  setVersion,
  SPACE_PAGE,
  UNLINKED_FLAG,
  versionOf,
} from "../storage/index.ts";
import type { WriteHandle } from "./page-handle.ts";
import { TouchedPage } from "./touched-page.ts";
import type { TreeStore } from "./tree-store.ts";

/** The operation that a group is of, as the group sees it. */
export interface GroupOwner {
  readonly owner: LatchOwner;
  readonly store: TreeStore;
  /** Whether a page that it frees must stay as it is for whoever may still come to it. */
  readonly keepsFreed: boolean;
  /** Holds a page just allocated. */
  fresh(page: PageId): WriteHandle;
  /** Notes the position of a group. */
  committed(position: Lsn): void;
}

/**
 * The pages that one operation changes together: the one door to a page's bytes for writing.
 *
 * Invariants: (1) every page is held exclusively, under its own latch or one that
 * covers it, from its first edit until the group is
 * committed; (2) the log position is drawn while all of them are, and stamped on each; (3) a group
 * is committed, or aborted and then as if it had never been; (4) what the space pages say changes
 * with the commit of the group that takes or frees a page, and at no other time.
 *
 * The space pages have no latch: a commit does not wait, so nobody sees one half changed, and what
 * two groups set are different bits.
 */
export class ChangeGroup {
  readonly #op: GroupOwner;
  readonly #store: TreeStore;
  readonly #touched: TouchedPage[] = [];
  /** As {@link #touched}, without the pages that are freed: what the log is given. */
  readonly #logged: TouchedPage[] = [];
  readonly #spare: TouchedPage[] = [];
  #isOpen = false;
  #isAtOnce = false;
  #spaceChanges = 0;

  /** A page just freed may still have the cleaner at its latch: then another is taken. */
  readonly #mayTake: ((id: PageId) => boolean) | null;

  constructor(op: GroupOwner) {
    this.#op = op;
    this.#store = op.store;
    const { latches, log } = op.store;
    // Without a log there is no cleaner, and whoever is at the latch of a free page is a bug.
    this.#mayTake = log.keepsChanges
      ? (id) => {
          // Who comes to the latch of a page meanwhile keeps it from being taken.
          op.owner.driver.touch(latches.objectOf(latchId(id)), ACCESS_WRITE);
          return latches.isFree(latchId(id));
        }
      : null;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whoever is told of what changes. */
  get driver(): LatchDriver {
    return this.#op.owner.driver;
  }

  /**
   * Opens the group. Requires: the operation's last group was committed.
   *
   * @param isAtOnce Whether it is committed before the operation could wait. No fault can come in
   *   between then, and no page need be kept as it was.
   */
  open(isAtOnce: boolean = false): this {
    if (this.#isOpen) {
      broken("op.change() opens one group after the other", "one open that was not committed");
    }
    this.#isOpen = true;
    this.#isAtOnce = isAtOnce;
    return this;
  }

  /**
   * Gives the right to change a page, and makes it part of the group.
   *
   * @throws InvariantViolation latch-misuse if the page is not exclusively latched.
   */
  edit(handle: WriteHandle): PageEditor {
    if (!handle.isWritable) throw notWritable(handle);
    this.#declareEdit(handle);
    if (handle.isChanged) return asEditor(handle);
    return this.#touch(handle.pageId, handle, false).editor;
  }

  /**
   * Declares a change of bytes under a latch that may be held since an earlier segment: readers
   * without a latch can see it. A page under the latch of another has no object of its own.
   */
  #declareEdit(handle: WriteHandle): void {
    if (handle.objectId >= 0) this.driver.touch(handle.objectId, ACCESS_WRITE);
  }

  /** Takes a free page for use, held: nobody else can know of it. */
  allocate(): WriteHandle {
    assert(this.#isOpen, "pages are allocated in a change group");
    const handle = this.#op.fresh(this.#store.space.allocate(this.#mayTake));
    handle.isUncommitted = true;
    this.#touch(handle.pageId, handle, true);
    if (this.driver.isTold) this.driver.tell({ kind: "page-allocated", page: handle.pageId });
    return handle;
  }

  /**
   * Frees a page once the operation releases it. Requires: no page points to it. When it is used
   * anew is up to the protocol's reclamation policy; if not at once, it is marked as unlinked.
   */
  free(handle: WriteHandle): void {
    assert(handle.pageId !== META_PAGE, "the meta page is never freed");
    const page = this.edit(handle);
    if (this.#op.keepsFreed) setFlag(page, UNLINKED_FLAG, true);
    this.#free(handle.pageId);
    handle.isFreedOnRelease = true;
  }

  /** Makes the first space page say whether pages may be without a downlink between operations. */
  setMayBeUnfinished(may: boolean): void {
    setMayBeUnfinished(this.#firstSpacePage(), may);
  }

  /** Makes the first space page say whether left links may lead elsewhere between operations. */
  setStaleLeftLinks(may: boolean): void {
    setStaleLeftLinks(this.#firstSpacePage(), may);
  }

  /** Records the group, stamps its position on every page, and closes it. An empty one closes. */
  commit(): void {
    if (!this.#isOpen) {
      broken("each group of op.change() is committed once", "none open to be committed");
    }
    if (this.#touched.length > 0) {
      if (this.#spaceChanges > 0) this.#markSpace();
      this.#stamp(this.#append());
      if (this.driver.isTold) this.#tellCommitted();
    }
    this.#close();
  }

  /**
   * Puts every page back as it was before the group, and closes it. Pages it took go back to the
   * free ones once their latches are released. Does nothing if no group is open.
   *
   * Requires: the log keeps changes and the group was not opened to be committed at once, or
   * nothing was changed; else there is nothing to put back.
   */
  abort(): void {
    if (!this.#isOpen) return;
    const { keepsChanges } = this.#store.log;
    const canBeUndone = keepsChanges && !this.#isAtOnce;
    assert(canBeUndone || this.#touched.length === 0, "a group that waited can be undone");
    // The pages taken last go back first, and so come out again in the same order.
    for (
      let touched = this.#touched.at(-1);
      touched !== undefined;
      touched = this.#touched.at(-1)
    ) {
      const { handle } = touched;
      if (handle !== null) this.#declareEdit(handle);
      touched.restore();
      this.#putAway();
      if (handle === null) continue;
      handle.isChanged = false;
      handle.isFreedOnRelease = false;
    }
    this.#close();
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.#close();
  }

  #tellCommitted(): void {
    const { driver } = this;
    const pages = this.#touched.filter(({ isFreed }) => !isFreed).map(({ id }) => id);
    driver.tell({ kind: "pages-edited", pages });
    for (const { id, isFreed } of this.#touched) {
      if (isFreed) driver.tell({ kind: "page-freed", page: id });
    }
  }

  #append(): Lsn {
    const { log, memory } = this.#store;
    const recLsn = log.endLsn;
    for (const touched of this.#touched) {
      // What is kept for others must come back as it is, should it leave the memory meanwhile. It
      // is not logged: after a crash nobody is left for whom it was kept.
      if (!touched.isFreed || this.#op.keepsFreed) memory.markDirty(touched.id, recLsn);
      if (log.keepsChanges && !touched.isFreed) this.#logged.push(touched);
    }
    return log.append(this.#logged);
  }

  #stamp(position: Lsn): void {
    for (const touched of this.#touched) {
      const { handle, editor } = touched;
      if (handle !== null) {
        assert(handle.isWritable, "changed pages stay held until commit");
        handle.isChanged = false;
        handle.isUncommitted = false;
      }
      setLsn(editor, position);
      setVersion(editor, (versionOf(editor) + 1) >>> 0);
    }
    this.#op.committed(position);
  }

  /** Writes onto the space pages what the group took and freed, and makes them part of it. */
  #markSpace(): void {
    this.#store.space.touchSpacePages();
    const changes = this.#touched.length;
    for (let i = 0; i < changes; i++) {
      const touched = this.#touched[i];
      if (touched === undefined || !(touched.isAllocated || touched.isFreed)) continue;
      setInUse(this.#spacePageFor(touched.id), touched.id, !touched.isFreed);
    }
  }

  #spacePageFor(id: PageId): PageEditor {
    const { space, params } = this.#store;
    const place = space.spacePageIdFor(id);
    if (space.hasSpacePageFor(id))
      return (this.#find(place) ?? this.#touch(place, null, false)).editor;
    const before = space.spacePageIdFor((place - SPACE_PAGE - 1) as PageId);
    assert(isSpacePage(place, params.pageSize), "a space page has a place of its own");
    const last = (this.#find(before) ?? this.#touch(before, null, false)).editor;
    space.addSpacePage(place);
    const made = this.#touch(place, null, true).editor;
    formatSpacePage(made, place);
    setRight(last, place);
    return made;
  }

  #firstSpacePage(): PageEditor {
    assert(this.#isOpen, "pages are changed in a change group");
    this.#store.space.touchSpacePages();
    return (this.#find(SPACE_PAGE) ?? this.#touch(SPACE_PAGE, null, false)).editor;
  }

  #free(id: PageId): void {
    const touched = this.#find(id);
    assert(touched !== null, "a page that is freed is part of the group");
    touched.isFreed = true;
    this.#spaceChanges++;
  }

  #find(id: PageId): TouchedPage | null {
    for (const touched of this.#touched) if (touched.id === id) return touched;
    return null;
  }

  #touch(id: PageId, handle: WriteHandle | null, isAllocated: boolean): TouchedPage {
    if (!this.#isOpen) {
      const found = `none open to change page ${id} in; call op.change() before`;
      broken("pages are changed in an open change group", found);
    }
    const { log, memory } = this.#store;
    const touched = this.#spare.pop() ?? new TouchedPage();
    touched.begin(id, memory.frame(id), handle, log.keepsChanges);
    touched.isAllocated = isAllocated;
    if (isAllocated) this.#spaceChanges++;
    else if (log.keepsChanges && !this.#isAtOnce)
      touched.image = this.#store.images.copyOf(touched.page);
    if (handle !== null) handle.isChanged = true;
    this.#touched.push(touched);
    return touched;
  }

  #putAway(): void {
    const touched = this.#touched.pop();
    if (touched === undefined) return;
    if (touched.image !== null) this.#store.images.giveBack(touched.image);
    touched.end(this.#store.log.keepsChanges);
    this.#spare.push(touched);
  }

  #close(): void {
    // Emptied by popping, which keeps the arrays' memory: an operation closes a group or two.
    while (this.#touched.length > 0) this.#putAway();
    while (this.#logged.length > 0) this.#logged.pop();
    this.#spaceChanges = 0;
    this.#isOpen = false;
  }
}

const NOT_ENOUGH = {
  shared: "under a shared latch; ask for it with op.exclusive",
  update: "under a latch held for update; upgrade it with op.upgrade",
} as const;

function notWritable(handle: WriteHandle): InvariantViolation {
  const { pageId, site, isHeld, whyShut } = handle;
  if (pageId === undefined) {
    const given = inWords(handle);
    return new InvariantViolation(`change.edit was given ${given}, expected the guard of a page`);
  }
  const why = isHeld ? NOT_ENOUGH[handle.mode === UPDATE ? "update" : "shared"] : whyShut;
  return new InvariantViolation(`page ${pageId} (${site}) was changed ${why}`, "latch-misuse");
}
