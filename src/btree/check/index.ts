/**
 * Is this tree right? Asked of trees at rest, by every test and after every simulated schedule.
 *
 * The rules, each of which a problem names:
 * 1. A page's slots, cells and fences are inside the page and fill it as the header says.
 * 2. Keys ascend and are inside the fences; an inner page's first key is its low fence.
 * 3. A page's fences are the separators beside its downlink; siblings' fences meet.
 * 4. Both links between siblings agree, level by level, and end at the edges of the tree.
 * 5. Each page of the tree has exactly one downlink, from a page one level higher.
 * 6. A root that is an inner page has two children or more, every other inner page has one, and no
 *    page is over the tree's limit of entries. If asked for, a leaf is empty only as the root or as
 *    the only child of its parent.
 * 7. No page is half dead, or the left half of a split that its parent does not know of.
 *    Where the first space page says that there may be such pages, a half-dead one has no
 *    downlink, lies in the chain of its level, and its left link is not looked at; the right half
 *    of a split follows the left one, and ends where the parent says that the left one does; and
 *    the root may have one child.
 *    Where it says that left links may be stale, only those that say that a page is the first of
 *    its level are looked at.
 * 8. A page is reached by the tree if and only if its bit on a space page says that it is in use.
 *
 * Left out: whether cells overlap that are all inside the cell area and add up (their keys would
 * have to be in order all the same), and whether latches are held, which the latch table knows.
 */
export {
  drawnLines,
  type DrawnMark,
  type DrawnPage,
  type DrawnTree,
  drawnTree,
  drawTree,
} from "./draw-tree.ts";
export { fencesMeet, highFenceAgrees, lowFenceAgrees } from "./fence-check.ts";
export { isReadable } from "./layout-check.ts";
export type { CheckReport } from "./problems.ts";
export { type CheckOptions, checkTree, TreeChecker } from "./tree-check.ts";
