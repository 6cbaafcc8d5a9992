import type { Failure } from "../../sim/index.ts";

/** The failure of a run that leaves a tree which is none. */
export function brokenTree(problem: string): Failure {
  const message = `broken tree: ${problem}`;
  return { kind: "broken-tree", message, task: null };
}

/** What a page is whose bytes are those of none. */
export const NO_ROLE = "not of the tree";
