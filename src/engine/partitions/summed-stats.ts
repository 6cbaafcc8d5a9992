import type { LinkFigures } from "../../btree/index.ts";
import { lsn, type PoolStats } from "../../storage/index.ts";
import { assert } from "../../task/index.ts";
import type { LogState, LogStats } from "../../wal/index.ts";
import type { BatchingStats } from "../batching/write-batching.ts";
import type { EngineStats } from "../engine-state.ts";

/**
 * The figures of all partitions in one: sums, but for maxima and for what they have in common.
 * Positions of logs are summed too: each then grows by what was logged, wherever that was.
 */
export function summedStats(partitions: readonly EngineStats[]): EngineStats {
  const [first] = partitions;
  assert(first !== undefined, "there is one partition at least");
  const sum = (of: (stats: EngineStats) => number): number => {
    return partitions.reduce((total, stats) => total + of(stats), 0);
  };
  return {
    protocol: first.protocol,
    pages: sum(({ pages }) => pages),
    freePages: sum(({ freePages }) => freePages),
    pool: summedPool(
      partitions.map(({ pool }) => pool),
      first.pool,
    ),
    latches: sum(({ latches }) => latches),
    latching: {
      waits: sum(({ latching }) => latching.waits),
      refusals: sum(({ latching }) => latching.refusals),
      heldMax: Math.max(...partitions.map(({ latching }) => latching.heldMax)),
    },
    log: summedLog(
      partitions.map(({ log }) => log),
      first.log,
    ),
    checkpoints: sum(({ checkpoints }) => checkpoints),
    ...summedBatching(partitions.flatMap(({ batching }) => batching ?? [])),
    ...summedLinks(partitions.flatMap(({ links }) => links ?? [])),
    ...summedFigures(partitions.flatMap(({ figures }) => (figures === undefined ? [] : [figures]))),
    partitions,
  };
}

function summedFigures(
  all: readonly Readonly<Record<string, number>>[],
): Pick<EngineStats, "figures"> {
  if (all.length === 0) return {};
  const figures: Record<string, number> = {};
  for (const each of all) {
    for (const [name, count] of Object.entries(each)) figures[name] = (figures[name] ?? 0) + count;
  }
  return { figures };
}

function summedLinks(all: readonly LinkFigures[]): Pick<EngineStats, "links"> {
  if (all.length === 0) return {};
  const sum = (of: (figures: LinkFigures) => number): number => {
    return all.reduce((total, figures) => total + of(figures), 0);
  };
  const links = {
    movesRight: sum(({ movesRight }) => movesRight),
    movesLeft: sum(({ movesLeft }) => movesLeft),
    restarts: sum(({ restarts }) => restarts),
    splitsFinished: sum(({ splitsFinished }) => splitsFinished),
    pagesUnlinked: sum(({ pagesUnlinked }) => pagesUnlinked),
  };
  return { links };
}

function summedBatching(all: readonly BatchingStats[]): Pick<EngineStats, "batching"> {
  if (all.length === 0) return {};
  const sum = (of: (stats: BatchingStats) => number): number => {
    return all.reduce((total, stats) => total + of(stats), 0);
  };
  const batching = {
    batches: sum(({ batches }) => batches),
    writes: sum(({ writes }) => writes),
    leafRuns: sum(({ leafRuns }) => leafRuns),
    alone: sum(({ alone }) => alone),
    largestBatch: Math.max(...all.map(({ largestBatch }) => largestBatch)),
  };
  return { batching };
}

/** The frames, and so their limit and bytes, are common to all. */
function summedPool(pools: readonly PoolStats[], first: PoolStats): PoolStats {
  const sum = (of: (stats: PoolStats) => number): number => {
    return pools.reduce((total, stats) => total + of(stats), 0);
  };
  return {
    hits: sum(({ hits }) => hits),
    misses: sum(({ misses }) => misses),
    evictions: sum(({ evictions }) => evictions),
    writes: sum(({ writes }) => writes),
    overdraftMax: first.overdraftMax,
    resident: sum(({ resident }) => resident),
    dirty: sum(({ dirty }) => dirty),
    framesMax: first.framesMax,
    bytes: first.bytes,
  };
}

function summedLog(logs: readonly LogStats[], first: LogStats): LogStats {
  const sum = (of: (stats: LogStats) => number): number => {
    return logs.reduce((total, stats) => total + of(stats), 0);
  };
  return {
    policy: first.policy,
    state: worstOf(logs.map(({ state }) => state)),
    endLsn: lsn(sum(({ endLsn }) => endLsn)),
    durableLsn: lsn(sum(({ durableLsn }) => durableLsn)),
    groups: sum(({ groups }) => groups),
    bytes: sum(({ bytes }) => bytes),
    images: sum(({ images }) => images),
    blocks: sum(({ blocks }) => blocks),
    flushes: sum(({ flushes }) => flushes),
    segments: sum(({ segments }) => segments),
    largestBatch: Math.max(...logs.map(({ largestBatch }) => largestBatch)),
    flushMs: Math.max(...logs.map(({ flushMs }) => flushMs)),
  };
}

function worstOf(states: readonly LogState[]): LogState {
  if (states.includes("failed")) return "failed";
  return states.includes("full") ? "full" : "open";
}
