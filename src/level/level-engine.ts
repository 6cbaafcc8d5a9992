import type { CheckReport, Protocol, RowSink, ScanRange } from "../btree/index.ts";
import type { Session, Task } from "../task/index.ts";
import type { BatchWrite, Effect, ReadDurability, WriteBatching } from "../engine/index.ts";

/**
 * What a level needs of an engine, so that a test can put another in its place.
 *
 * @typeParam Stats What the engine counts.
 */
export interface LevelEngine<Stats> {
  /** Whether enough log has gathered since the last checkpoint. */
  readonly wantsCheckpoint: boolean;
  borrow(): Session;
  giveBack(session: Session): void;
  get(session: Session, key: Uint8Array, effect: Effect | null): Task<boolean>;
  /**
   * A write borrows an operation for itself if it is given none, as long as it needs it. `effect`
   * is called once it has taken effect and before it waits for the log.
   */
  put(
    session: Session | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean>;
  insert(
    session: Session | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean>;
  delete(session: Session | null, key: Uint8Array, effect: Effect | null): Task<boolean>;
  scan(session: Session, range: ScanRange, sink: RowSink): Task<number>;
  /** As `scan`, and all rows are of one moment: writers wait meanwhile. */
  scanAtOneMoment(session: Session, range: ScanRange, sink: RowSink): Task<number>;
  batch(session: Session, writes: readonly BatchWrite[], effect: Effect | null): Task<void>;
  /** Waits until what a scan has seen is durable: for a write that found nothing to do. */
  acknowledge(session: Session): Task<void>;
  /** @param isForDue Whether only those of its parts need one for which one is due. */
  checkpoint(session: Session, isForDue?: boolean): Task<unknown>;
  cleanOne(session: Session): Task<boolean>;
  check(session: Session): Task<CheckReport>;
  close(session: Session): Task<void>;
  /** Releases what an operation holds that a bug has ended, and rejects all others. */
  breakDown(session: Session, reason: unknown): void;
  stats(): Stats;
}

/** How an engine is asked for; what is absent is left to the engine. */
export interface EngineSettings {
  readonly protocol: Protocol;
  /** A name that the log's policies know. */
  readonly commitPolicy: string;
  readonly readDurability: ReadDurability;
  readonly writeBatching?: WriteBatching;
  readonly atOnce: boolean;
  readonly pathCache: boolean;
  readonly preallocate: boolean;
  readonly poolFrames?: number;
  readonly poolBytes?: number;
  readonly pageSize?: number;
  readonly partitions?: number;
  readonly segmentBytes?: number;
  readonly checkpointBytes?: number;
}

/** How a database is opened: its engine, and the directory. */
export interface OpenSettings extends EngineSettings {
  readonly createIfMissing: boolean;
  readonly errorIfExists: boolean;
  /** 0 for none. */
  readonly lockLeaseMs: number;
}
