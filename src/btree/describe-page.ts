import {
  isFree,
  levelOf,
  META_PAGE,
  type PageId,
  type PageSource,
  pageIdOf,
} from "../storage/index.ts";
import { rootOf } from "./meta-page.ts";
import { copyHighFence, copyLowFence } from "./node-read.ts";

/**
 * Names a page by what it is in the tree now: `page 4 (leaf [20,30))`, `page 3 (root)`.
 *
 * @param keyToText How keys are printed.
 */
export function describePage(
  memory: PageSource,
  id: PageId,
  keyToText: (key: Uint8Array) => string,
): string {
  if (id === META_PAGE) return "the meta page";
  const page = memory.frame(id);
  if (isFree(page)) return `page ${id} (free)`;
  const high = copyHighFence(page);
  const range = `[${keyToText(copyLowFence(page))},${high === null ? "" : keyToText(high)})`;
  const level = levelOf(page);
  const isRoot = rootOf(memory.frame(META_PAGE)) === pageIdOf(page);
  const role = isRoot ? "root" : level === 0 ? "leaf" : "inner";
  return `page ${id} (${role}${isRoot && level === 0 ? " leaf" : ""} ${range})`;
}
