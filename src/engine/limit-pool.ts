import { assert } from "../task/index.ts";
import { framesIn } from "../storage/index.ts";
import type { Engine } from "./engine.ts";
import { FEWEST_POOL_FRAMES } from "./engine-options.ts";
import type { PartitionedEngine } from "./partitions/index.ts";

/**
 * Sets how much memory the pages of a table may have from now on, in partitions or not, but for the
 * few that it must. Pages that may not go yet go later, and memory that was taken is kept.
 *
 * @param poolBytes Pages, and what is kept beside them.
 */
export function limitPool({ state }: Engine | PartitionedEngine, poolBytes: number): void {
  const one = "partitions" in state ? state.partitions[0]?.state : state;
  assert(one !== undefined, "there is one partition at least");
  const { pool } = one;
  pool.limitTo(Math.max(FEWEST_POOL_FRAMES, framesIn(poolBytes, pool.pageSize)));
}
