import {
  isSpacePage,
  levelOf,
  META_PAGE,
  type PageId,
  pageIdOf,
  type PageSource,
  type PageView,
  type SpaceMap,
} from "../storage/index.ts";
import { rootOf } from "./meta-page.ts";
import { copyHighFence, copyLowFence } from "./node-read.ts";
import { layoutProblem } from "./check/layout-check.ts";

/** Where pages are looked at to be named: a tree's store, or its pages in memory and on disk. */
export interface NamedPages {
  readonly space: Pick<SpaceMap, "isFree">;
  readonly memory: PageSource & { isResident(id: PageId): boolean };
}

/**
 * Names a page by what it is in the tree now: `page 4 (leaf [20,30))`, `page 3 (root)`. A page that
 * is not in memory is named by its number only.
 *
 * @param keyToText How keys are printed.
 */
export function describePage(
  store: NamedPages,
  id: PageId,
  keyToText: (key: Uint8Array) => string,
): string {
  if (id === META_PAGE) return "the meta page";
  const role = roleOfPage(store, id, keyToText);
  return role === null ? `page ${id}` : `page ${id} (${role})`;
}

/**
 * What a page is in the tree now: `meta`, `leaf [20,30)`, `root`, `free`; null if its bytes are
 * those of no page. A page that covers all keys has no range.
 *
 * @param keyToText How keys are printed.
 */
export function roleOfPage(
  store: NamedPages,
  id: PageId,
  keyToText: (key: Uint8Array) => string,
): string | null {
  const { memory, space } = store;
  if (id === META_PAGE) return "meta";
  if (isSpacePage(id, memory.pageSize)) return "space map";
  if (space.isFree(id)) return "free";
  if (id >= memory.capacity || !memory.isResident(id)) return "not in memory";
  const page = memory.frame(id);
  if (layoutProblem(page) !== "") return null;
  const range = rangeOf(page, keyToText);
  const level = levelOf(page);
  const isKnown = memory.isResident(META_PAGE);
  const isRoot = isKnown && rootOf(memory.frame(META_PAGE)) === pageIdOf(page);
  const kind = isRoot ? "root" : level === 0 ? "leaf" : "inner";
  return `${kind}${isRoot && level === 0 ? " leaf" : ""}${range === "" ? "" : ` ${range}`}`;
}

/** The keys that a page covers: `[20,30)`; empty for all keys. */
function rangeOf(page: PageView, keyToText: (key: Uint8Array) => string): string {
  const [low, high] = [copyLowFence(page), copyHighFence(page)];
  if (low.length === 0 && high === null) return "";
  return `[${keyToText(low)},${high === null ? "" : keyToText(high)})`;
}
