import {
  type CheckReport,
  checkTree,
  Operation,
  type Protocol,
  type RowSink,
  type ScanRange,
  TreeStore,
} from "../../src/btree/index.ts";
import {
  type BatchWrite,
  type Effect,
  type LatchworkDatabaseOptions,
  type LatchworkOpenOptions,
  type LevelEngine,
  LevelOverEngine,
  ServedEngine,
} from "../../src/level/index.ts";
import { settingsOf } from "../../src/level/settings.ts";
import type { LatchDriver } from "../../src/latch/index.ts";
import {
  type Host,
  LatchworkError,
  Session,
  SessionStates,
  type Task,
  taskId,
} from "../../src/task/index.ts";

/** What the double counts: what was asked of it. */
export interface DoubleStats {
  readonly batches: number;
  readonly checkpoints: number;
  readonly scans: number;
  readonly closed: boolean;
}

/** A tree in memory behind the face of an engine: no disk, no log, every commit takes a while. */
export class EngineDouble implements LevelEngine<DoubleStats> {
  wantsCheckpoint = false;
  /** How long a write waits before it is acknowledged, in milliseconds; null for not at all. */
  commitMs: number | null = null;
  /** What the next operation meets instead of a result. */
  fault: LatchworkError | null = null;
  readonly store: TreeStore;
  readonly #protocol: Protocol;
  readonly #host: Host;
  readonly #latches: LatchDriver;
  readonly #spare: Session[] = [];
  readonly #operations = new SessionStates((session) => this.#operationFor(session));
  #sessions = 0;
  #counts = { batches: 0, checkpoints: 0, scans: 0, closed: false };

  constructor(store: TreeStore, protocol: Protocol, driver: Host & LatchDriver) {
    this.store = store;
    this.#protocol = protocol;
    this.#host = driver;
    this.#latches = driver;
  }

  /** How many operations have been made: as many as were in use at once. */
  get operationCount(): number {
    return this.#sessions;
  }

  borrow(): Session {
    return this.#spare.pop() ?? new Session(taskId(this.#sessions++));
  }

  breakDown(session: Session): void {
    this.#operations.of(session).forsake();
  }

  giveBack(session: Session): void {
    this.#operations.of(session).assertIdle();
    this.#spare.push(session);
  }

  #operationFor(session: Session): Operation {
    const { reclamation } = this.#protocol;
    const order = this.#protocol.latchOrder(this.store);
    const { task } = session;
    return new Operation(this.store, task, this.#latches, order, reclamation, session);
  }

  *get(session: Session, key: Uint8Array, effect: Effect | null): Task<boolean> {
    this.#meetFault();
    const isThere = yield* this.#protocol.get(this.#operations.of(session), key);
    effect?.tookEffect();
    return isThere;
  }

  put(
    own: Session | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean> {
    return this.#write(own, effect, (op) => this.#protocol.put(op, key, value));
  }

  insert(
    own: Session | null,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ): Task<boolean> {
    return this.#write(own, effect, (op) => this.#protocol.insert(op, key, value));
  }

  delete(own: Session | null, key: Uint8Array, effect: Effect | null): Task<boolean> {
    return this.#write(own, effect, (op) => this.#protocol.delete(op, key));
  }

  scan(session: Session, range: ScanRange, sink: RowSink): Task<number> {
    this.#counts.scans++;
    return this.#protocol.scan(this.#operations.of(session), range, sink);
  }

  /** Here every scan is: the protocols tested over it latch the whole tree, or nobody writes. */
  scanAtOneMoment(session: Session, range: ScanRange, sink: RowSink): Task<number> {
    return this.scan(session, range, sink);
  }

  *batch(session: Session, writes: readonly BatchWrite[], effect: Effect | null): Task<void> {
    const op = this.#operations.of(session);
    this.#counts.batches++;
    for (const write of writes) {
      if (write.kind === "put") yield* this.#protocol.put(op, write.key, write.value);
      else yield* this.#protocol.delete(op, write.key);
    }
    effect?.tookEffect();
  }

  *acknowledge(): Task<void> {
    if (this.commitMs !== null) yield this.#host.sleep(this.commitMs);
  }

  *checkpoint(): Task<void> {
    this.#meetFault();
    this.#counts.checkpoints++;
    this.wantsCheckpoint = false;
  }

  *cleanOne(): Task<boolean> {
    return false;
  }

  *check(): Task<CheckReport> {
    return checkTree(this.store.memory, this.store.params);
  }

  *close(): Task<void> {
    this.#counts.closed = true;
  }

  stats(): DoubleStats {
    return this.#counts;
  }

  *#write(
    own: Session | null,
    effect: Effect | null,
    change: (op: Operation) => Task<boolean>,
  ): Task<boolean> {
    this.#meetFault();
    const session = own ?? this.borrow();
    const outcome = yield* change(this.#operations.of(session));
    if (own === null) this.giveBack(session);
    effect?.tookEffect();
    if (this.commitMs !== null) yield this.#host.sleep(this.commitMs);
    return outcome;
  }

  #meetFault(): void {
    const { fault } = this;
    this.fault = null;
    if (fault !== null) throw fault;
  }
}

const trees = new Map<string, TreeStore>();

/** A level over a double; what is written under a location stays there until the process ends. */
export class DoubleLevel<K = string, V = string> extends LevelOverEngine<DoubleStats, K, V> {
  readonly location: string;
  engine: EngineDouble | null = null;

  constructor(location: string, options?: LatchworkDatabaseOptions<K, V>) {
    super(options);
    this.location = location;
  }

  protected override async openEngine(
    options: LatchworkOpenOptions,
  ): Promise<ServedEngine<DoubleStats>> {
    const settings = settingsOf(options);
    const existing = trees.get(this.location);
    if (existing === undefined && !settings.createIfMissing) {
      throw new LatchworkError("NOT_A_DATABASE", `${this.location} does not exist`);
    }
    if (existing !== undefined && settings.errorIfExists) {
      throw new LatchworkError("DATABASE_EXISTS", `${this.location} exists already`);
    }
    const { pageSize } = settings;
    const store = existing ?? new TreeStore(pageSize === undefined ? {} : { pageSize });
    trees.set(this.location, store);
    this.engine = new EngineDouble(store, settings.protocol, this.loop);
    const errands = { wantsCleaning: () => false, lookAfter: () => undefined };
    return new ServedEngine(this.loop, this.engine, errands);
  }

  protected override closeEngine(served: ServedEngine<DoubleStats>): Promise<Error | null> {
    return served.close(async () => {
      this.engine = null;
    });
  }
}
