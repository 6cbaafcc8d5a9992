import type { Operation, Protocol, RowSink, ScanRange } from "../../btree/index.ts";
import type { BatchWrite } from "../../engine/index.ts";
import type { Session, Task } from "../../task/index.ts";
import type { RunEngine } from "./scenario-database.ts";

/** Runs the operations of one scenario task: on a tree in memory, or an engine on a disk. */
export interface Executor {
  get(key: Uint8Array): Task<boolean>;
  put(key: Uint8Array, value: Uint8Array): Task<boolean>;
  insert(key: Uint8Array, value: Uint8Array): Task<boolean>;
  delete(key: Uint8Array): Task<boolean>;
  scan(range: ScanRange, sink: RowSink): Task<number>;
  /** Only an engine has these. */
  scanAtOnce?(range: ScanRange, sink: RowSink): Task<number>;
  batch?(writes: readonly BatchWrite[]): Task<void>;
  checkpoint?(): Task<unknown>;
  cleanOne?(): Task<boolean>;
  /** Has the value that a get has found. */
  readonly session: Session;
  /** An operation has ended. @throws InvariantViolation if it has left something behind. */
  ended(): void;
  /** Forgets everything, for a driver that starts over. */
  reset(): void;
}

/** Operations of a protocol on a tree in memory. */
export class ProtocolExecutor implements Executor {
  readonly #protocol: Protocol;
  readonly #op: Operation;

  constructor(protocol: Protocol, op: Operation) {
    this.#protocol = protocol;
    this.#op = op;
  }

  get session(): Session {
    return this.#op.session;
  }

  get(key: Uint8Array): Task<boolean> {
    return this.#protocol.get(this.#op, key);
  }

  put(key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.#protocol.put(this.#op, key, value);
  }

  insert(key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.#protocol.insert(this.#op, key, value);
  }

  delete(key: Uint8Array): Task<boolean> {
    return this.#protocol.delete(this.#op, key);
  }

  scan(range: ScanRange, sink: RowSink): Task<number> {
    return this.#protocol.scan(this.#op, range, sink);
  }

  ended(): void {
    this.#op.assertIdle();
    this.#op.leave();
  }

  reset(): void {
    this.#op.reset();
  }
}

/** Operations of an engine. A run that starts over has another engine, and another of these. */
export class EngineExecutor implements Executor {
  readonly session: Session;
  readonly #engine: RunEngine;

  constructor(engine: RunEngine, session: Session) {
    this.#engine = engine;
    this.session = session;
  }

  get(key: Uint8Array): Task<boolean> {
    return this.#engine.get(this.session, key);
  }

  put(key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.#engine.put(this.session, key, value);
  }

  insert(key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.#engine.insert(this.session, key, value);
  }

  delete(key: Uint8Array): Task<boolean> {
    return this.#engine.delete(this.session, key);
  }

  scan(range: ScanRange, sink: RowSink): Task<number> {
    return this.#engine.scan(this.session, range, sink);
  }

  scanAtOnce(range: ScanRange, sink: RowSink): Task<number> {
    return this.#engine.scanAtOneMoment(this.session, range, sink);
  }

  batch(writes: readonly BatchWrite[]): Task<void> {
    return this.#engine.batch(this.session, writes);
  }

  checkpoint(): Task<unknown> {
    return this.#engine.checkpoint(this.session);
  }

  cleanOne(): Task<boolean> {
    return this.#engine.cleanOne(this.session);
  }

  ended(): void {
    this.#engine.assertIdle(this.session);
  }

  reset(): void {
    this.session.reset();
  }
}
