import type { CheckReport, RowSink, ScanRange } from "../../btree/index.ts";
import {
  assert,
  type Host,
  LatchworkError,
  type Session,
  type Task,
  type TaskId,
} from "../../task/index.ts";
import type { BatchWrite, Effect, EngineStats } from "../engine-state.ts";
import { refuseBadWrites } from "../refuse-bad-writes.ts";
import type { BatchOverPartitions, Share } from "./batch-over-partitions.ts";
import { checkPartitions } from "./check-partitions.ts";
import { partitionOfKey } from "./key-hash.ts";
import { MergedScan } from "./merged-scan.ts";
import type { Partition } from "./partition.ts";
import { aloneInAll, scanAtOneMoment } from "./scan-at-one-moment.ts";
import { summedStats } from "./summed-stats.ts";

/** What a {@link PartitionedEngine} is put together from; see open-partitioned.ts. */
export interface PartitionedState {
  readonly host: Host;
  /** At least one, each at its index. */
  readonly partitions: readonly Partition[];
  readonly batches: BatchOverPartitions;
  /** The most rows that a scan reads ahead in each partition. */
  readonly rowsAhead: number;
}

/**
 * A table in hash partitions: each key is in one of several engines, and operations are those of
 * one engine. Every method is a task and means what it means there, but for the following.
 *
 * A scan merges those of the partitions. It gives no key twice and none out of order, each key as
 * it was at one moment since the scan began, and two keys not of one moment, even under a protocol
 * whose scans are atomic: {@link scanAtOneMoment} is.
 *
 * A batch within one partition is one of that engine. One over several is all or nothing after a
 * crash too, see {@link BatchOverPartitions}; it costs a sync in each of its partitions, one after
 * the other, and keeps other writers out of those meanwhile.
 */
export class PartitionedEngine {
  readonly state: PartitionedState;
  readonly #first: Partition;
  readonly #merged: MergedScan;
  /** The same, for one who is alone inside all partitions. */
  readonly #mergedInside: MergedScan;

  constructor(state: PartitionedState) {
    this.state = state;
    const { partitions, host, rowsAhead } = state;
    const [first] = partitions;
    assert(first !== undefined, "there is one partition at least");
    this.#first = first;
    this.#merged = this.makeMerge(
      partitions.map((partition) => (session, range, sink) => {
        return partition.scan(session, range, sink);
      }),
      host,
      rowsAhead,
    );
    this.#mergedInside = this.makeMerge(
      partitions.map((partition) => (session, range, sink) => {
        return partition.scanInside(session, range, sink);
      }),
      host,
      rowsAhead,
    );
  }

  /** Which partition a key belongs to. O(bytes of the key). */
  indexOf(key: Uint8Array): number {
    return partitionOfKey(key, this.state.partitions.length);
  }

  /** Whether a checkpoint of some partition is due. */
  get wantsCheckpoint(): boolean {
    return this.state.partitions.some((partition) => partition.wantsCheckpoint);
  }

  /** Whether most pages in memory have changed since they were written. */
  get wantsCleaning(): boolean {
    let dirty = 0;
    let framesMax = 0;
    for (const { state } of this.state.partitions) {
      dirty += state.pool.dirtyCount;
      ({ framesMax } = state.pool);
    }
    return dirty * 2 > framesMax;
  }

  /** Whether no write, batch, check or checkpoint is under way. */
  get isIdle(): boolean {
    return this.state.partitions.every((partition) => partition.isIdle);
  }

  /** A session for one task, with this id or the next one free. */
  borrow(task?: TaskId): Session {
    return this.#first.borrow(task);
  }

  giveBack(session: Session): void {
    this.#first.giveBack(session);
  }

  /** @throws InvariantViolation if an operation of the session has left something behind. */
  assertIdle(session: Session): void {
    for (const partition of this.state.partitions) partition.assertIdle(session);
  }

  get(session: Session, key: Uint8Array, effect: Effect | null = null): Task<boolean> {
    return this.#of(key).get(session, key, effect);
  }

  put(
    session: Session | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null = null,
  ): Task<boolean> {
    return this.#of(key).put(session, key, value, effect);
  }

  insert(
    session: Session | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null = null,
  ): Task<boolean> {
    return this.#of(key).insert(session, key, value, effect);
  }

  delete(session: Session | null, key: Uint8Array, effect: Effect | null = null): Task<boolean> {
    return this.#of(key).delete(session, key, effect);
  }

  /** Visits the rows of a range in order; gives how many. See {@link MergedScan} for its cost. */
  scan(session: Session, range: ScanRange, sink: RowSink): Task<number> {
    return this.#merged.run(session, range, sink);
  }

  /**
   * As {@link scan}, and all rows are of one moment: writers of all partitions wait until the last
   * one was visited.
   */
  scanAtOneMoment(session: Session, range: ScanRange, sink: RowSink): Task<number> {
    const { partitions } = this.state;
    return scanAtOneMoment(partitions, this.#mergedInside, session, range, sink);
  }

  /** Makes several writes in order, all of which survive a crash or none. See {@link Engine}. */
  *batch(
    session: Session,
    writes: readonly BatchWrite[],
    effect: Effect | null = null,
  ): Task<void> {
    const shares = yield* this.#sharesOf(writes);
    const [only] = shares;
    if (only === undefined) return;
    if (shares.length === 1) {
      yield* only.partition.batch(session, writes, effect);
      return;
    }
    yield* refuseBadWrites(this.#first.state, writes);
    yield* this.state.batches.make(session, shares, effect);
  }

  /** Waits until everything is durable that the session's operation has changed or seen. */
  *acknowledge(session: Session): Task<void> {
    for (const partition of this.state.partitions) yield* partition.acknowledge(session);
  }

  /**
   * Makes a checkpoint of each partition, one after the other.
   *
   * @param isForDue Whether those are left out for which none is due.
   */
  *checkpoint(session: Session, isForDue: boolean = false): Task<void> {
    for (const partition of this.state.partitions) {
      if (isForDue && !partition.wantsCheckpoint) continue;
      yield* partition.checkpoint(session);
    }
  }

  /** Writes one dirty page, where there are most of them; false if there is none to write. */
  *cleanOne(session: Session): Task<boolean> {
    const { partitions } = this.state;
    const byDirt = partitions.toSorted((one, other) => {
      return other.state.pool.dirtyCount - one.state.pool.dirtyCount;
    });
    for (const partition of byDirt) if (yield* partition.cleanOne(session)) return true;
    return false;
  }

  /**
   * Checks all trees, and that each key is where it belongs, at one moment: keeps writers out,
   * makes a checkpoint, and reads every page from the files. Memory: the size of the largest.
   */
  check(session: Session): Task<CheckReport> {
    const { partitions } = this.state;
    return aloneInAll(partitions, session, () => checkPartitions(partitions, session));
  }

  /** As Engine.breakDown, in all partitions. */
  breakDown(session: Session, reason: unknown): void {
    for (const partition of this.state.partitions) partition.breakDown(session, reason);
  }

  /** Fails all partitions: nothing works any more until the directory is opened anew. */
  poison(error: LatchworkError): void {
    for (const partition of this.state.partitions) partition.poison(error);
  }

  /** As Engine.confirm, for all partitions. */
  confirm(): void {
    for (const partition of this.state.partitions) partition.confirm();
  }

  /**
   * Closes all partitions, whatever fails; the first fault is thrown. Requires: no operation is in
   * flight.
   */
  *close(session: Session): Task<void> {
    const faults: unknown[] = [];
    for (const partition of this.state.partitions) {
      try {
        yield* partition.close(session);
      } catch (error) {
        if (!(error instanceof LatchworkError)) throw error;
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  stats(): EngineStats {
    return summedStats(this.state.partitions.map((partition) => partition.stats()));
  }

  /** Hook: what merges the scans of partitions. Called by the constructor. */
  protected makeMerge(...given: ConstructorParameters<typeof MergedScan>): MergedScan {
    return new MergedScan(...given);
  }

  #of(key: Uint8Array): Partition {
    const partition = this.state.partitions[this.indexOf(key)];
    assert(partition !== undefined, "each key belongs to a partition");
    return partition;
  }

  /** What a batch writes in each partition, in the order of the partitions. */
  *#sharesOf(writes: readonly BatchWrite[]): Task<Share[]> {
    const { host, partitions } = this.state;
    const lists: BatchWrite[][] = partitions.map(() => []);
    for (const write of writes) {
      lists[this.indexOf(write.key)]?.push(write);
      const pause = host.pauseIfDue();
      if (pause !== null) yield pause;
    }
    const shares: Share[] = [];
    for (const [index, partition] of partitions.entries()) {
      const list = lists[index] ?? [];
      if (list.length > 0) shares.push({ index, partition, writes: list });
    }
    return shares;
  }
}
