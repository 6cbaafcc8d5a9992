import type {
  LatchPicture,
  LatchUse,
  Mode,
  PagePicture,
  Picture,
  TaskPicture,
  TreePicture,
} from "../picture/index.ts";
import { pageKey } from "../picture/index.ts";
import { fenceText, metaWords, pageWords } from "./page-words.ts";
import {
  type Box,
  layoutTree,
  PAGE_HEIGHT,
  type PlacedCell,
  type PlacedLink,
  type PlacedPage,
} from "./tree-layout.ts";

/** All that is drawn of a picture, with its place; for whoever paints it, live or into a file. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly pages: readonly ScenePage[];
  readonly cells: readonly SceneCell[];
  readonly links: readonly PlacedLink[];
  readonly chips: readonly Chip[];
  /** A heading above each tree, where there are several. */
  readonly headings: readonly { readonly text: string; readonly x: number; readonly y: number }[];
  /** Whether what is drawn is only how it was when the power failed. */
  readonly isGone: boolean;
}

export interface ScenePage extends Box {
  readonly id: string;
  readonly title: string;
  /** As in `[20, 40)`; empty for the meta page. */
  readonly fences: string;
  readonly kind: PagePicture["kind"] | "meta";
  readonly isRoot: boolean;
  /** Whether only a sibling leads to it, or nothing. */
  readonly isLoose: boolean;
  /** What the last step did to it, in a word; null for nothing. */
  readonly mark: "new" | "split" | "merged" | "changed" | null;
  /** What a screen reader says of it. */
  readonly words: string;
  readonly heldModes: readonly Mode[];
}

/** A cell with its place in the scene. */
export type SceneCell = PlacedCell & { readonly page: string };

/** A task at a page: it holds its latch, stands in its queue, or is on its way to it. */
export interface Chip extends Box {
  readonly id: string;
  readonly task: number;
  readonly name: string;
  /** `coming`: its next step is about the page. `outside`: it waits in no queue. */
  readonly role: "holds" | "waits" | "outside" | "coming";
  readonly mode: Mode | null;
  readonly text: string;
}

const CHIP_HEIGHT = 22;
const CHIP_WIDTH = 42;
const CHIP_GAP = 4;
/** Room for chips above and below the pages. */
const MARGIN_Y = 44;
const MARGIN_X = 14;
const TREE_GAP = 80;
const HEADING_HEIGHT = 26;

/** Lays out everything that a picture shows. */
export function sceneOf(picture: Picture): Scene {
  let y = 0;
  const parts = picture.trees.map((tree) => {
    const part = sceneOfTree(picture, tree, y);
    y += part.height + TREE_GAP;
    return part;
  });
  const all = <K extends "pages" | "cells" | "links" | "chips" | "headings">(
    field: K,
  ): Scene[K][number][] => parts.flatMap((part): readonly Scene[K][number][] => part[field]);
  return {
    width: Math.max(1, ...parts.map(({ width }) => width)),
    height: Math.max(1, y - TREE_GAP),
    pages: all("pages"),
    cells: all("cells"),
    links: all("links"),
    chips: all("chips"),
    headings: all("headings"),
    isGone: !picture.isOpen,
  };
}

/** @param top Where the tree begins. */
function sceneOfTree(picture: Picture, tree: TreePicture, top: number): Omit<Scene, "isGone"> {
  const { partition } = tree;
  const name = (page: number | string): string => `${partition ?? ""}/${page}`;
  const layout = layoutTree(tree);
  const hasHeading = partition !== null || !picture.isOpen;
  const dy = top + MARGIN_Y + (hasHeading ? HEADING_HEIGHT : 0);
  const moved = <T extends Box>(box: T): T => ({ ...box, x: box.x + MARGIN_X, y: box.y + dy });
  const latches = [...picture.latches.values()].filter((latch) => latch.partition === partition);
  const latchOf = (page: number): LatchPicture | undefined =>
    latches.find((latch) => latch.page === page);
  const marks = marksOf(picture, partition);
  const placed = layout.pages.map(moved);
  const meta = moved(layout.meta);
  const boxes = new Map<number, Box>([
    [0, meta],
    ...placed.map((one) => [one.page.page, one] as const),
  ]);
  const pages = placed.map((one): ScenePage => {
    const { page, isRoot, hasParent, x, y, width, height } = one;
    const latch = latchOf(page.page);
    return {
      id: name(page.page),
      x,
      y,
      width,
      height,
      title: String(page.page),
      fences: page.kind === "unreadable" ? "unreadable" : fenceText(page),
      kind: page.kind,
      isRoot,
      isLoose: !hasParent,
      mark: marks.get(page.page) ?? null,
      words: pageWords(page, isRoot, latch, picture.tasks),
      heldModes: latch?.holders.map(({ mode }) => mode) ?? [],
    };
  });
  const headings = headingsOf(tree, picture.isOpen, { x: MARGIN_X, y: dy - MARGIN_Y });
  return {
    width: layout.width + 2 * MARGIN_X,
    height: layout.height + 2 * MARGIN_Y + (hasHeading ? HEADING_HEIGHT : 0),
    pages: [
      ...(tree.root === null ? [] : [metaPage(name(0), meta, tree, latchOf(0), picture.tasks)]),
      ...pages,
    ],
    cells: uniqueCells(placed, name),
    links: layout.links.map((link) => ({
      ...link,
      id: name(link.id),
      from: [link.from[0] + MARGIN_X, link.from[1] + dy],
      to: [link.to[0] + MARGIN_X, link.to[1] + dy],
    })),
    chips: chipsOf(picture, latches, boxes, partition, name),
    headings,
  };
}

function headingsOf(
  { partition }: TreePicture,
  isOpen: boolean,
  place: { readonly x: number; readonly y: number },
): Scene["headings"] {
  const what = partition === null ? "" : `partition ${partition}`;
  const none = isOpen ? "" : "closed: what was in memory is gone";
  const text = [what, none].filter((part) => part !== "").join(", ");
  return text === "" ? [] : [{ text, x: place.x, y: place.y + 16 }];
}

function metaPage(
  id: string,
  box: Box,
  tree: TreePicture,
  latch: LatchPicture | undefined,
  tasks: readonly TaskPicture[],
): ScenePage {
  return {
    id,
    ...box,
    title: "0",
    fences: "meta",
    kind: "meta",
    isRoot: false,
    isLoose: false,
    mark: null,
    words: metaWords(tree.root ?? 0, latch, tasks),
    heldModes: latch?.holders.map(({ mode }) => mode) ?? [],
  };
}

/** What the last step did to each page; the weightiest word wins. */
function marksOf(
  { events, changed }: Picture,
  partition: number | null,
): ReadonlyMap<number, NonNullable<ScenePage["mark"]>> {
  const marks = new Map<number, NonNullable<ScenePage["mark"]>>();
  for (const { kind, pages } of events) {
    if (kind === "changed")
      for (const page of pages) if (!marks.has(page)) marks.set(page, "changed");
    const [first, second] = pages;
    if (kind === "allocated" && first !== undefined) marks.set(first, "new");
    if (kind === "split" && first !== undefined) marks.set(first, "split");
    if (kind === "merge" && second !== undefined) marks.set(second, "merged");
  }
  // An event does not say of which partition its pages are; what has changed does.
  if (partition === null) return marks;
  return new Map([...marks].filter(([page]) => changed.has(pageKey(partition, page))));
}

/** The cells of all pages; where a key is in two pages, its second cell has a name of its own. */
function uniqueCells(pages: readonly PlacedPage[], name: (id: string) => string): SceneCell[] {
  const seen = new Map<string, number>();
  return pages.flatMap(({ x, y, cells, page }) =>
    cells.map((cell) => {
      const id = name(cell.id);
      const before = seen.get(id) ?? 0;
      seen.set(id, before + 1);
      const own = before === 0 ? id : `${id} ${before + 1}`;
      return { ...cell, id: own, page: name(String(page.page)), x: x + cell.x, y: y + cell.y };
    }),
  );
}

/** As in `a·S`: the task, and how it holds or asks for the latch. */
function chipText(name: string, mode: Mode | null, role: Chip["role"]): string {
  const what = mode === null ? name : `${name}·${mode}`;
  if (role === "coming") return `→${what}`;
  return role === "holds" ? what : `…${what}`;
}

/** Holders stand on their page, those who wait or come below it. */
function chipsOf(
  { tasks }: Picture,
  latches: readonly LatchPicture[],
  boxes: ReadonlyMap<number, Box>,
  partition: number | null,
  name: (id: string) => string,
): Chip[] {
  const chips: Chip[] = [];
  const below = new Map<number, number>();
  const add = (
    page: number,
    use: Pick<LatchUse, "task"> & { mode: Mode | null },
    role: Chip["role"],
  ): void => {
    const box = boxes.get(page);
    if (box === undefined) return;
    const isHeld = role === "holds";
    const key = isHeld ? -1 - page : page;
    const at = below.get(key) ?? 0;
    below.set(key, at + 1);
    const task = tasks[use.task]?.name ?? "";
    chips.push({
      id: name(`${role === "holds" ? "holds" : "to"} ${use.task} ${page}`),
      task: use.task,
      name: task,
      role,
      mode: use.mode,
      text: chipText(task, use.mode, role),
      x: box.x + at * (CHIP_WIDTH + CHIP_GAP),
      y: isHeld ? box.y - CHIP_HEIGHT - 3 : box.y + PAGE_HEIGHT + 4,
      width: CHIP_WIDTH,
      height: CHIP_HEIGHT,
    });
  };
  for (const { page, holders, queue, blocked } of latches) {
    for (const use of holders) add(page, use, "holds");
    for (const use of queue) add(page, use, "waits");
    for (const use of blocked) add(page, use, "outside");
  }
  for (const { task, wants, state } of tasks) {
    if (wants === null || state !== "ready") continue;
    if (wants.partition === partition) add(wants.page, { task, mode: wants.mode }, "coming");
  }
  return chips;
}
