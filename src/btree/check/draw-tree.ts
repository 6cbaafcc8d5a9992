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
  const seen = new Set<PageId>();
  const lines: string[] = [];
  let starts: readonly PageId[] = [rootOf(memory.frame(META_PAGE))];
  for (let depth = 0; depth <= HIGHEST_LEVEL && starts.length > 0; depth++) {
    const level = collectLevel(memory, starts, seen);
    if (level.length === 0) break;
    lines.push(drawLevel(memory, level, new Set(starts), keyToText));
    starts = level.flatMap((id) => childrenOf(memory, id));
  }
  return lines.join("\n");
}

/** The pages that parents or left siblings point to, from left to right as far as links tell. */
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

function drawLevel(
  memory: PageSource,
  level: readonly PageId[],
  known: ReadonlySet<PageId>,
  keyToText: (key: Uint8Array) => string,
): string {
  let line = "";
  for (const [index, id] of level.entries()) {
    const before = level[index - 1];
    if (before !== undefined) line += ` ${joint(memory, before, id)} `;
    line += drawPage(id, memory.frame(id), keyToText);
    if (!known.has(id)) line += "!no-parent";
  }
  return line;
}

function joint(memory: PageSource, left: PageId, right: PageId): string {
  const forward = rightOf(memory.frame(left)) === right;
  const backward = leftOf(memory.frame(right)) === left;
  if (forward) return backward ? "=" : ">";
  return backward ? "<" : "/";
}

function drawPage(id: PageId, page: PageView, keyToText: (key: Uint8Array) => string): string {
  const flags = drawFlags(page);
  if (!isReadable(page)) return `${id}(unreadable)${flags}`;
  const keys = Array.from({ length: countOf(page) }, (_, index) => keyToText(copyKey(page, index)));
  if (isLeaf(page)) return `${id}[${keys.join(",")}]${flags}`;
  const inside = keys.map((key, index) => {
    const child = String(childAt(page, index));
    return index === 0 ? child : `<${key}> ${child}`;
  });
  return `${id}{${inside.join(" ")}}${flags}`;
}

function drawFlags(page: PageView): string {
  const flags = flagsOf(page);
  let text = "";
  if ((flags & HALF_DEAD_FLAG) !== 0) text += "!half-dead";
  if ((flags & INCOMPLETE_SPLIT_FLAG) !== 0) text += "!incomplete";
  return text;
}
