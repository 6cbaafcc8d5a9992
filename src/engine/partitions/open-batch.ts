import type { Lsn } from "../../storage/index.ts";
import { lsn } from "../../storage/index.ts";
import {
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Fact,
  type Host,
  Step,
  type TaskId,
} from "../../task/index.ts";

/**
 * The batch over several partitions that is open in one of them, if any: from before it is prepared
 * until its writes are made there. There is one at most, since it is alone inside the gate. A
 * checkpoint waits for its end.
 */
export class OpenBatch {
  readonly objectId: number;
  readonly #host: Host;
  readonly #parked: Set<BatchOver> = new Set();
  #begun = 0;
  #ended = 0;
  #task: TaskId | null = null;
  #endsLsn: Lsn = lsn(0);

  constructor(host: Host) {
    this.#host = host;
    this.objectId = host.newObject("the batch over partitions");
  }

  begin(task: TaskId): void {
    this.#host.touch(this.objectId, ACCESS_WRITE);
    assert(this.#task === null, "one batch over partitions at a time is open in each");
    this.#task = task;
    this.#begun++;
  }

  /** The batch is over here, made or not. Wakes who waits for that. */
  end(): void {
    this.#host.touch(this.objectId, ACCESS_WRITE);
    assert(this.#task !== null, "a batch ends once");
    this.#task = null;
    this.#ended = this.#begun;
    for (const step of this.#parked) {
      if (!step.isEnabled()) continue;
      this.#parked.delete(step);
      this.#host.wake(step);
    }
  }

  /** The log says up to this position which batches have ended. */
  wroteEnd(position: Lsn): void {
    this.#host.touch(this.objectId, ACCESS_WRITE);
    this.#endsLsn = position;
  }

  /** The position of the last end in the log. */
  get endsLsn(): Lsn {
    this.#host.touch(this.objectId, ACCESS_READ);
    return this.#endsLsn;
  }

  /** The step to wait on until the batch is over that is open now; null if none is. */
  whenOver(): Step | null {
    this.#host.touch(this.objectId, ACCESS_READ);
    return this.#task === null ? null : new BatchOver(this, this.#begun);
  }

  /** For {@link BatchOver}. */
  hasEnded(number: number): boolean {
    return this.#ended >= number;
  }

  /** For {@link BatchOver}. */
  join(step: BatchOver): void {
    this.#parked.add(step);
  }

  /** For {@link BatchOver}. */
  get task(): TaskId | null {
    return this.#task;
  }
}

/** Waits until one batch is over. */
class BatchOver extends Step {
  readonly #batch: OpenBatch;
  readonly #number: number;

  constructor(batch: OpenBatch, number: number) {
    super();
    this.#batch = batch;
    this.#number = number;
    this.objectId = batch.objectId;
    this.access = ACCESS_READ;
  }

  override isEnabled(): boolean {
    return this.#batch.hasEnded(this.#number);
  }

  override take(): boolean {
    return true;
  }

  override park(): void {
    this.#batch.join(this);
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    const { task } = this.#batch;
    if (task !== null && !this.isEnabled()) into.push(task);
  }

  override fact(): Fact {
    return { kind: "custom", label: "wait for the end of a batch over partitions" };
  }
}
