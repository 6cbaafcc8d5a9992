import { type Action, areDependent, areSameDraws } from "./event.ts";
import type { Planned, Reversal } from "./reversal.ts";
import { isLeafAsleep, type Sleeper, sleeps, stillAsleep } from "./sleep.ts";

/**
 * One edge of a wakeup tree: an event to run, and what to run after it.
 *
 * Where the branch is open, the search goes on after it as it likes, and comes to all that begins
 * so. A branch is *shadowed* if one before it may turn out to lead to all that it leads to, which
 * is known once that has been run. So what such a branch stands for is kept below it, in case it is
 * closed; for any other open branch nothing need be kept.
 */
export interface Branch extends Planned {
  /** Grows where another race shows more of what a free one does for certain. */
  action: Action;
  branches: Branch[];
  isOpen: boolean;
  readonly isShadowed: boolean;
  /** Whether it stands for a sequence that is not kept, so that it must be run. */
  isKept: boolean;
  /** Whether a sequence that ends with it was planned too, though others go on after it. */
  isEnd: boolean;
  /** For one that was open from the start: for which race. */
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
  let isShadowed = false;
  for (;;) {
    const found = firstThatLeadsOn(branches, left, reversal);
    isShadowed ||= found.isShadowed;
    const { branch } = found;
    if (branch === null) {
      branches.push(chain(left, origin, isShadowed));
      return true;
    }
    if (found.left.length === 0) {
      branch.isEnd = true;
      return false;
    }
    if (branch.isOpen && !branch.isShadowed) {
      branch.isKept = true;
      return false;
    }
    branches = branch.branches;
    left = found.left;
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
    item !== undefined && items.slice(0, own).every((before) => !reversal.mustPrecede(before, item))
  );
}

interface Found {
  readonly branch: Branch | null;
  readonly left: readonly Planned[];
  /** Whether a branch before it may lead on as well. */
  readonly isShadowed: boolean;
}

function firstThatLeadsOn(
  branches: readonly Branch[],
  items: readonly Planned[],
  reversal: Reversal,
): Found {
  let isShadowed = false;
  for (const branch of branches) {
    const left = afterBranch(branch, items, reversal);
    if (left !== null) return { branch, left, isShadowed };
    isShadowed ||= branch.draws === null && mayLeadOn(branch, items, reversal);
  }
  return { branch: null, left: items, isShadowed };
}

/** Whether a branch leads on, as far as is known of what it does. */
function mayLeadOn(branch: Branch, items: readonly Planned[], reversal: Reversal): boolean {
  const own = items.findIndex(({ task }) => task === branch.task);
  return own < 0 ? isApart(branch, items) : isFirst(own, items, reversal);
}

/** Whether a branch is of another task than a sequence, and independent of all of it. */
function isApart({ task, action }: Branch, items: readonly Planned[]): boolean {
  return items.every((item) => item.task !== task && !areDependent(action, item.action));
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
    return branch.draws?.length === 0 && isApart(branch, items) ? items : null;
  }
  if (!isFirst(own, items, reversal)) return null;
  // What the last event does is not certain. A branch that was run shows it.
  if (item.draws === null && own > 0) {
    const isKnown = branch.draws !== null;
    const isAfter = items.slice(0, own).some(({ action }) => areDependent(branch.action, action));
    if (!isKnown || isAfter) return null;
  }
  const isFree = branch.draws === null && branch.isOpen && !branch.isShadowed;
  if (!isFree && (branch.draws ?? item.draws ?? []).length > 0) {
    if (branch.draws === null || item.draws === null || !areSameDraws(branch.draws, item.draws))
      return null;
  }
  if (branch.draws === null && isMoreCertain(item, branch)) branch.action = item.action;
  return items.filter((_, i) => i !== own);
}

function isMoreCertain(item: Planned, { action }: Planned): boolean {
  if (item.draws !== null || (item.action.isFatal && !action.isFatal)) return true;
  return item.action.touches.length > action.touches.length;
}

function leadsOn(branch: Branch, sleepers: readonly Sleeper[]): boolean {
  const own = sleepers.find(({ task }) => task === branch.task);
  if (own !== undefined) {
    const isOver =
      branch.draws === null ? sleeps([own], branch.task) : isLeafAsleep(own, branch.draws);
    if (isOver) return false;
  }
  const left = stillAsleep(sleepers, branch.action);
  const isDone = left.some(({ task }) => sleeps(left, task));
  if (branch.isOpen && (branch.isKept || !isDone)) return true;
  branch.isOpen = false;
  branch.branches = prune(branch.branches, left);
  if (branch.branches.length > 0) return true;
  branch.isOpen = branch.isEnd && !isDone;
  return branch.isOpen;
}

function chain(items: readonly Planned[], origin: Origin, isShadowed: boolean): Branch {
  let below: Branch | null = null;
  for (const { task, draws, action } of items.toReversed()) {
    const isOpen: boolean = below === null;
    const branches: Branch[] = below === null ? [] : [below];
    const own: Origin | null = isOpen ? origin : null;
    below = {
      task,
      draws,
      action,
      branches,
      isOpen,
      isShadowed,
      isKept: false,
      isEnd: false,
      origin: own,
    };
  }
  if (below === null) throw new RangeError("a sequence has an event");
  return below;
}
