import { areDependent, areSameDraws } from "./event.ts";
import type { Planned, Reversal } from "./reversal.ts";
import { isLeafAsleep, type Sleeper, sleeps, stillAsleep } from "./sleep.ts";

/**
 * One edge of a wakeup tree: an event to run, and what to run after it. Where nothing is planned
 * after it, the search goes on as it likes.
 */
export interface Branch extends Planned {
  branches: Branch[];
  /** For one after which nothing is planned: for which race. */
  readonly origin: Origin | null;
}

/** Where a sequence was planned, and how it is told apart from others planned there. */
export interface Origin {
  readonly depth: number;
  readonly key: string;
}

/**
 * Adds a sequence to a tree, unless some sequence of the tree leads to the same: one that can be
 * continued to what the new one can be continued to (Abdulla et al., 2014, definition 6.8).
 *
 * A branch whose values are prescribed stands for those values only. A free one was never run, so
 * of what it is independent is not certain; that it leads to the same is found out when it has been
 * run, by {@link prune}.
 *
 * @returns whether it was added.
 */
export function insert(tree: Branch[], reversal: Reversal, origin: Origin): boolean {
  let branches = tree;
  let left: readonly Planned[] = reversal.items;
  for (;;) {
    const next = firstThatLeadsOn(branches, left, reversal);
    if (next === null) {
      branches.push(chain(left, origin));
      return true;
    }
    if (next.branch.branches.length === 0) return false;
    branches = next.branch.branches;
    left = next.left;
    if (left.length === 0) return false;
  }
}

/**
 * Takes out what leads to nothing new by now, since others that sleep have been explored.
 *
 * @param sleepers Who sleeps where the tree begins.
 */
export function prune(tree: readonly Branch[], sleepers: readonly Sleeper[]): Branch[] {
  return sleepers.length === 0 ? [...tree] : tree.filter((branch) => leadsOn(branch, sleepers));
}

/** Whether somebody who sleeps could as well come first in all that a sequence leads to. */
export function isCovered(reversal: Reversal, sleepers: readonly Sleeper[]): boolean {
  return sleepers.some((sleeper) => covers(sleeper, reversal));
}

function covers(sleeper: Sleeper, reversal: Reversal): boolean {
  const { items } = reversal;
  const own = items.findIndex(({ task }) => task === sleeper.task);
  const item = items[own];
  if (item === undefined) {
    if (!sleeps([sleeper], sleeper.task)) return false;
    return items.every(({ action }) =>
      sleeper.leaves.every(({ event }) => !areDependent(event, action)),
    );
  }
  if (item.draws === null) {
    if (!sleeps([sleeper], sleeper.task)) return false;
    return items
      .slice(0, own)
      .every(
        (before) =>
          !reversal.mustPrecede(before, item) &&
          sleeper.leaves.every(({ event }) => !areDependent(event, before.action)),
      );
  }
  return isLeafAsleep(sleeper, item.draws) && isFirst(own, items, reversal);
}

function isFirst(own: number, items: readonly Planned[], reversal: Reversal): boolean {
  const item = items[own];
  return (
    item !== undefined &&
    items.slice(0, own).every((before) => !reversal.mustPrecede(before, item))
  );
}

function firstThatLeadsOn(
  branches: readonly Branch[],
  items: readonly Planned[],
  reversal: Reversal,
): { readonly branch: Branch; readonly left: readonly Planned[] } | null {
  for (const branch of branches) {
    const left = afterBranch(branch, items, reversal);
    if (left !== null) return { branch, left };
  }
  return null;
}

/** What is left of a sequence once a branch has been run; null if the branch leads elsewhere. */
function afterBranch(
  branch: Branch,
  items: readonly Planned[],
  reversal: Reversal,
): readonly Planned[] | null {
  const own = items.findIndex(({ task }) => task === branch.task);
  const item = items[own];
  if (item === undefined) {
    const isKnown = branch.draws !== null && branch.draws.length === 0;
    const isApart = items.every(({ action }) => !areDependent(branch.action, action));
    return isKnown && isApart ? items : null;
  }
  if (!isFirst(own, items, reversal)) return null;
  if (branch.draws !== null && branch.draws.length > 0) {
    if (item.draws === null || !areSameDraws(branch.draws, item.draws)) return null;
  }
  return items.filter((_, i) => i !== own);
}

function leadsOn(branch: Branch, sleepers: readonly Sleeper[]): boolean {
  const own = sleepers.find(({ task }) => task === branch.task);
  if (own !== undefined) {
    const isOver =
      branch.draws === null ? sleeps([own], branch.task) : isLeafAsleep(own, branch.draws);
    if (isOver) return false;
  }
  const left = stillAsleep(sleepers, branch.action);
  if (branch.branches.length === 0) return !left.some((one) => sleeps([one], one.task));
  branch.branches = prune(branch.branches, left);
  return branch.branches.length > 0;
}

function chain(items: readonly Planned[], origin: Origin): Branch {
  let branches: Branch[] = [];
  for (const { task, draws, action } of [...items].reverse()) {
    branches = [{ task, draws, action, branches, origin: branches.length === 0 ? origin : null }];
  }
  const [first] = branches;
  if (first === undefined) throw new RangeError("a sequence has an event");
  return first;
}
