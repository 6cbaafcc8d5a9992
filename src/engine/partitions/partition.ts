import type { Lsn } from "../../storage/index.ts";
import type { Session, Task } from "../../task/index.ts";
import type { OwnRecord } from "../../wal/index.ts";
import { Engine } from "../engine.ts";
import type { BatchWrite, EngineState } from "../engine-state.ts";
import { endedRecord, MADE, type Prepared, preparedRecords } from "./batch-records.ts";
import { OpenBatch } from "./open-batch.ts";

/**
 * One partition: an engine with a tree, a log and latches of its own, which takes part in batches
 * over several partitions. What those do, and why, is said at {@link BatchOverPartitions}.
 */
export class Partition extends Engine {
  readonly openBatch: OpenBatch;

  constructor(state: EngineState) {
    super(state);
    this.openBatch = new OpenBatch(state.host);
  }

  /**
   * Enters for a batch: alone, until {@link leaveBatch}.
   *
   * @throws LatchworkError LOG_FAILED or NO_SPACE; the session is outside.
   */
  *enterBatch(session: Session): Task<void> {
    const delay = this.beginWrite(this.operationOf(session), true);
    if (delay !== null) yield* delay;
  }

  leaveBatch(session: Session): void {
    this.gate.leave(session.task);
    this.state.log.writerEnded();
  }

  /** Logs what a batch is going to write here; gives up to where that has to become durable. */
  logPrepared(prepared: Prepared): Lsn {
    return this.state.log.append([], preparedRecords(prepared));
  }

  /**
   * Makes the writes here of a batch that this partition decides, and logs the decision with them;
   * gives up to where that has to become durable for the batch to be made.
   */
  makeAndDecide(session: Session, writes: readonly BatchWrite[], batch: number): Task<Lsn> {
    return this.#make(session, writes, { kind: "decision", transaction: batch, verdict: MADE });
  }

  /** Makes the writes here of a batch that was prepared, and logs its end with them. */
  *makePrepared(session: Session, { writes, batch }: Prepared): Task<void> {
    this.openBatch.wroteEnd(yield* this.#make(session, writes, endedRecord(batch)));
  }

  /** Makes the log durable up to a position, without waiting for others to join. */
  *flushTo(position: Lsn): Task<void> {
    const { log } = this.state;
    if (position > log.durableLsn) yield* log.flushTo(position);
  }

  /** Makes durable which batches have ended here. */
  flushEnds(): Task<void> {
    return this.flushTo(this.openBatch.endsLsn);
  }

  *#make(session: Session, writes: readonly BatchWrite[], record: OwnRecord): Task<Lsn> {
    const op = this.operationOf(session);
    yield* this.appendBatch(op, writes, [record]);
    return this.state.log.endLsn;
  }
}
