import {
  type CheckReport,
  Operation,
  partsOf,
  type RowSink,
  type ScanRange,
  type WriteKind,
  writeAtOnce,
  writeOne,
} from "../btree/index.ts";
import type { LatchOrder } from "../latch/index.ts";
import { LatchworkError, type Session, type Step, type Task, type TaskId } from "../task/index.ts";
import type { CheckpointReport, OwnRecord } from "../wal/index.ts";
import { type BatchedEngine, WriteBatcher } from "./batching/write-batcher.ts";
import type { WriteBatching } from "./batching/write-batching.ts";
import { checkPages } from "./check-pages.ts";
import { closeFiles, confirmFiles } from "./close-files.ts";
import type { BatchWrite, Effect, EngineState, EngineStats } from "./engine-state.ts";
import { Gate } from "./gate.ts";
import { refuseBadWrites } from "./refuse-bad-writes.ts";
import { scanOneAtOneMoment } from "./partitions/scan-at-one-moment.ts";
import { Sessions } from "./sessions.ts";
import { WriteTask, type Writing } from "./write-task.ts";
import { statsOf } from "./stats-of.ts";

const NO_VALUE = new Uint8Array(0);
const NO_RECORDS: readonly OwnRecord[] = [];

/**
 * A tree that keeps what it acknowledged: protocol, buffer pool, log and checkpoint put together.
 *
 * Every method is a task and runs under any driver. A session is one task's: borrow it, use it,
 * give it back. A write returns once it is durable, whatever its outcome, since "it was there
 * already" is also something that a crash must not take back.
 *
 * A LatchworkError out of an operation that has not taken effect leaves nothing behind: its change
 * group is undone and its latches are released. A write refused with NO_SPACE while it waits to be
 * acknowledged has taken effect, and others may have built on it: it stays. After LOG_FAILED
 * nothing works any more until the directory is opened anew.
 */
export class Engine {
  readonly state: EngineState;
  /** Writers enter it together, a batch or a check exclusively. */
  protected readonly gate: Gate;
  readonly #checkpointGate: Gate;
  readonly #order: LatchOrder;
  readonly #sessions: Sessions;
  /** Null if each write goes down by itself. */
  readonly #batcher: WriteBatcher | null = null;
  readonly #writing: Writing = {
    take: (session) => (session === null ? this.#sessions.lend() : this.operationOf(session)),
    giveBack: (op) => this.#sessions.giveBack(op),
    begin: (op) => this.beginWrite(op, false),
    changeAtOnce: (op, kind, key, value) => this.#changeAtOnce(op, kind, key, value),
    change: (op, kind, key, value) => this.#change(op, kind, key, value),
    leaveGate: (op) => this.gate.leave(op.owner.taskId),
    acknowledge: (session) => this.acknowledge(session),
    ended: () => this.state.log.writerEnded(),
    breakDown: (session, reason) => this.breakDown(session, reason),
  };
  /** Null if the protocol takes no shortcuts. */
  readonly #parts: ReturnType<typeof partsOf>;
  #checkpoints = 0;

  constructor(state: EngineState) {
    this.state = state;
    this.gate = this.makeGate("the write gate");
    this.#checkpointGate = this.makeGate("the checkpoint's gate");
    this.#order = state.protocol.latchOrder(state.store);
    const { store, latches, protocol } = state;
    store.declareFor(protocol);
    this.#parts = partsOf(protocol);
    const make = (session: Session): Operation => {
      const { reclamation } = protocol;
      return new Operation(store, session.task, latches, this.#order, reclamation, session);
    };
    this.#sessions = new Sessions(state.host, make, state.taskNumbers);
    const { writeBatching } = state;
    if (writeBatching !== undefined) {
      this.#batcher = this.makeBatcher(writeBatching, {
        state,
        sessions: this.#sessions,
        gate: this.gate,
        beginWrite: (op) => this.beginWrite(op, false),
        breakDown: (session, reason) => this.breakDown(session, reason),
      });
    }
  }

  /** Whether as many bytes of log have gathered since the last checkpoint as make one due. */
  get wantsCheckpoint(): boolean {
    const { log, checkpointBytes } = this.state;
    return log.endLsn - log.imageFloor >= checkpointBytes;
  }

  /** Whether most pages in memory have changed since they were written. */
  get wantsCleaning(): boolean {
    const { pool } = this.state;
    return pool.dirtyCount * 2 > pool.framesMax;
  }

  /** Whether no write, batch, check or checkpoint is under way. */
  get isIdle(): boolean {
    return this.gate.inside === 0 && this.#checkpointGate.inside === 0;
  }

  /** A session for one task, with this id or the next one free. Other engines take it as well. */
  borrow(task?: TaskId): Session {
    return this.#sessions.borrow(task);
  }

  /** Takes back a session that it has lent. Requires: no operation of it is under way. */
  giveBack(session: Session): void {
    this.#sessions.giveBack(this.operationOf(session));
  }

  /** @throws InvariantViolation if an operation of the session has left something behind. */
  assertIdle(session: Session): void {
    this.operationOf(session).assertIdle();
  }

  /** Finds a key; if it is there, the value is kept in the session. */
  get(session: Session, key: Uint8Array, effect: Effect | null = null): Task<boolean> {
    const op = this.operationOf(session);
    return this.#read(op, this.state.protocol.get(op, key), effect);
  }

  /** Visits the rows of a range in order; returns how many. */
  scan(session: Session, range: ScanRange, sink: RowSink): Task<number> {
    const op = this.operationOf(session);
    return this.#read(op, this.state.protocol.scan(op, range, sink), null);
  }

  /**
   * As {@link scan}, and all rows are of one moment: writers wait until the last one was visited.
   */
  scanAtOneMoment(session: Session, range: ScanRange, sink: RowSink): Task<number> {
    return scanOneAtOneMoment(this, session, range, sink);
  }

  /**
   * Sets a key's value; true if the key is new. Returns once that is durable.
   *
   * @param session If null, one is borrowed, and given back before the log is waited for: a
   *   thousand writers that wait then need few, and those are in the processor's caches.
   * @param effect Called before the log is waited for, and not for a write that has failed.
   */
  put(
    session: Session | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null = null,
  ): Task<boolean> {
    return this.write(session, "put", key, value, effect);
  }

  /** Adds a key unless it is there; true if it was added. Returns once that is durable. */
  insert(
    session: Session | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null = null,
  ): Task<boolean> {
    return this.write(session, "insert", key, value, effect);
  }

  /** Removes a key; true if it was there. Returns once that is durable. */
  delete(session: Session | null, key: Uint8Array, effect: Effect | null = null): Task<boolean> {
    return this.write(session, "delete", key, NO_VALUE, effect);
  }

  /**
   * Makes several writes in order, all of which survive a crash or none. Other writers wait
   * meanwhile; readers do not, and may see some of the writes before others.
   *
   * A fault halfway poisons the log, since part of the batch can be seen already: opening the
   * directory anew gives the state before the batch. One before its first change does no harm.
   */
  *batch(
    session: Session,
    writes: readonly BatchWrite[],
    effect: Effect | null = null,
  ): Task<void> {
    const op = this.operationOf(session);
    yield* refuseBadWrites(this.state, writes);
    if (writes.length === 0) return;
    const delay = this.beginWrite(op, true);
    if (delay !== null) yield* delay;
    try {
      try {
        yield* this.appendBatch(op, writes);
      } finally {
        this.gate.leave(op.owner.taskId);
      }
      effect?.tookEffect();
      yield* this.acknowledge(session);
    } finally {
      this.state.log.writerEnded();
    }
  }

  /** Writes every dirty page to the page file, and removes the log before. Writers run on. */
  *checkpoint(session: Session): Task<CheckpointReport> {
    const { owner } = this.operationOf(session);
    this.state.log.refuseIfFailed();
    const wait = this.#checkpointGate.enter(session.task, true);
    if (wait !== null) yield wait;
    try {
      const report = yield* this.state.checkpoint.run(owner);
      if (!report.isSkipped) this.#checkpoints++;
      return report;
    } finally {
      this.#checkpointGate.leave(session.task);
    }
  }

  /** Writes one dirty page; false if there is none to write. */
  cleanOne(session: Session): Task<boolean> {
    return this.state.cleaner.cleanOne(this.operationOf(session).owner);
  }

  /**
   * Checks the whole tree: keeps writers out, makes a checkpoint, and reads every page from the
   * file. Memory: the size of the page file.
   */
  *check(session: Session): Task<CheckReport> {
    yield* this.enterAlone(session);
    try {
      return yield* this.checkInside(session);
    } finally {
      this.leaveAlone(session);
    }
  }

  /** Keeps writers out, and whoever else is alone inside, until {@link leaveAlone}. */
  *enterAlone(session: Session): Task<void> {
    const wait = this.gate.enter(session.task, true);
    if (wait !== null) yield wait;
  }

  leaveAlone(session: Session): void {
    this.gate.leave(session.task);
  }

  /** As {@link check}. Requires: the session is alone inside. */
  *checkInside(session: Session): Task<CheckReport> {
    yield* this.checkpoint(session);
    const { checksum, host, pagesFile, store } = this.state;
    return yield* checkPages(pagesFile, store.params, checksum, host);
  }

  /**
   * As {@link scan}, but what was seen may still have to become durable. Requires: the session is
   * alone inside, so that nobody writes meanwhile.
   */
  *scanInside(session: Session, range: ScanRange, sink: RowSink): Task<number> {
    const { log, pool, protocol } = this.state;
    const op = this.operationOf(session);
    log.refuseIfFailed();
    op.begin();
    if (pool.isOver) yield* this.#shrinkToRead(op);
    try {
      const count = yield* protocol.scan(op, range, sink);
      op.leave();
      return count;
    } catch (error) {
      if (error instanceof LatchworkError) op.abort();
      throw error;
    }
  }

  /** Fails the engine: every operation is rejected until the directory is opened anew. */
  poison(error: LatchworkError): void {
    this.state.log.poison(error);
  }

  /**
   * Ends the engine after an error that is no fault of the world, as when pages contradict each
   * other: what the session held is released, and every later operation is rejected.
   */
  breakDown(session: Session, reason: unknown): void {
    const cause = reason instanceof Error ? reason.message : String(reason);
    this.state.log.poison(new LatchworkError("LOG_FAILED", `the engine broke down: ${cause}`));
    this.operationOf(session).forsake();
  }

  /**
   * Makes sure that what is written can be found by whoever opens the database next.
   *
   * @throws LatchworkError DIRECTORY_CHANGED if the log's segment or the page file is no longer
   *   where it was; DISK_ERROR if that cannot be found out.
   */
  confirm(): void {
    confirmFiles(this.state);
  }

  /**
   * Makes a checkpoint and closes the files, even if the checkpoint fails: what was acknowledged is
   * in the log. Requires: no operation is in flight.
   *
   * @throws LatchworkError as {@link confirm}, and as the checkpoint does.
   */
  close(session: Session): Task<void> {
    return closeFiles(this.state, () => this.checkpoint(session));
  }

  stats(): EngineStats {
    return statsOf(this.state, this.#checkpoints, this.#batcher);
  }

  /** One write, with others or by itself. */
  protected write(
    own: Session | null,
    kind: WriteKind,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean> {
    if (this.#batcher === null) return this.writeAlone(own, kind, key, value, effect);
    return this.#batcher.write(own, kind, key, value, effect);
  }

  /** One write under the gate, and then its acknowledgement. */
  protected writeAlone(
    own: Session | null,
    kind: WriteKind,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean> {
    return new WriteTask(this.#writing, own, kind, key, value, effect);
  }

  /** A gate of this engine. Called by the constructor, after {@link state} is set. */
  protected makeGate(name: string): Gate {
    const { host, latches } = this.state;
    return new Gate(host, latches.eager, name);
  }

  /** What makes writes together. Called by the constructor. */
  protected makeBatcher(settings: WriteBatching, engine: BatchedEngine): WriteBatcher {
    return new WriteBatcher(settings, engine);
  }

  /** What a session has in this engine's tree. */
  protected operationOf(session: Session): Operation {
    return this.#sessions.operationOf(session);
  }

  /**
   * Waits until everything is durable that the session's operation has changed or seen here since
   * it began. Writes and batches do so by themselves.
   */
  acknowledge(session: Session): Task<void> {
    const { lastLsn, seenLsn } = this.operationOf(session);
    const position = lastLsn > seenLsn ? lastLsn : seenLsn;
    return this.state.log.waitDurable(position, lastLsn > 0 ? "change" : "sight");
  }

  /** Begins a write and enters the gate; null if that was done at once. */
  protected beginWrite(op: Operation, isExclusive: boolean): Task<void> | null {
    const { log, pool } = this.state;
    op.begin();
    if (log.state !== "open" || pool.isOver) return this.#beginLater(op, isExclusive);
    const wait = this.gate.enter(op.owner.taskId, isExclusive);
    if (wait !== null) return this.#enterGate(op, wait);
    log.writerBegan();
    return null;
  }

  *#beginLater(op: Operation, isExclusive: boolean): Task<void> {
    const { log, pool } = this.state;
    if (log.state !== "open") yield* log.admitWriter();
    if (pool.isOver) yield* this.state.cleaner.shrinkPool(op.owner);
    yield* this.#enterGate(op, this.gate.enter(op.owner.taskId, isExclusive));
  }

  *#enterGate(op: Operation, wait: Step | null): Task<void> {
    const { log } = this.state;
    if (wait !== null) yield wait;
    try {
      // The log may have failed while this task waited: then no change reaches the disk any more.
      log.refuseIfFailed();
    } catch (error) {
      this.gate.leave(op.owner.taskId);
      throw error;
    }
    log.writerBegan();
  }

  /** One read. As with writes, one generator where nothing has to be waited for. */
  *#read<T>(op: Operation, task: Task<T>, effect: Effect | null): Task<T> {
    const { log, pool, reads } = this.state;
    log.refuseIfFailed();
    op.begin();
    if (pool.isOver) yield* this.#shrinkToRead(op);
    let outcome: T;
    try {
      outcome = yield* task;
    } catch (error) {
      if (error instanceof LatchworkError) op.abort();
      throw error;
    }
    op.leave();
    effect?.tookEffect();
    if (reads === "durable") yield* this.endRead(op);
    return outcome;
  }

  *#shrinkToRead(op: Operation): Task<void> {
    try {
      yield* this.state.cleaner.shrinkPool(op.owner);
    } catch (error) {
      // Reads go on when nothing more can be written.
      if (!(error instanceof LatchworkError && error.code === "NO_SPACE")) throw error;
    }
  }

  /** A change for which no task is made. Null under a driver that decides about each step. */
  #changeAtOnce(
    op: Operation,
    kind: WriteKind,
    key: Uint8Array,
    value: Uint8Array,
  ): boolean | null {
    const parts = this.#parts;
    if (parts === null || op.turn.pending) return null;
    return writeAtOnce(parts.atOnce, op, kind, key, value);
  }

  /** A change that {@link #changeAtOnce} did not make. */
  #change(op: Operation, kind: WriteKind, key: Uint8Array, value: Uint8Array): Task<boolean> {
    const { protocol } = this.state;
    const isRefused = this.#parts !== null && !op.turn.pending;
    return writeOne(isRefused ? this.#parts.byLatches : protocol, op, kind, key, value);
  }

  /** Waits until what a durable read saw is durable. */
  protected *endRead(op: Operation): Task<void> {
    const { log } = this.state;
    if (op.seenLsn > log.durableLsn) yield* log.waitDurable(op.seenLsn, "sight");
  }

  /** One write of a batch that is under way. */
  protected writeInBatch(op: Operation, write: BatchWrite): Task<boolean> {
    const { kind, key } = write;
    return writeOne(this.state.protocol, op, kind, key, kind === "put" ? write.value : NO_VALUE);
  }

  /**
   * Makes the writes of a batch, and logs `records` with them: all or nothing. Requires: the
   * operation is inside the gate exclusively.
   */
  protected *appendBatch(
    op: Operation,
    writes: readonly BatchWrite[],
    records: readonly OwnRecord[] = NO_RECORDS,
  ): Task<void> {
    const { host, log } = this.state;
    const start = log.endLsn;
    log.beginBatch(op.owner.taskId);
    op.isInBatch = true;
    try {
      for (const write of writes) {
        yield* this.writeInBatch(op, write);
        const pause = host.pauseIfDue();
        if (pause !== null) yield pause;
      }
      if (records.length > 0) log.append([], records);
      op.leave();
    } catch (error) {
      if (!(error instanceof LatchworkError)) {
        // Nothing can be undone by an operation that a bug may have spoilt.
        this.breakDown(op.session, error);
        throw error;
      }
      op.abort();
      if (log.endLsn === start) {
        log.endBatch();
        throw error;
      }
      const what = `a batch was cut off: ${error.message}; open anew`;
      const failure = new LatchworkError("LOG_FAILED", what);
      log.poison(failure);
      throw failure;
    }
    log.endBatch();
  }
}
