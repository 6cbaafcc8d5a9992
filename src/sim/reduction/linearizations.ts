import type { RunOrder } from "./run-order.ts";

/** Sets of events to look at before it is given up: about a tenth of a second. */
const STATES_MAX = 200_000;

/**
 * In how many orders the events of a run can come without another happens-before order: how many
 * schedules are equivalent to it. Null if that would take too long to count.
 *
 * By dynamic programming over the sets of events that can come first, of which there are at most
 * the product of the tasks' lengths.
 */
export function countLinearizations(order: RunOrder): number | null {
  const chains = chainsOf(order);
  if (chains === null) return null;
  let level: ReadonlyMap<number, number> = new Map([[0, 1]]);
  let states = 0;
  for (let taken = 0; taken < order.events.length; taken++) {
    level = afterOneMore(level, chains);
    states += level.size;
    if (states > STATES_MAX) return null;
  }
  let total = 0;
  for (const ways of level.values()) total += ways;
  return total;
}

/** From the sets of so many events to those of one more, each with the ways to come to it. */
function afterOneMore(
  level: ReadonlyMap<number, number>,
  chains: readonly Chain[],
): ReadonlyMap<number, number> {
  const next = new Map<number, number>();
  for (const [state, ways] of level) {
    for (const chain of chains) {
      if (!chain.canGoOn(state, chains)) continue;
      const after = state + chain.unit;
      next.set(after, (next.get(after) ?? 0) + ways);
    }
  }
  return next;
}

/** The events of one task, as one digit of a number that says how many of each task have come. */
class Chain {
  readonly unit: number;
  readonly events: readonly number[];
  readonly task: number;
  readonly #order: RunOrder;

  constructor(order: RunOrder, task: number, events: readonly number[], unit: number) {
    this.#order = order;
    this.task = task;
    this.events = events;
    this.unit = unit;
  }

  /** How many of its events a state has. */
  takenIn(state: number): number {
    return Math.floor(state / this.unit) % (this.events.length + 1);
  }

  /** Whether all that comes before its next event is in a state, and there is a next one. */
  canGoOn(state: number, chains: readonly Chain[]): boolean {
    const next = this.events[this.takenIn(state)];
    if (next === undefined) return false;
    return chains.every(
      (other) =>
        other === this || other.takenIn(state) >= this.#order.countBefore(next, other.task),
    );
  }
}

function chainsOf(order: RunOrder): Chain[] | null {
  const byTask = new Map<number, number[]>();
  order.events.forEach(({ task }, at) => {
    const known = byTask.get(task);
    if (known === undefined) byTask.set(task, [at]);
    else known.push(at);
  });
  let unit = 1;
  const chains: Chain[] = [];
  for (const [task, events] of byTask) {
    chains.push(new Chain(order, task, events, unit));
    unit *= events.length + 1;
  }
  return Number.isSafeInteger(unit) ? chains : null;
}
