import type { CheckReport, Operation, Protocol, RowSink, ScanRange } from "../btree/index.ts";
import type { Task } from "../task/index.ts";
import type { BatchWrite, Effect, ReadDurability } from "../engine/index.ts";

/**
 * What a level needs of an engine, so that a test can put another in its place.
 *
 * @typeParam Stats What the engine counts.
 */
export interface LevelEngine<Stats> {
  /** Whether enough log has gathered since the last checkpoint. */
  readonly wantsCheckpoint: boolean;
  borrow(): Operation;
  giveBack(op: Operation): void;
  get(op: Operation, key: Uint8Array, effect: Effect | null): Task<boolean>;
  /**
   * A write borrows an operation for itself if it is given none, as long as it needs it. `effect`
   * is told once it has taken effect and before it waits for the log.
   */
  put(
    op: Operation | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean>;
  insert(
    op: Operation | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean>;
  delete(op: Operation | null, key: Uint8Array, effect: Effect | null): Task<boolean>;
  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number>;
  batch(op: Operation, writes: readonly BatchWrite[], effect: Effect | null): Task<void>;
  /** Waits until what a scan has seen is durable: for a write that found nothing to do. */
  acknowledge(op: Operation): Task<void>;
  checkpoint(op: Operation): Task<unknown>;
  cleanOne(op: Operation): Task<boolean>;
  check(op: Operation): Task<CheckReport>;
  close(op: Operation): Task<void>;
  /** Lets go of what an operation holds that met no fault but a bug, and refuses all others. */
  breakDown(op: Operation, reason: unknown): void;
  stats(): Stats;
}

/** How an engine is asked for; what is absent is left to the engine. */
export interface EngineSettings {
  readonly protocol: Protocol;
  /** A name that the log's policies know. */
  readonly commitPolicy: string;
  readonly readDurability: ReadDurability;
  readonly poolFrames?: number;
  readonly poolBytes?: number;
  readonly pageSize?: number;
  readonly segmentBytes?: number;
  readonly checkpointBytes?: number;
  readonly createIfMissing: boolean;
  readonly errorIfExists: boolean;
  /** 0 for none. */
  readonly lockLeaseMs: number;
}
