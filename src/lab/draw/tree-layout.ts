import { fenceText } from "./page-words.ts";
import { keyText, type PagePicture, type TreePicture } from "../picture/index.ts";

/**
 * Where the pages of a tree stand. Lengths are in pixels of a drawing at its natural size; a page's
 * place is its upper left corner.
 */
export interface TreeLayout {
  readonly pages: readonly PlacedPage[];
  readonly links: readonly PlacedLink[];
  /** The meta page, which names the root. */
  readonly meta: Box;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedPage extends Box {
  readonly page: PagePicture;
  readonly isRoot: boolean;
  /** Whether some inner page, or the meta page, names it. */
  readonly hasParent: boolean;
  readonly cells: readonly PlacedCell[];
}

/** A key, or the place of a child pointer. Its place is relative to the page. */
export interface PlacedCell extends Box {
  /** The same for one entry of a tree wherever it goes. */
  readonly id: string;
  readonly kind: "key" | "separator" | "child";
  readonly text: string;
}

/** `child`: parent to child; `right` and `left`: a sibling link; `root`: the meta page's. */
export interface PlacedLink {
  readonly id: string;
  readonly kind: "child" | "right" | "left" | "root";
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

export const PAGE_HEIGHT = 46;
const TITLE_HEIGHT = 18;
const CELL_HEIGHT = 24;
const CELL_PADDING = 6;
const CHILD_WIDTH = 14;
const PAGE_WIDTH_MIN = 74;
/** Widths of a character of a page's number and of its fences. */
const TITLE_CHAR_WIDTH = 7.3;
const FENCE_CHAR_WIDTH = 6.7;
export const PAGE_GAP = 46;
export const LEVEL_HEIGHT = 138;
const META_WIDTH = 62;
/** Width of a character of the keys' font, which has one width for all. */
const CHAR_WIDTH = 8.6;

/** Lays a tree out: a row for each level, pages by their low fences. O(pages × log pages). */
export function layoutTree(tree: TreePicture): TreeLayout {
  const pages = [...tree.pages.values()];
  const parents = parentsOf(tree);
  const levels = rowsOf(pages);
  const placed = new Map<number, PlacedPage>();
  const top = levels.length - 1;
  for (const [level, row] of levels.entries()) {
    const y = (top - level) * LEVEL_HEIGHT;
    let right = Number.NEGATIVE_INFINITY;
    for (const page of row) {
      const cells = cellsOf(page);
      const width = widthOf(page, cells);
      const wished = centreOfChildren(page, placed);
      const x = Math.max(right, wished === null ? (right < 0 ? 0 : right) : wished - width / 2);
      const hasParent = parents.has(page.page) || page.page === tree.root;
      const isRoot = page.page === tree.root;
      const spread = spreadCells(cells, width);
      placed.set(page.page, {
        page,
        x,
        y,
        width,
        height: PAGE_HEIGHT,
        isRoot,
        hasParent,
        cells: spread,
      });
      right = x + width + PAGE_GAP;
    }
  }
  return framed(tree, [...placed.values()]);
}

/** The pages that some inner page names. */
function parentsOf({ pages }: TreePicture): ReadonlySet<number> {
  const named = new Set<number>();
  for (const { entries } of pages.values()) {
    for (const { child } of entries) if (child !== null) named.add(child);
  }
  return named;
}

/** The pages of each level, from the leaves up, those of each by their low fences. */
function rowsOf(pages: readonly PagePicture[]): PagePicture[][] {
  const levels = Math.max(0, ...pages.map(({ level }) => level)) + 1;
  const rows = Array.from({ length: levels }, (): PagePicture[] => []);
  for (const page of pages) rows[page.level]?.push(page);
  for (const row of rows) {
    row.sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : a.page - b.page));
  }
  return rows;
}

function cellsOf({ kind, entries }: PagePicture): PlacedCell[] {
  if (kind === "leaf") {
    return entries.map(({ key }) => cell(`key ${key}`, "key", keyText(key)));
  }
  return entries.flatMap(({ key, child }, index) => {
    const pointer = cell(`child ${child}`, "child", "");
    // The first key of an inner page is its own low bound, and separates nothing.
    return index === 0
      ? [pointer]
      : [cell(`separator ${key} ${child}`, "separator", keyText(key)), pointer];
  });
}

function cell(id: string, kind: PlacedCell["kind"], text: string): PlacedCell {
  const width = kind === "child" ? CHILD_WIDTH : text.length * CHAR_WIDTH + 2 * CELL_PADDING;
  return { id, kind, text, x: 0, y: TITLE_HEIGHT, width, height: CELL_HEIGHT };
}

function widthOf(page: PagePicture, cells: readonly PlacedCell[]): number {
  const used = cells.reduce((sum, { width }) => sum + width, 0);
  const heading =
    String(page.page).length * TITLE_CHAR_WIDTH + fenceText(page).length * FENCE_CHAR_WIDTH;
  return Math.max(PAGE_WIDTH_MIN, used + 2 * CELL_PADDING, heading + 3 * CELL_PADDING);
}

/** Sets the cells side by side, in the middle of their page. */
function spreadCells(cells: readonly PlacedCell[], width: number): PlacedCell[] {
  const used = cells.reduce((sum, one) => sum + one.width, 0);
  let x = (width - used) / 2;
  return cells.map((one) => {
    const at = x;
    x += one.width;
    return { ...one, x: at };
  });
}

function centreOfChildren(
  { entries }: PagePicture,
  placed: ReadonlyMap<number, PlacedPage>,
): number | null {
  const centres = entries.flatMap(({ child }) => {
    const below = child === null ? undefined : placed.get(child);
    return below === undefined ? [] : [below.x + below.width / 2];
  });
  if (centres.length === 0) return null;
  return centres.reduce((sum, x) => sum + x, 0) / centres.length;
}

/** The layout with the meta page left of the root, shifted so that nothing is left of 0. */
function framed(tree: TreePicture, pages: readonly PlacedPage[]): TreeLayout {
  const root = pages.find(({ isRoot }) => isRoot);
  const beside = pages.filter(({ y }) => y === (root?.y ?? 0)).map(({ x }) => x);
  const metaRight = Math.min(0, ...beside) - PAGE_GAP;
  const wanted = (root?.x ?? META_WIDTH + PAGE_GAP) - PAGE_GAP - META_WIDTH;
  const metaX = beside.some((x) => x < (root?.x ?? 0)) ? metaRight - META_WIDTH : wanted;
  const left = Math.min(metaX, ...pages.map(({ x }) => x));
  const shifted = pages.map((page) => ({ ...page, x: page.x - left }));
  const meta = { x: metaX - left, y: root?.y ?? 0, width: META_WIDTH, height: PAGE_HEIGHT };
  const boxes = [meta, ...shifted];
  return {
    pages: shifted,
    links: [...rootLink(tree, meta, shifted), ...linksOf(shifted)],
    meta,
    width: Math.max(...boxes.map(({ x, width }) => x + width)),
    height: Math.max(...boxes.map(({ y, height }) => y + height)),
  };
}

function rootLink(tree: TreePicture, meta: Box, pages: readonly PlacedPage[]): PlacedLink[] {
  const root = pages.find(({ page }) => page.page === tree.root);
  if (root === undefined) return [];
  const from = [meta.x + meta.width, meta.y + meta.height / 2] as const;
  return [{ id: "root", kind: "root", from, to: [root.x, root.y + root.height / 2] }];
}

function linksOf(pages: readonly PlacedPage[]): PlacedLink[] {
  const byNumber = new Map(pages.map((placed) => [placed.page.page, placed]));
  return pages.flatMap((placed) => [
    ...childLinks(placed, byNumber),
    ...siblingLinks(placed, byNumber),
  ]);
}

type ByNumber = ReadonlyMap<number, PlacedPage>;

function childLinks({ page, x, y, cells }: PlacedPage, byNumber: ByNumber): PlacedLink[] {
  const pointers = cells.filter(({ kind }) => kind === "child");
  return page.entries.flatMap(({ child }, index): PlacedLink[] => {
    const to = child === null ? undefined : byNumber.get(child);
    const pointer = pointers[index];
    if (to === undefined || pointer === undefined) return [];
    const from = [x + pointer.x + pointer.width / 2, y + pointer.y + pointer.height / 2] as const;
    const id = `child ${page.page} ${child}`;
    return [{ id, kind: "child", from, to: [to.x + to.width / 2, to.y] }];
  });
}

/** How far the two links between neighbours are apart. */
const LINK_GAP = 7;

function siblingLinks({ page, x, y, width }: PlacedPage, byNumber: ByNumber): PlacedLink[] {
  const middle = y + TITLE_HEIGHT + CELL_HEIGHT / 2;
  const links: PlacedLink[] = [];
  const [right, left] = [byNumber.get(page.right), byNumber.get(page.left)];
  if (right !== undefined) {
    const to = [right.x, right.y + middle - y - LINK_GAP] as const;
    const from = [x + width, middle - LINK_GAP] as const;
    links.push({ id: `right ${page.page}`, kind: "right", from, to });
  }
  if (left !== undefined) {
    const to = [left.x + left.width, left.y + middle - y + LINK_GAP] as const;
    links.push({ id: `left ${page.page}`, kind: "left", from: [x, middle + LINK_GAP], to });
  }
  return links;
}
