import { type RoleNames, withoutNumbers } from "../../sim/index.ts";

/**
 * What a page is wanted as on the way down. Which of them depends on how high the tree is, and a
 * smaller tree shows the same bug.
 */
const WAY_DOWN: ReadonlySet<string> = new Set([
  "root",
  "root leaf",
  "child",
  "child again",
  "leaf",
]);
const PAGES = /\b(?:root leaf|root|child again|child|leaf|inner)\b/g;
const RANGE = /[[(][^[\]()]*,[^[\]()]*[\])]/g;
/** A task by its letter, with what it was doing: another letter in a smaller scenario. */
const TASK = /\b[a-z] \([^()]*\)/g;
/** As names of log files have them. */
const HEXADECIMAL = /\b[0-9a-f]{8,}\b/g;

/** How the names of a tree's objects become roles, the same in a smaller scenario. */
export const TREE_NAMES: RoleNames = {
  latch: (site) => (WAY_DOWN.has(site) ? "page" : site),
  object: plain,
  rule: plain,
};

function plain(text: string): string {
  const same = text.replace(HEXADECIMAL, "#").replace(RANGE, "").replace(TASK, "task");
  return withoutNumbers(same.replace(PAGES, "page"));
}
