import type { Task } from "../../task/index.ts";
import {
  badLog,
  type CommitDecision,
  type LoggedGroup,
  type LogicalRecord,
  type RecordHandlers,
} from "../../wal/index.ts";
import { BATCHES, MADE, type Prepared, readBatchRecord } from "./batch-records.ts";

/** What the log of one partition says of batches over several, as far as recovery reads it. */
export class BatchRecovery {
  /** What recovery is to hand over here. */
  readonly handlers: RecordHandlers;
  readonly #index: number;
  /** Prepared here and not ended, in the order of the log, by the number of the batch. */
  readonly #inDoubt: Map<number, Prepared> = new Map();
  readonly #made: Set<number> = new Set();
  #highest = 0;

  /** @param index The partition's. */
  constructor(index: number, others: RecordHandlers = {}) {
    this.#index = index;
    const own = (record: LogicalRecord, group: LoggedGroup): Task<void> =>
      this.#read(record, group);
    this.handlers = {
      logical: new Map([...(others.logical ?? []), [BATCHES, own]]),
      decision: (record, group) => this.#decided(record, group),
    };
  }

  /** Whether this log has the decision that a batch is made. */
  hasDecided(batch: number): boolean {
    return this.#made.has(batch);
  }

  /** What was prepared here and has not ended, in the order of the log. */
  get inDoubt(): readonly Prepared[] {
    return [...this.#inDoubt.values()];
  }

  /** The highest number of a batch in the log; 0 if there is none. */
  get highest(): number {
    return this.#highest;
  }

  *#read(record: LogicalRecord, group: LoggedGroup): Task<void> {
    const { batch, prepared } = readBatchRecord(record, group);
    this.#note(batch);
    if (prepared === null) {
      this.#inDoubt.delete(batch);
      return;
    }
    if (prepared.coordinator >= this.#index) {
      const what = `partition ${this.#index} has prepared a batch`;
      const why = `that partition ${prepared.coordinator} decides, expected one below`;
      throw badLog(group.file, group.offset, `${what} ${why}`);
    }
    // A batch that was long has several records, all in one group.
    const writes = [...(this.#inDoubt.get(batch)?.writes ?? []), ...prepared.writes];
    this.#inDoubt.set(batch, { ...prepared, writes });
  }

  *#decided({ transaction, verdict }: CommitDecision, group: LoggedGroup): Task<void> {
    if (verdict !== MADE) {
      const what = `a batch over partitions has verdict ${verdict}, expected ${MADE}`;
      throw badLog(group.file, group.offset, what);
    }
    this.#note(transaction);
    this.#made.add(transaction);
  }

  #note(batch: number): void {
    this.#highest = Math.max(this.#highest, batch);
  }
}
