import {
  isSpacePage,
  levelOf,
  META_PAGE,
  type PageId,
  pageIdOf,
  type PageSource,
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
  const { memory, space } = store;
  if (id === META_PAGE) return "the meta page";
  if (isSpacePage(id, memory.pageSize)) return `page ${id} (space map)`;
  if (space.isFree(id)) return `page ${id} (free)`;
  if (id >= memory.capacity || !memory.isResident(id)) return `page ${id} (not in memory)`;
  const page = memory.frame(id);
  if (layoutProblem(page) !== "") return `page ${id}`;
  const high = copyHighFence(page);
  const range = `[${keyToText(copyLowFence(page))},${high === null ? "" : keyToText(high)})`;
  const level = levelOf(page);
  const isKnown = memory.isResident(META_PAGE);
  const isRoot = isKnown && rootOf(memory.frame(META_PAGE)) === pageIdOf(page);
  const role = isRoot ? "root" : level === 0 ? "leaf" : "inner";
  return `page ${id} (${role}${isRoot && level === 0 ? " leaf" : ""} ${range})`;
}
