import type { BatchingStats } from "./batching/write-batching.ts";
import type { EngineState, EngineStats } from "./engine-state.ts";

/** The figures of an engine, of what it is put together from and of what it counts itself. */
export function statsOf(
  { protocol, store, pool, log }: EngineState,
  checkpoints: number,
  batcher: { stats(): BatchingStats } | null,
): EngineStats {
  return {
    protocol: protocol.name,
    pages: store.space.highWater,
    freePages: store.space.freeCount,
    pool: pool.stats(),
    latches: store.latches.count,
    latching: store.latches.figures(),
    log: log.stats(),
    checkpoints,
    ...(protocol.leavesUnfinished === true ? { links: store.linkCounts.figures() } : {}),
    ...(protocol.figures === undefined ? {} : { figures: protocol.figures(store) }),
    ...(batcher === null ? {} : { batching: batcher.stats() }),
  };
}
