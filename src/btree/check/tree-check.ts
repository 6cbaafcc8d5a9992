import {
  FIRST_TREE_PAGE,
  flagsOf,
  freeCountOf,
  freeHeadOf,
  HIGH_IS_INFINITE_FLAG,
  HIGHEST_LEVEL,
  isFree,
  leftOf,
  levelOf,
  META_LEVEL,
  META_PAGE,
  neverUsedOf,
  NO_PAGE,
  pageId,
  type PageId,
  pageIdOf,
  type PageSource,
  type PageView,
  rightOf,
  SPACE_LEVEL,
  SPACE_PAGE,
} from "../../storage/index.ts";
import type { TreeParameters } from "../limits.ts";
import { rootOf } from "../meta-page.ts";
import { childAt } from "../node-read.ts";
import { countOf } from "../page-layout.ts";
import { fencesMeet, highFenceAgrees, lowFenceAgrees } from "./fence-check.ts";
import { contentProblem, layoutProblem } from "./layout-check.ts";
import { type CheckReport, flagProblem, linkProblem, ProblemList } from "./problems.ts";

/** What a check does beyond the rules that every protocol keeps. */
export interface CheckOptions {
  /**
   * Whether a leaf may be empty though its parent has other children; "allowed" unless said. Most
   * protocols merge it away at once, but not always: a neighbour may have been too full, or the
   * leaf an only child until its parent was merged. B-link trees leave it to a vacuum.
   */
  readonly emptyLeaves?: "allowed" | "reported";
}

/**
 * Checks whole trees in one memory, over and over without allocating anything while they are right.
 *
 * It walks the tree once, from left to right: each page is compared with its parent's entry and
 * with the page visited before it on its level, and marked. What has no mark at the end is lost.
 * Bytes may be garbage; the walk ends all the same, as it goes down one level at a time and into no
 * page twice.
 */
export class TreeChecker {
  readonly #memory: PageSource;
  readonly #mostEntries: number;
  readonly #reportsEmpty: boolean;
  readonly #problems = new ProblemList();
  /** The page seen last on each level, in this walk; NO_PAGE before the first. */
  readonly #lastSeen = new Uint32Array(HIGHEST_LEVEL + 1);
  /** Per level: 1 if that page's layout is right, so that its fences can be read. */
  readonly #lastReadable = new Uint8Array(HIGHEST_LEVEL + 1);
  /** Per page: the walk's number if the tree reached it, one more if the free list did. */
  #marks = new Uint32Array(64);
  #walk = 0;
  #neverUsed = 0;
  #reached = 0;
  #skippedAny = false;

  constructor(memory: PageSource, params: TreeParameters, options: CheckOptions = {}) {
    this.#memory = memory;
    this.#mostEntries = params.mostEntries;
    this.#reportsEmpty = options.emptyLeaves === "reported";
  }

  /**
   * Checks the tree, its free list, and that there is no third place for a page to be. O(pages and
   * entries). Requires: no operation is in flight. Never throws, whatever the bytes are.
   */
  check(): CheckReport {
    this.#problems.clear();
    this.#reached = 0;
    this.#skippedAny = false;
    this.#checkSpecialPages();
    this.#startWalk();
    const root = rootOf(this.#memory.frame(META_PAGE));
    if (this.#isTreePage(root)) this.#checkRoot(root);
    else this.#rejectRoot(META_PAGE, `root ${root} is no page of the tree`);
    this.#checkFreeList();
    return this.#problems.report();
  }

  #checkSpecialPages(): void {
    const meta = this.#memory.frame(META_PAGE);
    if (levelOf(meta) !== META_LEVEL || pageIdOf(meta) !== META_PAGE) {
      this.#problems.add(META_PAGE, "it is not a meta page");
    }
    const space = this.#memory.frame(SPACE_PAGE);
    if (levelOf(space) !== SPACE_LEVEL || pageIdOf(space) !== SPACE_PAGE) {
      this.#problems.add(SPACE_PAGE, "it is not a space page");
    }
    const used = neverUsedOf(space);
    this.#neverUsed = Math.min(used, this.#memory.capacity);
    if (used < FIRST_TREE_PAGE || used > this.#memory.capacity) {
      this.#problems.add(SPACE_PAGE, `${used} pages cannot be in use`);
    }
  }

  #startWalk(): void {
    if (this.#marks.length < this.#neverUsed) this.#marks = new Uint32Array(this.#neverUsed * 2);
    this.#walk += 2;
    if (this.#walk > 0xffff_fff0) {
      this.#marks.fill(0);
      this.#walk = 2;
    }
  }

  #isTreePage(id: number): boolean {
    return id >= FIRST_TREE_PAGE && id < this.#neverUsed;
  }

  #checkRoot(root: PageId): void {
    const page = this.#memory.frame(root);
    const level = levelOf(page);
    if (level > HIGHEST_LEVEL) {
      this.#rejectRoot(root, `the root is on level ${level}`);
      return;
    }
    this.#lastSeen.fill(NO_PAGE, 0, level + 1);
    this.#visit(root, level, null, 0);
    for (let each = 0; each <= level; each++) {
      const last = pageId(this.#lastSeen[each] ?? NO_PAGE);
      if (last !== NO_PAGE) this.#checkRightLink(last, NO_PAGE);
    }
  }

  #rejectRoot(id: PageId, problem: string): void {
    this.#problems.add(id, problem);
    this.#skippedAny = true;
  }

  #visit(id: PageId, level: number, parent: PageView | null, index: number): void {
    if (this.#marks[id] === this.#walk) {
      this.#problems.add(id, "it has more than one downlink");
      return;
    }
    this.#marks[id] = this.#walk;
    this.#reached++;
    const page = this.#memory.frame(id);
    if (pageIdOf(page) !== id) this.#problems.add(id, `it calls itself page ${pageIdOf(page)}`);
    if (levelOf(page) !== level) {
      this.#problems.add(id, `it is on level ${levelOf(page)}, not ${level}`);
      this.#checkSiblings(id, level, page, false);
      this.#skippedAny ||= level > 0;
      return;
    }
    const layout = layoutProblem(page);
    this.#checkSiblings(id, level, page, layout === "");
    if (layout !== "") {
      this.#problems.add(id, layout);
      this.#skippedAny ||= level > 0;
      return;
    }
    const content = contentProblem(page);
    if (content !== "") this.#problems.add(id, content);
    this.#checkState(id, page, parent);
    if (parent !== null) this.#checkFences(id, page, parent, index);
    if (level > 0) this.#visitChildren(id, level, page);
  }

  #visitChildren(id: PageId, level: number, page: PageView): void {
    const count = countOf(page);
    for (let index = 0; index < count; index++) {
      const child = childAt(page, index);
      if (this.#isTreePage(child)) this.#visit(child, level - 1, page, index);
      else this.#problems.add(id, `child ${index} is ${child}, which is no page of the tree`);
    }
  }

  /** Compares a page with the one seen before it on its level. */
  #checkSiblings(id: PageId, level: number, page: PageView, readable: boolean): void {
    const before = pageId(this.#lastSeen[level] ?? NO_PAGE);
    if (leftOf(page) !== before) this.#problems.add(id, linkProblem("left", leftOf(page), before));
    if (before !== NO_PAGE) {
      this.#checkRightLink(before, id);
      const left = this.#memory.frame(before);
      if (readable && this.#lastReadable[level] === 1 && !fencesMeet(left, page)) {
        this.#problems.add(
          before,
          `its high fence is not the low fence of page ${id}, its right sibling`,
        );
      }
    }
    this.#lastSeen[level] = id;
    this.#lastReadable[level] = readable ? 1 : 0;
  }

  #checkRightLink(id: PageId, expected: PageId): void {
    const right = rightOf(this.#memory.frame(id));
    if (right !== expected) this.#problems.add(id, linkProblem("right", right, expected));
  }

  #checkFences(id: PageId, page: PageView, parent: PageView, index: number): void {
    if (!lowFenceAgrees(parent, index, page)) {
      this.#problems.add(id, `its low fence is not separator ${index} of page ${pageIdOf(parent)}`);
    }
    if (!highFenceAgrees(parent, index, page)) {
      const end = index + 1 < countOf(parent) ? `separator ${index + 1}` : "the high fence";
      this.#problems.add(id, `its high fence is not ${end} of page ${pageIdOf(parent)}`);
    }
  }

  /** Checks what a page may not be at rest. */
  #checkState(id: PageId, page: PageView, parent: PageView | null): void {
    const flags = flagsOf(page);
    if ((flags & ~HIGH_IS_INFINITE_FLAG) !== 0) this.#problems.add(id, flagProblem(flags));
    const count = countOf(page);
    const most = this.#mostEntries;
    if (most !== 0 && count > most) {
      this.#problems.add(id, `it has ${count} entries, and ${most} is the most`);
    }
    if (count >= 2) return;
    if (levelOf(page) > 0) {
      if (count === 0) this.#problems.add(id, "it is an inner page without a child");
      else if (parent === null) this.#problems.add(id, "it is the root and has only one child");
    } else if (count === 0 && this.#reportsEmpty && parent !== null && countOf(parent) > 1) {
      this.#problems.add(id, "it is an empty leaf that has siblings");
    }
  }

  #checkFreeList(): void {
    const space = this.#memory.frame(SPACE_PAGE);
    let id = freeHeadOf(space);
    let free = 0;
    while (id !== NO_PAGE) {
      const problem = this.#freeProblem(id);
      if (problem !== "") {
        this.#problems.add(SPACE_PAGE, problem);
        return;
      }
      this.#marks[id] = this.#walk + 1;
      free++;
      id = rightOf(this.#memory.frame(id));
    }
    if (free !== freeCountOf(space)) {
      this.#problems.add(
        SPACE_PAGE,
        `it counts ${freeCountOf(space)} free pages, but ${free} are listed`,
      );
    }
    // Behind a page that could not be read there may be others; they are not lost, only unseen.
    if (this.#reached + free + FIRST_TREE_PAGE !== this.#neverUsed && !this.#skippedAny) {
      this.#addLostPages();
    }
  }

  #freeProblem(id: PageId): string {
    if (!this.#isTreePage(id)) return `the free list leads to ${id}, which is no page of the tree`;
    const mark = this.#marks[id];
    if (mark === this.#walk) return `page ${id} is both free and in the tree`;
    if (mark === this.#walk + 1) return `the free list leads back to page ${id}`;
    if (!isFree(this.#memory.frame(id))) return `page ${id} on the free list is not free`;
    return "";
  }

  #addLostPages(): void {
    for (let id = FIRST_TREE_PAGE as number; id < this.#neverUsed; id++) {
      const mark = this.#marks[id] ?? 0;
      if (mark < this.#walk)
        this.#problems.add(pageId(id), "it is lost: neither in the tree nor free");
    }
  }
}

/** Checks the tree in `memory` once; see TreeChecker. */
export function checkTree(
  memory: PageSource,
  params: TreeParameters,
  options: CheckOptions = {},
): CheckReport {
  return new TreeChecker(memory, params, options).check();
}
