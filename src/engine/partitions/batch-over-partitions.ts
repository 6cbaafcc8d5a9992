import type { Lsn } from "../../storage/index.ts";
import {
  ACCESS_WRITE,
  assert,
  type Host,
  LatchworkError,
  Monitor,
  type Session,
  type Task,
} from "../../task/index.ts";
import type { BatchWrite, Effect } from "../engine-state.ts";
import type { Partition } from "./partition.ts";

/** What a batch writes in one partition. */
export interface Share {
  readonly index: number;
  readonly partition: Partition;
  readonly writes: readonly BatchWrite[];
}

/**
 * Batches over several partitions: after a crash all of one is there or nothing, although no log
 * has all of it. It is two-phase commit (Gray, "Notes on Data Base Operating Systems", 1978) with
 * presumed abort (Mohan, Lindsay and Obermarck, TODS 1986), in which the coordinator is the
 * participant with the lowest index and prepares nothing: it is asked last, and its yes decides.
 *
 *     enter      the gates of all partitions of the batch, alone, in the order of their indices
 *     prepare    each but the first logs the writes that are to be made in it, durably
 *     decide     the first makes its writes and logs the decision with them, durably
 *     make       each of the others makes its writes and logs that the batch has ended there
 *     leave      all gates
 *
 * From the moment at which the decision is durable the batch is acknowledged by what is durable:
 * its writes in the first partition, and what the others have prepared. Before that moment none of
 * it counts: recovery makes a prepared share if the log of the first has the decision, and drops it
 * if not. So no abort is ever logged.
 *
 * Invariants:
 * 1. The decision is appended only once every prepared share is durable.
 * 2. A share is made only once the decision is durable. So no log has a share whose batch could
 *    still not be.
 * 3. From before a share is prepared until it is made, no other write enters its partition. So a
 *    share that recovery makes at the end of the log is made where it would have been.
 * 4. A fault after the decision was appended fails all partitions: opening anew finds out. One
 *    before it leaves nothing behind.
 */
export class BatchOverPartitions {
  readonly #numbers: Monitor;
  readonly #poison: (error: LatchworkError) => void;
  #next: number;

  /**
   * @param first The number of the first batch: no log that recovery may read has a higher one.
   * @param poison Fails all partitions.
   */
  constructor(host: Host, first: number, poison: (error: LatchworkError) => void) {
    this.#numbers = new Monitor(host, "the numbers of batches");
    this.#next = first;
    this.#poison = poison;
  }

  /** Makes a batch. Requires: two shares or more, in the order of their partitions. */
  *make(session: Session, shares: readonly Share[], effect: Effect | null): Task<void> {
    const entered: Share[] = [];
    try {
      for (const share of shares) {
        yield* share.partition.enterBatch(session);
        entered.push(share);
      }
      for (const { partition } of shares) partition.openBatch.begin(session.task);
      try {
        yield* this.#makeInside(session, shares);
      } finally {
        for (const { partition } of shares) partition.openBatch.end();
      }
      effect?.tookEffect();
    } finally {
      for (const { partition } of entered.toReversed()) partition.leaveBatch(session);
    }
  }

  /** Logs what is to be written in each partition but the first, and makes that durable. */
  protected *prepare(batch: number, first: Share, others: readonly Share[]): Task<void> {
    const coordinator = first.index;
    const positions: Lsn[] = [];
    for (const { partition, writes } of others) {
      positions.push(partition.logPrepared({ batch, coordinator, writes }));
    }
    yield* this.flushAll(others, positions);
  }

  /** Makes logs durable, each up to a position. */
  protected *flushAll(shares: readonly Share[], positions: readonly Lsn[]): Task<void> {
    for (const [at, { partition }] of shares.entries()) {
      const position = positions[at];
      assert(position !== undefined, "each share has a position");
      yield* partition.flushTo(position);
    }
  }

  /** Makes the writes of the first partition and the decision with them, durably. */
  protected *decide(session: Session, batch: number, first: Share): Task<void> {
    const { partition, writes } = first;
    const { log } = partition.state;
    const before = log.endLsn;
    try {
      yield* partition.flushTo(yield* partition.makeAndDecide(session, writes, batch));
    } catch (error) {
      if (!(error instanceof LatchworkError) || log.endLsn === before) throw error;
      throw this.#failed(`its decision may be durable or not: ${error.message}`);
    }
  }

  /** Makes the writes of the other partitions. */
  protected *makeOthers(session: Session, batch: number, others: readonly Share[]): Task<void> {
    try {
      for (const { partition, writes } of others) {
        yield* partition.makePrepared(session, { batch, coordinator: 0, writes });
      }
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      throw this.#failed(`it is decided, but could not be made: ${error.message}`);
    }
  }

  *#makeInside(session: Session, shares: readonly Share[]): Task<void> {
    const [first, ...others] = shares;
    assert(first !== undefined && others.length > 0, "a batch over partitions has two or more");
    const batch = this.#newNumber();
    yield* this.prepare(batch, first, others);
    yield* this.decide(session, batch, first);
    yield* this.makeOthers(session, batch, others);
  }

  #newNumber(): number {
    this.#numbers.touch(ACCESS_WRITE);
    return this.#next++;
  }

  #failed(why: string): LatchworkError {
    const message = `a batch over several partitions was cut off, ${why}; open anew`;
    const failure = new LatchworkError("LOG_FAILED", message);
    this.#poison(failure);
    return failure;
  }
}
