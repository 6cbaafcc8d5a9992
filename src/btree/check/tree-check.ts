import {
  FIRST_TREE_PAGE,
  flagsOf,
  HALF_DEAD_FLAG,
  hasFlag,
  hasStaleLeftLinks,
  HIGH_IS_INFINITE_FLAG,
  highestInUse,
  HIGHEST_LEVEL,
  INCOMPLETE_SPLIT_FLAG,
  isInUse,
  isSpacePage,
  leftOf,
  levelOf,
  mayBeUnfinished,
  META_LEVEL,
  META_PAGE,
  NO_PAGE,
  pageId,
  type PageId,
  pageIdOf,
  type PageSource,
  type PageView,
  pagesOfSpacePage,
  rightOf,
  SPACE_PAGE,
  spacePageProblem,
} from "../../storage/index.ts";
import type { Host, Task } from "../../task/index.ts";
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
  /** Per page: the walk's number if the tree reached it. */
  #marks = new Uint32Array(64);
  #walk = 0;
  /** The space pages that are right, and one more than the highest page that they say is in use. */
  readonly #spaces: PageView[] = [];
  #highWater = 0;
  #skippedAny = false;
  /** The way down to the page visited last: inner pages, and which child of each comes next. */
  readonly #path: PageView[] = [];
  readonly #nextChild: number[] = [];
  /** The level of the root, or -1 if there is none to walk from. */
  #rootLevel = -1;
  /** Whether pages may be half dead and splits incomplete. */
  #mayBeUnfinished = false;
  /** Whether left links may lead elsewhere; that of the first page of a level never does. */
  #hasStaleLeftLinks = false;

  constructor(memory: PageSource, params: TreeParameters, options: CheckOptions = {}) {
    this.#memory = memory;
    this.#mostEntries = params.mostEntries;
    this.#reportsEmpty = options.emptyLeaves === "reported";
  }

  /**
   * Checks the tree, and that its pages are those in use and no others. O(pages and
   * entries). Requires: no operation is in flight. Never throws, whatever the bytes are.
   */
  check(): CheckReport {
    this.#begin();
    while (this.#goOn());
    return this.#finish();
  }

  /** As {@link check}, in portions: lets others have a turn between two pages. */
  *checkInTurns(host: Host): Task<CheckReport> {
    this.#begin();
    while (this.#goOn()) {
      const pause = host.pauseIfDue();
      if (pause !== null) yield pause;
    }
    return this.#finish();
  }

  #begin(): void {
    this.#problems.clear();
    this.#skippedAny = false;
    // Truncating an array costs more than looking at it, and both are empty after most walks.
    if (this.#path.length > 0) this.#path.length = this.#nextChild.length = 0;
    this.#rootLevel = -1;
    this.#checkMetaPage();
    this.#readSpacePages();
    this.#startWalk();
    this.#mayBeUnfinished = mayBeUnfinished(this.#memory.frame(SPACE_PAGE));
    this.#hasStaleLeftLinks = hasStaleLeftLinks(this.#memory.frame(SPACE_PAGE));
    const root = rootOf(this.#memory.frame(META_PAGE));
    if (this.#isTreePage(root)) this.#visitRoot(root);
    else this.#rejectRoot(META_PAGE, `root ${root} is no page of the tree`);
  }

  /** Visits the page that comes next, if there is one; false once the walk is over. */
  #goOn(): boolean {
    const depth = this.#path.length - 1;
    const page = this.#path[depth];
    const index = this.#nextChild[depth];
    if (page === undefined || index === undefined) return this.#visitHalf(this.#rootLevel, null, 0);
    if (index > 0 && this.#visitHalf(levelOf(page) - 1, page, index - 1)) return true;
    if (index === countOf(page)) {
      this.#path.pop();
      this.#nextChild.pop();
      return true;
    }
    this.#nextChild[depth] = index + 1;
    const child = childAt(page, index);
    if (this.#isTreePage(child)) this.#visit(child, levelOf(page) - 1, page, index);
    else {
      const what = `child ${index} is ${child}, which is no page of the tree`;
      this.#problems.add(pageIdOf(page), what);
    }
    return true;
  }

  #finish(): CheckReport {
    for (let level = 0; level <= this.#rootLevel; level++) {
      const last = pageId(this.#lastSeen[level] ?? NO_PAGE);
      if (last !== NO_PAGE) this.#checkRightLink(this.#passHalfDead(last), NO_PAGE);
    }
    this.#checkSpace();
    return this.#problems.report();
  }

  #checkMetaPage(): void {
    const meta = this.#memory.frame(META_PAGE);
    if (levelOf(meta) !== META_LEVEL || pageIdOf(meta) !== META_PAGE) {
      this.#problems.add(META_PAGE, "it is not a meta page");
    }
  }

  #readSpacePages(): void {
    while (this.#spaces.length > 0) this.#spaces.pop();
    this.#highWater = FIRST_TREE_PAGE;
    for (let id: PageId = SPACE_PAGE; id !== NO_PAGE;) {
      const space = this.#memory.frame(id);
      const problem = spacePageProblem(space, id, this.#memory.capacity);
      if (problem !== "") this.#problems.add(id, problem);
      if (levelOf(space) <= HIGHEST_LEVEL || pageIdOf(space) !== id) return;
      this.#spaces.push(space);
      this.#highWater = Math.max(this.#highWater, highestInUse(space));
      if (problem !== "") break;
      id = rightOf(space);
    }
    this.#highWater = Math.min(this.#highWater, this.#memory.capacity);
  }

  #startWalk(): void {
    if (this.#marks.length < this.#highWater) this.#marks = new Uint32Array(this.#highWater * 2);
    this.#walk++;
    if (this.#walk > 0xffff_fff0) {
      this.#marks.fill(0);
      this.#walk = 1;
    }
  }

  #isTreePage(id: number): boolean {
    if (id < FIRST_TREE_PAGE || id >= this.#highWater) return false;
    return !isSpacePage(id, this.#memory.pageSize);
  }

  #visitRoot(root: PageId): void {
    const page = this.#memory.frame(root);
    const level = levelOf(page);
    if (level > HIGHEST_LEVEL) {
      this.#rejectRoot(root, `the root is on level ${level}`);
      return;
    }
    this.#rootLevel = level;
    this.#lastSeen.fill(NO_PAGE, 0, level + 1);
    this.#visit(root, level, null, 0);
  }

  #rejectRoot(id: PageId, problem: string): void {
    this.#problems.add(id, problem);
    this.#skippedAny = true;
  }

  /** Looks at a page; its children come next. */
  #visit(
    id: PageId,
    level: number,
    parent: PageView | null,
    index: number,
    isHalf: boolean = false,
  ): void {
    if (this.#marks[id] === this.#walk) {
      this.#problems.add(id, "it has more than one downlink");
      return;
    }
    this.#marks[id] = this.#walk;
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
    if (parent !== null) this.#checkFences(id, page, parent, index, isHalf);
    if (level === 0) return;
    this.#path.push(page);
    this.#nextChild.push(0);
  }

  /** Compares a page with the one seen before it on its level. */
  #checkSiblings(id: PageId, level: number, page: PageView, readable: boolean): void {
    const seen = pageId(this.#lastSeen[level] ?? NO_PAGE);
    const before = seen === NO_PAGE ? NO_PAGE : this.#passHalfDead(seen);
    const left = leftOf(page);
    const isStale = this.#hasStaleLeftLinks && left !== NO_PAGE && before !== NO_PAGE;
    if (left !== before && !isStale) this.#problems.add(id, linkProblem("left", left, before));
    if (before !== NO_PAGE) {
      this.#checkRightLink(before, id);
      const isReadable = readable && this.#lastReadable[level] === 1;
      if (isReadable && !fencesMeet(this.#memory.frame(seen), page)) {
        this.#problems.add(
          seen,
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

  /**
   * Follows the chain from a page past those that are half dead, and marks them: they have no
   * downlink, and wait to be taken out. Gives the last of them, or the page itself.
   */
  #passHalfDead(id: PageId): PageId {
    let last = id;
    while (this.#mayBeUnfinished) {
      const next = rightOf(this.#memory.frame(last));
      if (!this.#isTreePage(next) || this.#marks[next] === this.#walk) break;
      const page = this.#memory.frame(next);
      if (!hasFlag(page, HALF_DEAD_FLAG) || pageIdOf(page) !== next) break;
      if (levelOf(page) !== levelOf(this.#memory.frame(id))) break;
      this.#marks[next] = this.#walk;
      last = next;
    }
    return last;
  }

  /** Visits the right half of a split whose parent does not know of it; false if there is none. */
  #visitHalf(level: number, parent: PageView | null, index: number): boolean {
    if (!this.#mayBeUnfinished || level < 0) return false;
    const before = pageId(this.#lastSeen[level] ?? NO_PAGE);
    if (before === NO_PAGE) return false;
    const left = this.#memory.frame(before);
    if (!hasFlag(left, INCOMPLETE_SPLIT_FLAG) || levelOf(left) !== level) return false;
    const right = rightOf(left);
    if (!this.#isTreePage(right) || this.#marks[right] === this.#walk) return false;
    this.#visit(right, level, parent, index, true);
    return true;
  }

  #checkFences(id: PageId, page: PageView, parent: PageView, index: number, isHalf: boolean): void {
    // Of a split that the parent does not know of, the left half begins and the right half ends
    // where it says; that they meet is checked as of siblings.
    if (!isHalf && !lowFenceAgrees(parent, index, page)) {
      this.#problems.add(id, `its low fence is not separator ${index} of page ${pageIdOf(parent)}`);
    }
    const isLeftHalf = this.#mayBeUnfinished && hasFlag(page, INCOMPLETE_SPLIT_FLAG);
    if (!isLeftHalf && !highFenceAgrees(parent, index, page)) {
      const end = index + 1 < countOf(parent) ? `separator ${index + 1}` : "the high fence";
      this.#problems.add(id, `its high fence is not ${end} of page ${pageIdOf(parent)}`);
    }
  }

  /** Checks what a page may not be at rest. */
  #checkState(id: PageId, page: PageView, parent: PageView | null): void {
    const flags = flagsOf(page);
    const known = this.#mayBeUnfinished ? INCOMPLETE_SPLIT_FLAG : 0;
    if ((flags & ~(HIGH_IS_INFINITE_FLAG | known)) !== 0) {
      this.#problems.add(id, flagProblem(flags));
    }
    if ((flags & known) !== 0 && rightOf(page) === NO_PAGE) {
      this.#problems.add(id, "its split is incomplete, and it has no right sibling");
    }
    const count = countOf(page);
    const most = this.#mostEntries;
    if (most !== 0 && count > most) {
      this.#problems.add(id, `it has ${count} entries, and ${most} is the most`);
    }
    if (count >= 2) return;
    if (levelOf(page) > 0) {
      if (count === 0) this.#problems.add(id, "it is an inner page without a child");
      else if (parent === null && !this.#mayBeUnfinished) {
        this.#problems.add(id, "it is the root and has only one child");
      }
    } else if (count === 0 && this.#reportsEmpty && parent !== null && countOf(parent) > 1) {
      this.#problems.add(id, "it is an empty leaf that has siblings");
    }
  }

  /** Compares what the tree reached with what the space pages say. */
  #checkSpace(): void {
    const stretch = pagesOfSpacePage(this.#memory.pageSize);
    for (let number: number = FIRST_TREE_PAGE; number < this.#highWater; number++) {
      const space = this.#spaces[Math.floor(number / stretch)];
      if (space === undefined) return;
      const id = pageId(number);
      const isReached = this.#marks[number] === this.#walk || number % stretch === SPACE_PAGE;
      if (isReached === isInUse(space, id)) continue;
      if (isReached) this.#problems.add(id, "it is free, but in the tree");
      // Behind a page that could not be read there may be others; they are not lost, only unseen.
      else if (!this.#skippedAny) this.#problems.add(id, "it is lost: in use, but not in the tree");
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
