import type { TaskId } from "../../task/index.ts";
import type { RunOrder } from "./run-order.ts";
import type { Twins } from "./twins.ts";

/**
 * How many orders are the same as one but for exchanges of twins, itself among them: the ways to
 * exchange them, of which those of twins with the same part in the order make no other.
 */
export function countExchanged(order: RunOrder, { groups }: Twins): number {
  let count = 1;
  for (const group of groups) {
    const alike: TaskId[][] = [];
    group.forEach((task, i) => {
      const set = alike.find(([one]) => one !== undefined && order.isSameExchanged(one, task));
      if (set === undefined) alike.push([task]);
      else set.push(task);
      // Task i has i + 1 places to go to, and each of its like could have gone to the same.
      count *= (i + 1) / (set?.length ?? 1);
    });
  }
  return Math.round(count);
}
