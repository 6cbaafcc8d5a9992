import {
  type AbstractDelOptions,
  type AbstractIteratorOptions,
  type AbstractKeyIteratorOptions,
  AbstractLevel,
  type AbstractOpenOptions,
  type AbstractPutOptions,
  type AbstractSublevelOptions,
  type AbstractValueIteratorOptions,
} from "abstract-level";
import type { CheckReport, ScanRange } from "../btree/index.ts";
import type { Task } from "../task/index.ts";
import { EventLoop } from "../drivers/index.ts";
import type { BatchWrite } from "../engine/index.ts";
import { CallOrder } from "./call-order.ts";
import type { LevelEngine } from "./level-engine.ts";
import { contradiction, LevelError, levelError } from "./level-error.ts";
import { atOneMoment, EntryIterator, KeyIterator, ValueIterator } from "./iterator.ts";
import {
  batchTask,
  checkpointTask,
  checkTask,
  clearTask,
  deleteTask,
  getManyTask,
  getTask,
  hasManyTask,
  hasTask,
  insertTask,
  putTask,
  readAtOneMomentTask,
  readTask,
} from "./operations.ts";
import {
  CallOptions,
  checkClearOptions,
  checkIteratorOptions,
  checkOpenOptions,
  type LatchworkDatabaseOptions,
  type LatchworkOpenOptions,
  type LatchworkOptions,
} from "./options.ts";
import { type LevelRange, type RowCopies, scanRangeOf } from "./range.ts";
import type { ServedEngine } from "./served-engine.ts";
import { splitOptions } from "./settings.ts";
import { LatchworkSublevel, openSoon } from "./sublevel.ts";
import { isOurs, TaskCall } from "./task-call.ts";
import { type Touches, touchesKeys, touchesRange } from "./touches.ts";

/** What a level over an engine can do, in the terms of the package `level-supports`. */
const MANIFEST = {
  encodings: { view: true },
  has: true,
  // An iterator reads ahead and holds nothing between reads, so it shows later writes too.
  implicitSnapshots: false,
  // Pages have one version.
  explicitSnapshots: false,
  permanence: true,
  seek: true,
  createIfMissing: true,
  errorIfExists: true,
  // A page may have to be read first.
  getSync: false,
  additionalMethods: {
    insert: true,
    remove: true,
    readAtOneMoment: true,
    check: true,
    stats: true,
    checkpoint: true,
  },
};

/** The options of `open` as they were given, before abstract-level has made sense of them. */
const GIVEN: unique symbol = Symbol("given");
type WithGiven = { readonly [GIVEN]?: unknown };

/** A write as the private method of a batch is given it. */
type PrivateWrite =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Uint8Array };

/**
 * A level of the Node ecosystem over an engine: everything but where its engine comes from.
 *
 * The methods whose names begin with an underscore are those that abstract-level calls, with keys
 * and values encoded to bytes and while the database is open.
 *
 * Invariants:
 * 1. A promise of a write is kept once the write is durable, and only then.
 * 2. A close waits for every operation in flight before it lets the engine go, and rejects new ones
 *    meanwhile. It releases everything, even if it rejects.
 * 3. Operations that meet on a key take effect in the order in which they were called; see
 *    {@link CallOrder}.
 */
export abstract class LevelOverEngine<Stats, K = string, V = string> extends AbstractLevel<
  Uint8Array,
  K,
  V
> {
  readonly loop: EventLoop;
  readonly #options: LatchworkOptions;
  readonly #order = new CallOrder();
  readonly #callOptions = new CallOptions();
  /** Whether it was opened or closed by a call since it was made. */
  #isAsked = false;
  #served: ServedEngine<Stats> | null = null;
  /** Why there is no engine any more, though the database was not closed; null otherwise. */
  #loss: LevelError | null = null;
  /** What went wrong in the last close and was not reported, or null. */
  #closeFault: Error | null = null;

  /**
   * @param loop What runs the engine's tasks. Default: a loop of its own.
   * @param supports What it supports otherwise than others do, in the terms of `level-supports`.
   */
  constructor(
    options: LatchworkDatabaseOptions<K, V> = {},
    loop: EventLoop = new EventLoop(),
    supports: Partial<typeof MANIFEST> = {},
  ) {
    const [own, others] = splitOptions(options);
    super({ ...MANIFEST, ...supports }, others);
    this.loop = loop;
    this.#options = own;
    void openSoon(this, () => this.#isAsked);
  }

  /**
   * Makes or opens the engine, or joins one that others use too; rejects with a LatchworkError if
   * it cannot.
   *
   * @param options Those of the constructor, and over them those of this open.
   */
  protected abstract openEngine(options: LatchworkOpenOptions): Promise<ServedEngine<Stats>>;

  /**
   * Lets go what {@link openEngine} gave: closes it, if nobody else uses it. No call is in flight.
   *
   * @returns What went wrong and has to be reported, or null. Does not reject.
   */
  protected abstract closeEngine(served: ServedEngine<Stats>): Promise<Error | null>;

  /**
   * Adds a key unless it is there; resolves to whether it was added. Atomic, as no get followed by
   * a put is. Hooks for writes do not see it.
   *
   * @throws LevelError as `put`.
   */
  async insert(key: K, value: V, options: AbstractPutOptions<K, V> = {}): Promise<boolean> {
    this.#callOptions.checkWrite("insert", options);
    if (this.status === "opening") return this.deferAsync(() => this.insert(key, value, options));
    const engine = this.#openEngine();
    refuseNullish(key, "Key", "LEVEL_INVALID_KEY");
    refuseNullish(value, "Value", "LEVEL_INVALID_VALUE");
    const keyEncoding = this.keyEncoding(options.keyEncoding as "view");
    const valueEncoding = this.valueEncoding(options.valueEncoding as "view");
    const encodedKey = keyEncoding.encode(key as Uint8Array);
    const encodedValue = valueEncoding.encode(value as Uint8Array);
    const call = this.#call<boolean>(true);
    const task = insertTask(engine, encodedKey, encodedValue, call);
    const isNew = await this.#one(encodedKey, call, task);
    if (isNew && this.listenerCount("write") > 0) {
      const write = { type: "put", key, value, keyEncoding, valueEncoding };
      this.emit("write", [{ ...options, ...write, encodedKey, encodedValue }]);
    }
    return isNew;
  }

  /**
   * Removes a key; resolves to whether it was there, which `del` does not say. Atomic, as no `has`
   * followed by a `del` is. Hooks for writes do not see it.
   *
   * @throws LevelError as `del`.
   */
  async remove(key: K, options: AbstractDelOptions<K> = {}): Promise<boolean> {
    this.#callOptions.checkWrite("remove", options);
    if (this.status === "opening") return this.deferAsync(() => this.remove(key, options));
    const engine = this.#openEngine();
    refuseNullish(key, "Key", "LEVEL_INVALID_KEY");
    const keyEncoding = this.keyEncoding(options.keyEncoding as "view");
    const encodedKey = keyEncoding.encode(key as Uint8Array);
    const call = this.#call<boolean>(true);
    const wasThere = await this.#one(encodedKey, call, deleteTask(engine, encodedKey, call));
    if (wasThere && this.listenerCount("write") > 0) {
      this.emit("write", [{ ...options, type: "del", key, keyEncoding, encodedKey }]);
    }
    return wasThere;
  }

  /**
   * Checks the whole database: makes a checkpoint, and then reads every page from the file and
   * looks at it. Writers wait meanwhile.
   */
  async check(): Promise<CheckReport> {
    if (this.status === "opening") return this.deferAsync(() => this.check());
    return this.#apart(checkTask(this.#openEngine()));
  }

  /**
   * Brings the page file up to date and drops the log before. The background does it by itself; by
   * hand it makes the next open after a crash shorter.
   */
  async checkpoint(): Promise<void> {
    if (this.status === "opening") return this.deferAsync(() => this.checkpoint());
    await this.#apart(checkpointTask(this.#openEngine()));
  }

  /**
   * Figures since the database was opened.
   *
   * @throws LevelError LEVEL_DATABASE_NOT_OPEN.
   */
  stats(): Stats & { readonly backgroundFault: string | null } {
    const backgroundFault = this.#served?.lastFault ?? null;
    return { ...this.#openEngine().stats(), backgroundFault };
  }

  /**
   * As abstract-level's, which a call with options, or one that hooks or listeners are to see, is
   * handed to. Any other one ends as its own promise, and not as one more that waits for it.
   */
  override put(key: K, value: V): Promise<void>;
  override put<PutK = K, PutV = V>(
    key: PutK,
    value: PutV,
    options: AbstractPutOptions<PutK, PutV>,
  ): Promise<void>;
  override put(key: K, value: V, options?: AbstractPutOptions<K, V>): Promise<void> {
    if (options !== undefined) return super.put(key, value, options);
    if (!this.#isPlainWrite(key) || isNullish(value)) return super.put(key, value);
    let engine: LevelEngine<Stats>;
    let bytes: Uint8Array;
    let valueBytes: Uint8Array;
    try {
      engine = this.#anyEngine();
      bytes = this.keyEncoding().encode(key);
      valueBytes = this.valueEncoding().encode(value);
    } catch (error) {
      return Promise.reject(error);
    }
    const call = this.#call<boolean>(true);
    const promise = call.prepareSilent(putTask(engine, bytes, valueBytes, call));
    this.#order.one(bytes, call);
    return promise;
  }

  /** Whether a write without options may be made at once, and is nobody else's business. */
  #isPlainWrite(key: K): boolean {
    // A field of its hooks that abstract-level reads itself, and that its types leave out.
    const { noop } = this.hooks.prewrite as { readonly noop?: boolean };
    if (noop !== true || this.listenerCount("write") > 0) return false;
    return this.status === "open" && !isNullish(key);
  }

  /**
   * Reads the entries of a range, all of them as they were at one moment: that of a batch, too, is
   * either before it or after. Writers of the whole database wait until the last row was read, and
   * all of them are kept in memory: give a range, or a limit, that is as large as can be wanted.
   *
   * @throws LevelError as an iterator.
   */
  readAtOneMoment(options: AbstractIteratorOptions<K, V> = {}): Promise<[K, V][]> {
    return this.iterator<K, V>(atOneMoment(options)).all();
  }

  /** For iterators: reads some rows. The first read sees all writes that were called before. */
  readRows(
    range: ScanRange,
    limit: number,
    wantsValues: boolean,
    isFirst: boolean,
    isAtOneMoment: boolean,
  ): Promise<RowCopies> {
    // Also of a closing database: it closes its iterators first, and those end what they read.
    const read = isAtOneMoment ? readAtOneMomentTask : readTask;
    const task = read(this.#anyEngine(), range, limit, wantsValues);
    return isFirst ? this.#afterWrites(task) : this.#apart(task);
  }

  override open(options?: AbstractOpenOptions): Promise<void> {
    if (options?.passive !== true) this.#isAsked = true;
    if (options === undefined) return super.open();
    const both: AbstractOpenOptions & WithGiven = { ...options, [GIVEN]: options };
    return super.open(both);
  }

  override close(): Promise<void> {
    this.#isAsked = true;
    return super.close();
  }

  async _open(options: LatchworkOpenOptions): Promise<void> {
    try {
      checkOpenOptions((options as WithGiven)[GIVEN]);
      this.#closeFault = null;
      this.#loss = null;
      this.#served = await this.openEngine({ ...this.#options, ...options });
    } catch (error) {
      throw levelError(isOurs(error) ? error : contradiction(error));
    }
  }

  async _close(): Promise<void> {
    const served = this.#served;
    if (served === null) return;
    await this.#whenIdle();
    this.#closeFault = await this.closeEngine(served);
    this.#served = null;
    // Were this to reject, the status would be "open" again, of a database that is closed and could
    // not be opened. What a listener of this event throws rejects the close as well.
    if (this.#closeFault !== null) this.once("closed", () => this.#reportCloseFault());
  }

  /**
   * Rejects every operation from now on, for this reason, though the database is not closed. Once
   * those that came before have ended the engine is not used any more.
   */
  protected async letGo(reason: LevelError): Promise<void> {
    this.#loss = reason;
    await this.#whenIdle();
    this.#served = null;
  }

  async #whenIdle(): Promise<void> {
    if (this.#order.count === 0) return;
    await new Promise<void>((resolve) => {
      this.#order.whenIdle(resolve);
    });
  }

  #reportCloseFault(): void {
    const fault = this.#closeFault;
    this.#closeFault = null;
    if (fault !== null) throw fault;
  }

  _get(key: Uint8Array, options: object): Promise<Uint8Array | undefined> {
    this.#callOptions.checkRead("get", options);
    const call = this.#call<Uint8Array | undefined>(false);
    return this.#one(key, call, getTask(this.#openEngine(), key, call));
  }

  _getMany(keys: readonly Uint8Array[], options: object): Promise<(Uint8Array | undefined)[]> {
    this.#callOptions.checkRead("getMany", options);
    const task = getManyTask(this.#openEngine(), keys, this.loop);
    return this.#several(touchesKeys(keys), this.#call(false), task);
  }

  _has(key: Uint8Array, options: object): Promise<boolean> {
    this.#callOptions.checkRead("has", options);
    const call = this.#call<boolean>(false);
    return this.#one(key, call, hasTask(this.#openEngine(), key, call));
  }

  _hasMany(keys: readonly Uint8Array[], options: object): Promise<boolean[]> {
    this.#callOptions.checkRead("hasMany", options);
    const task = hasManyTask(this.#openEngine(), keys, this.loop);
    return this.#several(touchesKeys(keys), this.#call(false), task);
  }

  // What the caller awaits is this very promise: one of its own would cost each write a turn.
  _put(key: Uint8Array, value: Uint8Array, options: object): Promise<unknown> {
    this.#callOptions.checkWrite("put", options);
    const call = this.#call<boolean>(true);
    return this.#one(key, call, putTask(this.#openEngine(), key, value, call));
  }

  _del(key: Uint8Array, options: object): Promise<unknown> {
    this.#callOptions.checkWrite("del", options);
    const call = this.#call<boolean>(true);
    return this.#one(key, call, deleteTask(this.#openEngine(), key, call));
  }

  async _batch(operations: readonly PrivateWrite[], options: object): Promise<void> {
    this.#callOptions.checkWrite("batch", options);
    this.#callOptions.checkBatched(operations);
    const engine = this.#openEngine();
    const [first] = operations;
    if (operations.length === 1 && first !== undefined) {
      const call = this.#call<boolean>(true);
      await this.#one(first.key, call, writeTask(engine, first, call));
      return;
    }
    const call = this.#call<void>(true);
    const writes = operations.map(writeOf);
    const touches = touchesKeys(writes.map(({ key }) => key));
    await this.#several(touches, call, batchTask(engine, writes, call));
  }

  async _clear(options: LevelRange): Promise<void> {
    checkClearOptions(options);
    const limit = options.limit < 0 ? Number.POSITIVE_INFINITY : options.limit;
    const range = scanRangeOf(options);
    const call = this.#call<void>(true);
    const task = clearTask(this.#openEngine(), range, limit, call);
    await this.#several(touchesRange(range), call, task);
  }

  _iterator(options: AbstractIteratorOptions<K, V> & LevelRange): EntryIterator<this, K, V> {
    checkIteratorOptions("iterator", options);
    return new EntryIterator(this, options);
  }

  _keys(options: AbstractKeyIteratorOptions<K> & LevelRange): KeyIterator<this, K> {
    checkIteratorOptions("keys", options);
    return new KeyIterator(this, options);
  }

  _values(options: AbstractValueIteratorOptions<K, V> & LevelRange): ValueIterator<this, K, V> {
    checkIteratorOptions("values", options);
    return new ValueIterator(this, options);
  }

  _sublevel<SubK, SubV>(
    name: string,
    options: AbstractSublevelOptions<SubK, SubV>,
  ): LatchworkSublevel<this, SubK, SubV> {
    return new LatchworkSublevel(this, name, options);
  }

  /** Admits what abstract-level would admit: nothing once `close` was called. */
  #openEngine(): LevelEngine<Stats> {
    if (this.status === "open") return this.#anyEngine();
    throw new LevelError("LEVEL_DATABASE_NOT_OPEN", "Database is not open");
  }

  #anyEngine(): LevelEngine<Stats> {
    if (this.#loss !== null) throw this.#loss;
    if (this.#served !== null) return this.#served.engine;
    throw new LevelError("LEVEL_DATABASE_NOT_OPEN", "Database is not open");
  }

  #call<T>(isWrite: boolean): TaskCall<T> {
    return new TaskCall(this.#order, this.loop, isWrite);
  }

  /** Runs an operation on one key, once it is its turn. */
  #one<T>(key: Uint8Array, call: TaskCall<T>, task: Task<T>): Promise<T> {
    const promise = call.prepare(task);
    this.#order.one(key, call);
    return promise;
  }

  /** Runs an operation on several keys, once it is its turn. */
  #several<T>(touches: Touches, call: TaskCall<T>, task: Task<T>): Promise<T> {
    const promise = call.prepare(task);
    this.#order.several(touches, call);
    return promise;
  }

  /** Runs a read that sees all writes that were called before. */
  #afterWrites<T>(task: Task<T>): Promise<T> {
    const call = this.#call<T>(false);
    const promise = call.prepare(task);
    this.#order.afterWrites(call);
    return promise;
  }

  /** Runs what waits for no other operation, and no other for it. */
  #apart<T>(task: Task<T>): Promise<T> {
    const call = this.#call<T>(false);
    const promise = call.prepare(task);
    this.#order.apart(call);
    return promise;
  }
}

/** A batch of one write is a plain write, which excludes no other writer. */
function writeTask(
  engine: LevelEngine<unknown>,
  write: PrivateWrite,
  call: TaskCall<boolean>,
): Task<boolean> {
  const { key } = write;
  if (write.type === "put") return putTask(engine, key, write.value, call);
  return deleteTask(engine, key, call);
}

function writeOf(write: PrivateWrite): BatchWrite {
  const { key } = write;
  return write.type === "put" ? { kind: "put", key, value: write.value } : { kind: "delete", key };
}

function isNullish(thing: unknown): boolean {
  return thing === null || thing === undefined;
}

/** Rejects null and undefined as abstract-level does, in its words. */
function refuseNullish(thing: unknown, what: string, code: string): void {
  if (thing === null || thing === undefined) {
    throw new LevelError(code, `${what} cannot be null or undefined`);
  }
}
