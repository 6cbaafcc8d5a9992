import type { TaskId } from "../../task/index.ts";
import { areDependent, areSameDraws, type Action, type Draw, type Event } from "./event.ts";

/** One way in which the next segment of a task can go: what it draws, and what it does. */
export interface Leaf {
  readonly event: Event;
  readonly isAsleep: boolean;
}

/**
 * A task whose next segment has been explored from here, or from where the same would have come of
 * it: to run it now leads to nothing new.
 *
 * A segment that draws values has one leaf for each way to draw them, and what makes one leaf worth
 * running again, as a write that it depends on, need not concern the others.
 */
export interface Sleeper {
  readonly task: TaskId;
  readonly leaves: readonly Leaf[];
}

/** Adds a leaf to the sleepers of a node: a new list. */
export function withLeaf(sleepers: readonly Sleeper[], event: Event): Sleeper[] {
  const leaf: Leaf = { event, isAsleep: true };
  const known = sleepers.find(({ task }) => task === event.task);
  if (known === undefined) return [...sleepers, { task: event.task, leaves: [leaf] }];
  const others = known.leaves.filter((one) => !areSameDraws(one.event.draws, event.draws));
  const grown: Sleeper = { task: known.task, leaves: [...others, leaf] };
  return sleepers.map((one) => (one === known ? grown : one));
}

/** Who still sleeps after an action that one of the others takes. O(leaves × touches). */
export function stillAsleep(sleepers: readonly Sleeper[], action: Action): Sleeper[] {
  const left: Sleeper[] = [];
  for (const sleeper of sleepers) {
    if (sleeper.task === action.task) continue;
    const leaves = sleeper.leaves.map((leaf) =>
      leaf.isAsleep && areDependent(leaf.event, action) ? { ...leaf, isAsleep: false } : leaf,
    );
    if (leaves.some(({ isAsleep }) => isAsleep)) left.push({ task: sleeper.task, leaves });
  }
  return left;
}

/** Whether every way in which the segment can go is asleep, so that the task need not run. */
export function isWhollyAsleep(sleeper: Sleeper): boolean {
  return isAsleepBelow(sleeper, []);
}

/** Whether a segment that draws exactly these values is asleep. */
export function isLeafAsleep({ leaves }: Sleeper, draws: readonly Draw[]): boolean {
  return leaves.some(({ event, isAsleep }) => isAsleep && areSameDraws(event.draws, draws));
}

/** Whether an event is asleep, with the values that it drew. */
export function sleepsAsItDrew(sleepers: readonly Sleeper[], { task, draws }: Event): boolean {
  const own = sleepers.find((sleeper) => sleeper.task === task);
  return own !== undefined && isLeafAsleep(own, draws);
}

/** Whether every way to go on is asleep for a segment that has drawn these values so far. */
export function isAsleepBelow(sleeper: Sleeper, drawn: readonly number[]): boolean {
  const below = sleeper.leaves.filter(({ event: { draws } }) =>
    drawn.every((value, i) => draws[i]?.value === value),
  );
  const next = below[0]?.event.draws[drawn.length];
  if (next === undefined) return below.length > 0 && below.every(({ isAsleep }) => isAsleep);
  for (let value = 0; value < next.count; value++) {
    if (!isAsleepBelow({ task: sleeper.task, leaves: below }, [...drawn, value])) return false;
  }
  return true;
}

/** Whether a task is asleep, however its next segment would go. */
export function sleeps(sleepers: readonly Sleeper[], task: TaskId): boolean {
  for (const sleeper of sleepers) {
    if (sleeper.task !== task) continue;
    const only = sleeper.leaves.length === 1 ? sleeper.leaves[0] : undefined;
    return only !== undefined && only.event.draws.length === 0
      ? only.isAsleep
      : isWhollyAsleep(sleeper);
  }
  return false;
}
