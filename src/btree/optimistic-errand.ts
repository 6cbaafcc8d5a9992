import type { PageView } from "../storage/index.ts";
import type { Task } from "../task/index.ts";
import type { Aim } from "./aim.ts";
import type { OptimisticPage } from "./optimistic-page.ts";

// What a way down without latches is for, and what comes of it.

/** What a leaf, looked at without a latch, says of a write: what it takes to make it. */
export type Need = "nothing" | "leaf" | "structure";

/** What a way down is for. */
export interface Errand<T> {
  readonly aim: Aim;
  /** Whether an inner page certainly stays in one piece, so that nothing above it changes. */
  readonly isSafe: (page: PageView, isRoot: boolean) => boolean;
  /** What is to be found out in the leaf. */
  readonly atLeaf: (leaf: PageView) => T;
}

/** The end of a way down: a leaf, and what was found out there. */
export interface Arrival<T> {
  /** The pages that the operation may change, held by their versions; the leaf is the last. */
  readonly way: readonly OptimisticPage[];
  readonly leaf: OptimisticPage;
  readonly seen: T;
}

/** How a write is made that takes this or that; null if it was refused a latch. */
export interface Ways {
  readonly inLeaf: (leaf: OptimisticPage) => Task<boolean | null>;
  readonly inStructure: (way: readonly OptimisticPage[]) => Task<boolean | null>;
}

/** What lies beside a page that may have to split or merge; held by their versions. */
export interface Beside {
  /** The sibling to its left that it may merge into, or null. */
  readonly left: OptimisticPage | null;
  /** The right sibling that may merge into it, and the page that has to be relinked. */
  readonly right: readonly OptimisticPage[];
}
