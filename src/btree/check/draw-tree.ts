import {
  flagsOf,
  HALF_DEAD_FLAG,
  HIGHEST_LEVEL,
  INCOMPLETE_SPLIT_FLAG,
  leftOf,
  META_PAGE,
  NO_PAGE,
  type PageId,
  type PageSource,
  type PageView,
  rightOf,
} from "../../storage/index.ts";
import { rootOf } from "../meta-page.ts";
import { childAt, copyKey } from "../node-read.ts";
import { countOf, isLeaf } from "../page-layout.ts";
import { isReadable, layoutProblem } from "./layout-check.ts";

const MOST_PAGES = 200;

/** A page as it is drawn. */
export interface DrawnPage {
  readonly id: PageId;
  /** `2[10,12]`, `4{2 <15> 3}`, `7(unreadable)`, without marks. */
  readonly text: string;
  readonly kind: "leaf" | "inner" | "unreadable";
  /** Its keys, printed; for an inner page the first one, which parts nothing, is left out. */
  readonly keys: readonly string[];
  /** For an inner page: its children. */
  readonly children: readonly PageId[];
  readonly marks: readonly DrawnMark[];
  /** How it is joined to the page on its left; null for the first of a level. */
  readonly joint: DrawnJoint | null;
}

export type DrawnMark = "half-dead" | "incomplete" | "no-parent";
/** `=` siblings that know each other, `>` or `<` only the left or the right does, `/` neither. */
export type DrawnJoint = "=" | ">" | "<" | "/";

/** What is drawn of a tree, level by level from the root. */
export type DrawnTree = readonly (readonly DrawnPage[])[];

/**
 * Draws the tree, a line for each level, the root first:
 *
 *     4{2 <15> 3}
 *     2[10,12] = 3[15,20]
 *
 * Inner page 4 has the children 2 and 3, parted by the key 15; `=` joins siblings that know each
 * other, `>` or `<` those where only the left or only the right one knows the other, and `/` parts
 * those that neither. Flags follow a page after `!`, and `!no-parent` where only a sibling points
 * to it. Trees in the middle of a change and garbage can be drawn too; at most 200 pages are.
 */
export function drawTree(memory: PageSource, keyToText: (key: Uint8Array) => string): string {
  return drawnLines(drawnTree(memory, keyToText)).join("\n");
}

/** The lines of {@link drawTree}. */
export function drawnLines(tree: DrawnTree): string[] {
  return tree.map((level) =>
    level
      .map(({ text, marks, joint }) => {
        const shown = text + marks.map((mark) => `!${mark}`).join("");
        return joint === null ? shown : ` ${joint} ${shown}`;
      })
      .join(""),
  );
}

/** What {@link drawTree} draws, as data. */
export function drawnTree(memory: PageSource, keyToText: (key: Uint8Array) => string): DrawnTree {
  const seen = new Set<PageId>();
  const levels: (readonly DrawnPage[])[] = [];
  let starts: readonly PageId[] = [rootOf(memory.frame(META_PAGE))];
  for (let depth = 0; depth <= HIGHEST_LEVEL && starts.length > 0; depth++) {
    const level = collectLevel(memory, starts, seen);
    if (level.length === 0) break;
    levels.push(drawnLevel(memory, level, new Set(starts), keyToText));
    starts = level.flatMap((id) => childrenOf(memory, id));
  }
  return levels;
}

/** The pages that parents or left siblings point to, from left to right as links have them. */
function collectLevel(memory: PageSource, starts: readonly PageId[], seen: Set<PageId>): PageId[] {
  const level: PageId[] = [];
  for (const start of starts) {
    let id = start;
    while (id !== NO_PAGE && id < memory.capacity && !seen.has(id) && seen.size < MOST_PAGES) {
      seen.add(id);
      level.push(id);
      id = rightOf(memory.frame(id));
    }
  }
  return level;
}

function childrenOf(memory: PageSource, id: PageId): PageId[] {
  const page = memory.frame(id);
  if (isLeaf(page) || layoutProblem(page) !== "") return [];
  return Array.from({ length: countOf(page) }, (_, index) => childAt(page, index));
}

function drawnLevel(
  memory: PageSource,
  level: readonly PageId[],
  known: ReadonlySet<PageId>,
  keyToText: (key: Uint8Array) => string,
): DrawnPage[] {
  return level.map((id, index) => {
    const before = level[index - 1];
    const page = memory.frame(id);
    const marks = marksOf(page);
    if (!known.has(id)) marks.push("no-parent");
    const joint = before === undefined ? null : jointOf(memory, before, id);
    return { ...drawnPage(id, page, keyToText), marks, joint };
  });
}

function jointOf(memory: PageSource, left: PageId, right: PageId): DrawnJoint {
  const forward = rightOf(memory.frame(left)) === right;
  const backward = leftOf(memory.frame(right)) === left;
  if (forward) return backward ? "=" : ">";
  return backward ? "<" : "/";
}

function drawnPage(
  id: PageId,
  page: PageView,
  keyToText: (key: Uint8Array) => string,
): Omit<DrawnPage, "marks" | "joint"> {
  if (!isReadable(page)) {
    return { id, text: `${id}(unreadable)`, kind: "unreadable", keys: [], children: [] };
  }
  const keys = Array.from({ length: countOf(page) }, (_, index) => keyToText(copyKey(page, index)));
  if (isLeaf(page)) {
    return { id, text: `${id}[${keys.join(",")}]`, kind: "leaf", keys, children: [] };
  }
  const children = keys.map((_, index) => childAt(page, index));
  const inside = children.map((child, i) => (i === 0 ? String(child) : `<${keys[i]}> ${child}`));
  const text = `${id}{${inside.join(" ")}}`;
  return { id, text, kind: "inner", keys: keys.slice(1), children };
}

function marksOf(page: PageView): DrawnMark[] {
  const flags = flagsOf(page);
  const marks: DrawnMark[] = [];
  if ((flags & HALF_DEAD_FLAG) !== 0) marks.push("half-dead");
  if ((flags & INCOMPLETE_SPLIT_FLAG) !== 0) marks.push("incomplete");
  return marks;
}
