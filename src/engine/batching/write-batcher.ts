import {
  advanceRun,
  checkEntry,
  checkKey,
  compareBytes,
  type Operation,
  type WriteKind,
  WriteRun,
} from "../../btree/index.ts";
import { lsn } from "../../storage/index.ts";
import { type Host, LatchworkError, type Session, type Task } from "../../task/index.ts";
import type { Effect, EngineState } from "../engine-state.ts";
import type { Gate } from "../gate.ts";
import type { Sessions } from "../sessions.ts";
import type { GatheredWrite } from "./gathered-write.ts";
import { Gathering } from "./gathering.ts";
import type { BatchingStats, WriteBatching } from "./write-batching.ts";

/** What a batcher needs of its engine. */
export interface BatchedEngine {
  readonly state: EngineState;
  readonly sessions: Sessions;
  /** The write gate, which {@link beginWrite} enters. */
  readonly gate: Gate;
  /** Begins to write; null if that was done at once. */
  beginWrite(op: Operation): Task<void> | null;
  breakDown(session: Session, reason: unknown): void;
}

/**
 * Makes writes of many callers together: they gather, go down sorted by key, each leaf's under one
 * latch and in one change group, and share one wait for the log. Each has its own outcome, and its
 * own fault.
 *
 * A batch is no transaction. Its writes take effect leaf by leaf, readers may come in between, and
 * after a crash any of those that were not acknowledged may be there or not.
 */
export class WriteBatcher {
  protected readonly engine: BatchedEngine;
  protected readonly gathering: Gathering;
  #batches = 0;
  #writes = 0;
  #leafRuns = 0;
  #alone = 0;
  #largestBatch = 0;

  constructor(settings: WriteBatching, engine: BatchedEngine) {
    const { host, latches } = engine.state;
    this.engine = engine;
    this.gathering = this.makeGathering(host, latches.eager, settings);
  }

  /**
   * Makes one write, with others; returns what its kind of operation does, once that is durable.
   *
   * @param own The session of the task; if it is null and the task leads, one is lent to it.
   * @param effect Called once the write has taken effect, and before the log is waited for.
   */
  *write(
    own: Session | null,
    kind: WriteKind,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean> {
    const { params } = this.engine.state.store;
    if (kind === "delete") checkKey(params, key);
    else checkEntry(params, key, value);
    const write = this.gathering.join(kind, key, value, effect);
    if (!write.isLeading) yield write;
    if (write.isLeading) yield* this.#lead(write, own);
    return this.gathering.leave(write);
  }

  stats(): BatchingStats {
    return {
      batches: this.#batches,
      writes: this.#writes,
      leafRuns: this.#leafRuns,
      alone: this.#alone,
      largestBatch: this.#largestBatch,
    };
  }

  /** The writes that go together: with its parts, what a planted bug replaces. */
  protected makeGathering(host: Host, isEager: boolean, settings: WriteBatching): Gathering {
    return new Gathering(host, isEager, settings);
  }

  /** By key; of one key, as they came: the sort is stable. */
  protected inOrder(batch: readonly GatheredWrite[]): readonly GatheredWrite[] {
    if (batch.length === 1) return batch;
    return batch.toSorted((a, b) => compareBytes(a.key, b.key));
  }

  /** Waits for the log once for all that were made. */
  protected *acknowledge(batch: readonly GatheredWrite[]): Task<void> {
    let position = NO_LSN;
    let isChange = false;
    for (const write of batch) {
      if (write.fault !== null) continue;
      if (write.position > position) position = write.position;
      isChange ||= write.hasChanged;
    }
    try {
      yield* this.engine.state.log.waitDurable(position, isChange ? "change" : "sight");
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      this.refuse(batch, error);
    }
  }

  /** The wait for the log has failed: so have all writes but those it came far enough for. */
  protected refuse(batch: readonly GatheredWrite[], error: LatchworkError): void {
    const { log } = this.engine.state;
    for (const write of batch) {
      const isDurable = log.state !== "failed" && write.position <= log.durableLsn;
      if (!isDurable) write.fault ??= alike(error);
    }
  }

  /** Gathers a batch, makes its writes, and acknowledges them. */
  *#lead(write: GatheredWrite, own: Session | null): Task<void> {
    const { engine, gathering } = this;
    const { sessions, state } = engine;
    yield* gathering.gather(write);
    const batch = gathering.take();
    this.#batches++;
    this.#writes += batch.length;
    if (batch.length > this.#largestBatch) this.#largestBatch = batch.length;
    const op = own === null ? sessions.lend() : sessions.operationOf(own);
    let isLent = own === null;
    const made: Made = { writersBegan: 0 };
    const run = new WriteRun(this.inOrder(batch));
    try {
      try {
        yield* this.#make(op, run, made);
      } finally {
        gathering.handOn();
        this.#leafRuns += run.leafRuns;
        this.#alone += run.alone;
      }
      if (isLent) sessions.giveBack(op);
      isLent = false;
      yield* this.acknowledge(batch);
    } catch (error) {
      // Faults of the world are those of single writes: this is a bug, and the engine's end.
      if (isLent) engine.breakDown(op.session, error);
      for (const one of batch) one.fault ??= brokenDown(error);
      throw error;
    } finally {
      gathering.settle(batch);
      for (; made.writersBegan > 0; made.writersBegan--) state.log.writerEnded();
    }
  }

  /** Makes all writes, inside the gate as long as there is room for more pages and more log. */
  *#make(op: Operation, run: WriteRun<GatheredWrite>, made: Made): Task<void> {
    const { engine } = this;
    while (!run.isOver) {
      if (!(yield* this.#begins(op, run))) return;
      made.writersBegan++;
      try {
        yield* this.#makeSome(op, run);
      } finally {
        engine.gate.leave(op.owner.taskId);
      }
    }
  }

  /** Enters the gate. If no write can begin, the rest has failed, and false. */
  *#begins(op: Operation, run: WriteRun<GatheredWrite>): Task<boolean> {
    try {
      const delay = this.engine.beginWrite(op);
      if (delay !== null) yield* delay;
      return true;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      while (!run.isOver) {
        run.next.fault = alike(error);
        run.giveUp();
      }
      return false;
    }
  }

  *#makeSome(op: Operation, run: WriteRun<GatheredWrite>): Task<void> {
    const { host, log, pool } = this.engine.state;
    for (;;) {
      yield* this.#advance(op, run);
      if (run.isOver || pool.isOver || log.state !== "open") return;
      const pause = host.pauseIfDue();
      if (pause !== null) yield pause;
    }
  }

  /** Makes the writes of one leaf, or one write; that one alone, if it has a fault. */
  *#advance(op: Operation, run: WriteRun<GatheredWrite>): Task<void> {
    const first = run.made;
    const before = op.lastLsn;
    try {
      yield* advanceRun(this.engine.state.protocol, op, run);
      op.leave();
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      op.abort();
      // If all are made, the fault is one of waiting for the log, and comes again there.
      if (!run.isOver) this.#giveUpNext(run, error);
    }
    const position = lsn(Math.max(op.lastLsn, op.seenLsn));
    for (let at = first; at < run.made; at++) {
      const write = run.at(at);
      if (write.fault === null) write.made(position, op.lastLsn > before);
    }
  }

  #giveUpNext(run: WriteRun<GatheredWrite>, fault: LatchworkError): void {
    run.next.fault = fault;
    run.giveUp();
  }
}

/** What of a batch has to be undone at its end. */
interface Made {
  writersBegan: number;
}

const NO_LSN = lsn(0);

/** An error of its own for each caller, who may keep it or add to it. */
function alike({ code, message }: LatchworkError): LatchworkError {
  return new LatchworkError(code, message);
}

function brokenDown(error: unknown): LatchworkError {
  const cause = error instanceof Error ? error.message : String(error);
  const message = `the engine broke down in another write of the same batch: ${cause}`;
  return new LatchworkError("LOG_FAILED", message);
}
