import type { LinkFigures, Protocol, TreeStore } from "../btree/index.ts";
import type { LatchDriver, LatchFigures } from "../latch/index.ts";
import type { BufferPool, Checksum, Cleaner, PoolStats } from "../storage/index.ts";
import type { DiskFile, Host } from "../task/index.ts";
import type { Checkpoint, Log, LogStats, RecoveryReport } from "../wal/index.ts";
import type { BatchingStats, WriteBatching } from "./batching/write-batching.ts";
import type { TaskNumbers } from "./sessions.ts";

/**
 * What a read waits for. `committed`: nothing, so it can see what a crash may still take away.
 * `durable`: until the log is durable up to what it saw.
 */
export type ReadDurability = "committed" | "durable";

/** Called when an operation has taken effect: whatever begins from here on sees it. */
export interface Effect {
  tookEffect(): void;
}

/** One write of a batch. */
export type BatchWrite =
  | { readonly kind: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: "delete"; readonly key: Uint8Array };

/** Figures of an engine since it was opened. */
export interface EngineStats {
  readonly protocol: string;
  /** All pages up to the highest that was ever in use, free or not. */
  readonly pages: number;
  readonly freePages: number;
  readonly pool: PoolStats;
  /** Latches in memory: those of pages in the pool, and of few others. */
  readonly latches: number;
  /**
   * What became of requests for latches, whatever the protocol. What is done at once, as is the
   * default, takes none.
   */
  readonly latching: LatchFigures;
  readonly log: LogStats;
  /** Checkpoints that had something to do, since opening. */
  readonly checkpoints: number;
  /** Of writes that went down together; absent if each goes by itself. */
  readonly batching?: BatchingStats;
  /** Of a protocol that follows links between siblings; absent under others. */
  readonly links?: LinkFigures;
  /** What the protocol has counted of its own, by name; absent if it counts nothing. */
  readonly figures?: Readonly<Record<string, number>>;
  /** Where there are partitions: the figures of each, of which those above are sums. */
  readonly partitions?: readonly EngineStats[];
}

/** What an engine is put together from; see open-engine.ts. */
export interface EngineState {
  readonly host: Host;
  readonly latches: LatchDriver;
  readonly protocol: Protocol;
  readonly reads: ReadDurability;
  readonly store: TreeStore;
  readonly pool: BufferPool;
  readonly log: Log;
  readonly cleaner: Cleaner;
  readonly checkpoint: Checkpoint;
  readonly pagesFile: DiskFile;
  readonly checkpointBytes: number;
  readonly checksum: Checksum;
  readonly recovery: RecoveryReport;
  /** Numbers the sessions that it makes. Default: numbers of its own. */
  readonly taskNumbers?: TaskNumbers;
  /** How single writes go down together. Default: each by itself. */
  readonly writeBatching?: WriteBatching;
}
