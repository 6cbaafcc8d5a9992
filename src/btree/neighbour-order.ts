import { compareBytes } from "./bytes.ts";
import { copyHighFence } from "./node-read.ts";
import type { WriteHandle } from "./page-handle.ts";

// In which order the right neighbours of several changed pages are latched.

/** Takes out of a list the pages whose right neighbour begins before that of `page` does. */
export function takeEndingBefore(pages: WriteHandle[], page: WriteHandle): WriteHandle[] {
  if (pages.length === 0) return pages;
  const end = copyHighFence(page);
  const isBefore = (other: WriteHandle): boolean => {
    const high = copyHighFence(other);
    return high !== null && (end === null || compareBytes(high, end) < 0);
  };
  const taken = pages.filter(isBefore);
  const kept = pages.filter((other) => !isBefore(other));
  pages.splice(0, pages.length, ...kept);
  return taken;
}

/** Sorts pages, given bottom-up, by the latch order of their right neighbours. */
export function inLatchOrder(pages: readonly WriteHandle[]): readonly WriteHandle[] {
  if (pages.length < 2) return pages;
  const sorted: WriteHandle[] = [];
  for (const page of pages) {
    const high = copyHighFence(page);
    if (high === null) continue;
    let at = sorted.length;
    while (at > 0) {
      const before = sorted[at - 1];
      const beforeHigh = before === undefined ? null : copyHighFence(before);
      if (beforeHigh === null || compareBytes(beforeHigh, high) < 0) break;
      at--;
    }
    sorted.splice(at, 0, page);
  }
  return sorted;
}
