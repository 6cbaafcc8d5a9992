import {
  META_PAGE,
  NO_PAGE,
  type PageId,
  type PageView,
  type Reclamation,
  rightOf,
} from "../../storage/index.ts";
import { assert, type Task } from "../../task/index.ts";
import { type Aim, atKey, belowBound } from "../aim.ts";
import { HeldStructure } from "../held-structure.ts";
import type { LatchedPath } from "../latched-path.ts";
import { LeafRows } from "../leaf-rows.ts";
import { checkEntry, checkKey } from "../limits.ts";
import { rootOf } from "../meta-page.ts";
import { removeEntry } from "../node-edit.ts";
import { isRootLeaf, isSafeForDelete, isSafeForInsert, isUnderfull } from "../node-fit.ts";
import { childAt } from "../node-read.ts";
import { childIndexFor, find, search } from "../node-search.ts";
import type { Operation } from "../operation.ts";
import type { Arrival, Beside, Errand, Need, Ways } from "../optimistic-errand.ts";
import type { OptimisticPage } from "../optimistic-page.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import { countOf, isLeaf } from "../page-layout.ts";
import {
  fitsInPlace,
  type PutRule,
  removeFromLeaf,
  writeInLeaf,
  writeInPlace,
  writes,
} from "../put-rule.ts";
import type { RowSink, ScanRange } from "../scan-range.ts";
import type { StructureChange } from "../structure-change.ts";
import type { TreeStore } from "../tree-store.ts";
import type { RunWrite } from "../write-run.ts";
import { Crabbing } from "./crabbing.ts";

const FIRST_KEY = new Uint8Array(0);

const NOTHING_BESIDE: Beside = { left: null, right: [] };
/** For readers: nothing changes anywhere. */
const ALWAYS_SAFE = (): boolean => true;

/**
 * Optimistic coupling by versions (Leis, Scheibner, Kemper and Neumann, "The ART of Practical
 * Synchronization", DaMoN 2016; Leis, Haubenschild and Neumann, "Optimistic Lock Coupling", IEEE
 * Data Engineering Bulletin 42, 2019).
 *
 * Nobody latches on the way down. A page is read between two looks at its version, and counts only
 * if that is the same; the version of a child is taken before the parent's is looked at again, so
 * that the child was the parent's when its own look began. The meta page is the root's parent here,
 * and that look is the check that the root is still the root. If a version has moved, or a page is
 * latched exclusively, the operation starts over from the root.
 *
 * A writer latches only what it changes, and by *upgrades*: a latch that is tried, and refused if
 * the version moved since the page was read. It waits for no latch, so it needs no order of them.
 *
 * After a few attempts an operation does as crabbing does, and waits in line like everybody else.
 *
 * Departures from the papers:
 * - Full inner pages are not split on the way down. The writer keeps the versions of the pages
 *   that may have to split or merge, as crabbing keeps their latches, and upgrades all of them, and
 *   their neighbours, before it changes any. So the whole change is one change group, trees are
 *   those of the other protocols, and pages of two entries, which an eager split would split for
 *   ever, need no rule of their own. It costs more than two latches while one split lasts.
 * - Pages merge, and have sibling links. Scans do not use these: they come down from the root by
 *   the high fence of the leaf before, or going back by its low fence, as LeanStore does.
 * - Where the papers spin while a page is latched, the attempt ends.
 * - A page is pinned while its version is held, so that no frame changes under a reader's eyes.
 *
 * A page that was freed is kept until all have ended that may be on the way to it.
 */
export class OptimisticCoupling extends Crabbing {
  override readonly name: string = "olc";
  readonly reclamation: Reclamation = "after-earlier-operations";
  protected override readonly structure: StructureChange = new HeldStructure();
  /** How often an operation tries without latches before it does as crabbing does. */
  protected readonly attempts: number = 3;

  figures(store: TreeStore): Readonly<Record<string, number>> {
    return store.optimisticCounts.figures();
  }

  override *get(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const atLeaf = (leaf: PageView): boolean => {
      const index = find(leaf, key);
      if (index >= 0) op.keepValue(leaf, index);
      return index >= 0;
    };
    const found = yield* this.read(op, atKey(key), atLeaf);
    return found === null ? yield* super.get(op, key) : found.seen;
  }

  override *delete(op: Operation, key: Uint8Array): Task<boolean> {
    const { params } = op.store;
    checkKey(params, key);
    const errand: Errand<Need> = {
      aim: atKey(key),
      isSafe: (page, isRoot) => isSafeForDelete(page, params, isRoot),
      atLeaf: (leaf) => {
        // An empty leaf, left by a delete while it had no sibling, is merged by whoever comes by.
        if (find(leaf, key) < 0)
          return countOf(leaf) > 0 || isRootLeaf(leaf) ? "nothing" : "structure";
        return isSafeForDelete(leaf, params, isRootLeaf(leaf)) ? "leaf" : "structure";
      },
    };
    const wasThere = yield* this.write(op, errand, {
      inLeaf: (leaf) => this.deleteFromLeaf(op, leaf, key),
      inStructure: (way) => this.deleteAndMerge(op, way, key),
    });
    return wasThere ?? (yield* super.delete(op, key));
  }

  /** One descent a leaf: the rows of each were there together, between two looks at its version. */
  override *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const { limit = Number.POSITIVE_INFINITY } = range;
    const rows = new LeafRows(sink.wantsValues !== false);
    let count = 0;
    for (let rest: ScanRange | null = range; rest !== null;) {
      const next: ScanRange | null = yield* this.scanLeaf(op, rest, limit - count, rows);
      count += rows.handTo(sink);
      rest = count < limit ? next : null;
    }
    return count;
  }

  protected override *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    const { params } = op.store;
    checkEntry(params, key, value);
    const errand: Errand<Need> = {
      aim: atKey(key),
      isSafe: (page) => isSafeForInsert(page, params, key.length, value.length),
      atLeaf: (leaf) => {
        const index = search(leaf, key);
        if (!writes(rule, index)) return "nothing";
        return fitsInPlace(leaf, params, index, key, value) ? "leaf" : "structure";
      },
    };
    const wasAbsent = yield* this.write(op, errand, {
      inLeaf: (leaf) => this.writeToLeaf(op, leaf, key, value, rule),
      inStructure: (way) => this.splitAndWrite(op, way, key, value),
    });
    return wasAbsent ?? (yield* super.upsert(op, key, value, rule));
  }

  protected override *leafToWrite(op: Operation, run: RunWrite): Task<WriteHandle> {
    const errand = { aim: atKey(run.key), isSafe: ALWAYS_SAFE, atLeaf: ALWAYS_SAFE };
    for (let attempt = 0; attempt < this.attempts; attempt++) {
      const found = yield* this.descend(op, errand);
      const leaf = found === null ? null : yield* this.latchLeaf(op, found.leaf);
      if (leaf !== null) return leaf;
    }
    op.store.optimisticCounts.byLatches++;
    return yield* super.leafToWrite(op, run);
  }

  // Attempts.

  /** Reads in the leaf of an aim by versions; null after too many attempts. Holds nothing. */
  protected *read<T>(
    op: Operation,
    aim: Aim,
    atLeaf: (leaf: PageView) => T,
  ): Task<Arrival<T> | null> {
    for (let attempt = 0; attempt < this.attempts; attempt++) {
      const found = yield* this.descend(op, { aim, isSafe: ALWAYS_SAFE, atLeaf });
      if (found === null) continue;
      op.releaseVersions();
      return found;
    }
    op.store.optimisticCounts.byLatches++;
    return null;
  }

  /** Writes by versions; null after too many attempts, and then nothing was done. Holds nothing. */
  protected *write(
    op: Operation,
    errand: Errand<Need>,
    { inLeaf, inStructure }: Ways,
  ): Task<boolean | null> {
    for (let attempt = 0; attempt < this.attempts; attempt++) {
      const found = yield* this.descend(op, errand);
      if (found === null) continue;
      if (found.seen === "nothing") {
        op.releaseVersions();
        return false;
      }
      const { leaf, way } = found;
      const outcome = found.seen === "leaf" ? yield* inLeaf(leaf) : yield* inStructure(way);
      if (outcome !== null) return outcome;
    }
    op.store.optimisticCounts.byLatches++;
    return null;
  }

  // The way down.

  /**
   * Comes down without a latch; null, with nothing held, if the attempt is to be given up. What is
   * held afterwards is the way: the pages from the lowest safe one to the leaf.
   */
  protected *descend<T>(op: Operation, errand: Errand<T>): Task<Arrival<T> | null> {
    let way: OptimisticPage[] = [];
    const seen: { readonly inLeaf: T }[] = [];
    let isSafe = true;
    const look = (page: PageView): PageId => {
      if (isLeaf(page)) {
        seen.push({ inLeaf: errand.atLeaf(page) });
        return NO_PAGE;
      }
      isSafe = errand.isSafe(page, way.length === 1 && way[0]?.pageId === META_PAGE);
      return errand.aim.childIn(page);
    };
    let page = op.optimistic(META_PAGE, "meta");
    while (page.pending) yield page;
    let next: PageId | null = page.isHeld ? yield* this.look(page, rootOf) : null;
    for (;;) {
      const child: OptimisticPage | null =
        next === null ? null : yield* this.couple(op, page, next);
      if (child === null) return this.giveUp(op);
      way.push(page);
      page = child;
      next = yield* this.look(page, look);
      if (next !== null && seen.length > 0) break;
      if (isSafe) way = this.letGo(way);
    }
    way.push(page);
    const [found] = seen;
    assert(found !== undefined, "a way down ends in a leaf that was looked at");
    return { way, leaf: page, seen: found.inLeaf };
  }

  /**
   * What `see` finds in a page whose version is held; null if that has moved since. Until that is
   * known the bytes may be any nonsense, so `see` copies what it needs, and may throw.
   */
  protected look<T>(page: OptimisticPage, see: (page: PageView) => T): Task<T | null> {
    return page.read(see);
  }

  /**
   * Takes the version of a child, and looks again at that of its parent: only then is it certain
   * that the child was the parent's when its version was taken. Null if the parent's has moved or
   * the child is latched exclusively.
   */
  protected *couple(
    op: Operation,
    parent: OptimisticPage,
    id: PageId,
  ): Task<OptimisticPage | null> {
    const child = op.optimistic(id, parent.pageId === META_PAGE ? "root" : "child");
    while (child.pending) yield child;
    if (!child.isHeld) return null;
    parent.validate();
    if (parent.pending) yield parent;
    return parent.isValid ? child : null;
  }

  /** Ends an attempt: nothing is held and nothing was done. */
  protected giveUp(op: Operation): null {
    op.releaseVersions();
    op.releaseAll();
    op.store.optimisticCounts.restarts++;
    return null;
  }

  protected letGo(way: readonly OptimisticPage[]): OptimisticPage[] {
    for (const page of way) page.release();
    return [];
  }

  // Scans.

  /** Copies the rows of the next leaf of a range; gives what is left of the range, or null. */
  protected *scanLeaf(
    op: Operation,
    range: ScanRange,
    room: number,
    rows: LeafRows,
  ): Task<ScanRange | null> {
    const { start = FIRST_KEY, end, reverse = false, endInclusive = false } = range;
    const toEnd = end !== undefined && endInclusive ? atKey(end) : belowBound(end);
    const aim = reverse ? toEnd : atKey(start);
    const atLeaf = (leaf: PageView): ScanRange | null => rows.copy(leaf, range, room);
    const found = yield* this.read(op, aim, atLeaf);
    if (found !== null) return found.seen;
    const leaf = yield* this.descendByLatches(op, range);
    const rest = atLeaf(leaf);
    leaf.release();
    return rest;
  }

  protected descendByLatches(op: Operation, range: ScanRange): Task<PageHandle> {
    const { start = FIRST_KEY, end, reverse = false, endInclusive = false } = range;
    if (!reverse) return this.descendShared(op, start);
    if (end !== undefined && endInclusive) return this.descendShared(op, end);
    return this.descendBelow(op, end);
  }

  // Writes of one leaf. Each gives null if it was refused a latch, and then nothing is held.

  /** Upgrades the leaf alone, and releases the rest of the way. */
  protected *latchLeaf(op: Operation, seen: OptimisticPage): Task<WriteHandle | null> {
    const leaf = yield* this.upgrade(op, seen, "leaf");
    if (leaf !== null) op.releaseVersions();
    return leaf;
  }

  /** Latches a page exclusively, unless its version has moved or somebody has the latch. */
  protected *upgrade(op: Operation, page: OptimisticPage, site: string): Task<WriteHandle | null> {
    const latched = op.upgrade(page, site);
    if (latched.pending) yield latched;
    if (latched.isHeld) return latched;
    op.store.optimisticCounts.refusals++;
    return this.giveUp(op);
  }

  protected *writeToLeaf(
    op: Operation,
    seen: OptimisticPage,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean | null> {
    const leaf = yield* this.latchLeaf(op, seen);
    if (leaf === null) return null;
    const wasAbsent = writeInLeaf(op, leaf, key, value, rule);
    this.unlatch(op);
    assert(wasAbsent !== null, "what had room when it was looked at has room when it is latched");
    return wasAbsent;
  }

  protected *deleteFromLeaf(
    op: Operation,
    seen: OptimisticPage,
    key: Uint8Array,
  ): Task<boolean | null> {
    const leaf = yield* this.latchLeaf(op, seen);
    if (leaf === null) return null;
    const wasThere = removeFromLeaf(op, leaf, key);
    this.unlatch(op);
    assert(wasThere !== null, "a leaf that was safe when it was looked at is so when latched");
    return wasThere;
  }

  /** Releases what was latched and changed: every release counts the page's version up. */
  protected unlatch(op: Operation): void {
    op.releaseAll();
  }

  // Changes of the structure. All that may change is latched before anything does.

  protected *splitAndWrite(
    op: Operation,
    way: readonly OptimisticPage[],
    key: Uint8Array,
    value: Uint8Array,
  ): Task<boolean | null> {
    const path = yield* this.latchWay(op, way, null);
    if (path === null) return null;
    const change = op.changeAtOnce();
    const index = search(path.last, key);
    if (!writeInPlace(change, path.last, op.store.params, key, value, index)) {
      yield* this.structure.splitUp(op, change, path, key, value);
    }
    change.commit();
    this.unlatch(op);
    return index < 0;
  }

  protected *deleteAndMerge(
    op: Operation,
    way: readonly OptimisticPage[],
    key: Uint8Array,
  ): Task<boolean | null> {
    const path = yield* this.latchWay(op, way, key);
    if (path === null) return null;
    const change = op.changeAtOnce();
    const leaf = path.last;
    const index = find(leaf, key);
    if (index >= 0) removeEntry(change.edit(leaf), index);
    if (isUnderfull(leaf, op.store.params)) yield* this.structure.mergeUp(op, change, path);
    change.commit();
    this.unlatch(op);
    return index >= 0;
  }

  /**
   * Upgrades the whole way, and the pages beside those that may split (`merged` null) or merge;
   * null if one is refused. What was read of them before holds as soon as all are latched.
   */
  protected *latchWay(
    op: Operation,
    way: readonly OptimisticPage[],
    merged: Uint8Array | null,
  ): Task<LatchedPath | null> {
    const beside: Beside[] = [NOTHING_BESIDE];
    for (let depth = 1; depth < way.length; depth++) {
      const found = yield* this.besideOf(op, way, depth, merged);
      if (found === null) return this.giveUp(op);
      beside.push(found);
    }
    const path = op.path.clear();
    for (const [depth, seen] of way.entries()) {
      const { left, right } = beside[depth] ?? NOTHING_BESIDE;
      const leftLatched = left === null ? null : yield* this.upgrade(op, left, "left sibling");
      if (left !== null && leftLatched === null) return null;
      const page = yield* this.upgrade(op, seen, "on the way");
      if (page === null) return null;
      path.push(page, leftLatched);
      for (const next of right) {
        if ((yield* this.upgrade(op, next, "to the right")) === null) return null;
      }
    }
    return path;
  }

  /** Takes the versions of the pages beside one of the way; null to give up. */
  protected *besideOf(
    op: Operation,
    way: readonly OptimisticPage[],
    depth: number,
    merged: Uint8Array | null,
  ): Task<Beside | null> {
    const page = way[depth];
    const parent = way[depth - 1];
    assert(page !== undefined && parent !== undefined, "a way has no gaps");
    if (merged === null) return yield* this.withNext(op, page, null, []);
    if (parent.pageId === META_PAGE) return NOTHING_BESIDE;
    const siblings = yield* this.look(parent, (inner) => siblingsOf(inner, merged));
    if (siblings === null) return null;
    const { left, right } = siblings;
    if (right === NO_PAGE && left === NO_PAGE) return NOTHING_BESIDE;
    const sibling = yield* this.version(op, right === NO_PAGE ? left : right, "sibling");
    if (sibling === null) return null;
    if (right === NO_PAGE) return yield* this.withNext(op, page, sibling, []);
    return yield* this.withNext(op, sibling, null, [sibling]);
  }

  /** What is beside a page, with its right neighbour, whose left link may have to change. */
  protected *withNext(
    op: Operation,
    page: OptimisticPage,
    left: OptimisticPage | null,
    right: readonly OptimisticPage[],
  ): Task<Beside | null> {
    const id = yield* this.look(page, rightOf);
    if (id === null) return null;
    if (id === NO_PAGE) return { left, right };
    const next = yield* this.version(op, id, "right neighbour");
    return next === null ? null : { left, right: [...right, next] };
  }

  /** Takes the version of a page; null if that is latched exclusively. */
  protected *version(op: Operation, id: PageId, site: string): Task<OptimisticPage | null> {
    const page = op.optimistic(id, site);
    while (page.pending) yield page;
    return page.isHeld ? page : null;
  }
}

/** The siblings under one parent of its child for a key; NO_PAGE where there is none. */
function siblingsOf(
  parent: PageView,
  key: Uint8Array,
): { readonly left: PageId; readonly right: PageId } {
  const index = childIndexFor(parent, key);
  return {
    left: index > 0 ? childAt(parent, index - 1) : NO_PAGE,
    right: index + 1 < countOf(parent) ? childAt(parent, index + 1) : NO_PAGE,
  };
}
