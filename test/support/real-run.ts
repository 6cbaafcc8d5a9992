import type { Protocol, ScanRange } from "../../src/btree/index.ts";
import {
  type BatchWrite,
  type EngineSettings,
  LatchworkLevel,
  type TableEngine,
} from "../../src/level/index.ts";
import { RowCopies } from "../../src/level/range.ts";
import {
  type History,
  HistoryRecorder,
  type Operation,
  type RecordedCall,
} from "../../src/linearizability/index.ts";
import { TellsOrder } from "./planted-protocols.ts";
import {
  assert,
  createPrng,
  type Disk,
  type Prng,
  type Session,
  type Task,
} from "../../src/task/index.ts";

type Bound = string | null;
type Row = readonly [key: string, value: string];
type Write = readonly [key: string, value: string | null];

/**
 * A database with many operations in flight, through whichever of its doors. Ids are those of the
 * operations in the history, one for each key where a call takes several.
 */
export interface Client {
  get(key: string, id: number): Promise<string | null>;
  /** Null if the door does not tell whether the key is new. */
  put(key: string, value: string, id: number): Promise<boolean | null>;
  insert(key: string, value: string, id: number): Promise<boolean>;
  delete(key: string, id: number): Promise<boolean | null>;
  scan(range: Range, id: number): Promise<Row[]>;
  batch(writes: readonly Write[], ids: readonly number[]): Promise<void>;
  getMany(keys: readonly string[], ids: readonly number[]): Promise<(string | null)[]>;
}

/** Both ends inclusive; from the end if `reverse`. */
interface Range {
  readonly low: Bound;
  readonly high: Bound;
  readonly reverse: boolean;
  readonly limit: number | null;
}

/** So long that a page of 512 bytes holds four. */
const VALUE_LENGTH = 80;
const padded = (value: string): string => value.padEnd(VALUE_LENGTH, ".");
const stripped = (value: string): string => value.replace(/\.+$/, "");

/** A database over real files, whose engine a test can reach, and change the protocol of. */
export class OpenLevel extends LatchworkLevel {
  /** Ids of operations in the order in which they were applied, through the inner door. */
  readonly order: number[] = [];
  /** Ids of what each operation of the tree has still to do. */
  readonly ids: Map<Session, number[]> = new Map();
  change: (right: Protocol, level: OpenLevel) => Protocol = (right) => right;
  #engine: TableEngine | null = null;

  get engine(): TableEngine {
    assert(this.#engine !== null, "the database is open");
    return this.#engine;
  }

  protected override async makeEngine(disk: Disk, settings: EngineSettings): Promise<TableEngine> {
    const changed = this.change(settings.protocol, this);
    const protocol = new TellsOrder(changed, (op) => {
      const id = this.ids.get(op.session)?.shift();
      if (id !== undefined) this.order.push(id);
    });
    const engine = await super.makeEngine(disk, { ...settings, protocol });
    this.#engine = engine;
    return engine;
  }
}

/** Opens a database of small pages, of which most are not in memory, so that operations wait. */
export async function openSmall(
  place: string,
  protocol: string,
  change?: OpenLevel["change"],
  partitions: number = 1,
): Promise<OpenLevel> {
  const level = new OpenLevel(place, {
    protocol,
    partitions,
    pageSize: 512,
    poolPages: 16,
    segmentBytes: 64 * 1024,
    checkpointBytes: 128 * 1024,
  });
  if (change !== undefined) level.change = change;
  await level.open();
  return level;
}

/** The public door: abstract-level. */
export function throughLevel(level: LatchworkLevel): Client {
  return {
    get: async (key) => textOf(await level.get(key)),
    put: async (key, value) => {
      await level.put(key, padded(value));
      return null;
    },
    insert: (key, value) => level.insert(key, padded(value)),
    delete: async (key) => {
      await level.del(key);
      return null;
    },
    scan: async ({ low: gte, high: lte, reverse, limit }) => {
      const bounds = { ...(gte === null ? {} : { gte }), ...(lte === null ? {} : { lte }) };
      const rows = await level.iterator({ ...bounds, reverse, limit: limit ?? -1 }).all();
      return rows.map(([key, value]): Row => [key, stripped(value)]);
    },
    batch: (writes) =>
      level.batch(
        writes.map(([key, value]) =>
          value === null ? { type: "del", key } : { type: "put", key, value: padded(value) },
        ),
      ),
    getMany: async (keys) => (await level.getMany([...keys])).map(textOf),
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textIn = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The inner door, at which every operation answers what it found, and a scan is one scan. */
export function throughEngine({ engine, loop, ids }: OpenLevel): Client {
  const run = <T>(own: readonly number[], body: (op: Session) => Task<T>): Promise<T> => {
    const op = engine.borrow();
    ids.set(op, [...own]);
    return loop.run(
      (function* whole() {
        const result = yield* body(op);
        engine.giveBack(op);
        return result;
      })(),
    );
  };
  const get = (key: string, id: number): Promise<string | null> =>
    run([id], function* got(op) {
      const isThere = yield* engine.get(op, bytesOf(key));
      return isThere ? stripped(textIn(op.copyValue())) : null;
    });
  return {
    get,
    put: (key, value, id) => run([id], (op) => engine.put(op, bytesOf(key), valueOf(value))),
    insert: (key, value, id) => run([id], (op) => engine.insert(op, bytesOf(key), valueOf(value))),
    delete: (key, id) => run([id], (op) => engine.delete(op, bytesOf(key))),
    scan: (range, id) =>
      run([id], function* scanned(op) {
        const rows = new RowCopies(true);
        yield* engine.scan(op, treeRange(range), rows);
        return rowsOf(rows);
      }),
    batch: (writes, own) => run(own, (op) => engine.batch(op, writes.map(batchWrite))),
    getMany: (keys, own) => Promise.all(keys.map((key, i) => get(key, own[i] ?? -1))),
  };
}

function valueOf(value: string): Uint8Array {
  return bytesOf(padded(value));
}

function batchWrite([text, value]: Write): BatchWrite {
  const key = bytesOf(text);
  return value === null ? { kind: "delete", key } : { kind: "put", key, value: valueOf(value) };
}

function treeRange({ low, high, reverse, limit }: Range): ScanRange {
  return {
    reverse,
    ...(low === null ? {} : { start: bytesOf(low) }),
    ...(high === null ? {} : { end: bytesOf(high), endInclusive: true }),
    ...(limit === null ? {} : { limit }),
  };
}

function rowsOf({ keys, values }: RowCopies): Row[] {
  return keys.map((key, i) => [textIn(key), stripped(textIn(values[i] ?? new Uint8Array(0)))]);
}

function textOf(value: string | undefined): string | null {
  return value === undefined ? null : stripped(value);
}

/** Records what clients do with a database. */
export class RealRun {
  readonly #recorder = new HistoryRecorder({ clock: { nowMs: () => performance.now() } });
  #values = 0;
  /** How many operations have been recorded: the id of the next. */
  #operations = 0;

  /** Has so many clients work at the same time, so many operations each, on so many keys. */
  async work(client: Client, load: { clients: number; each: number; keys: number; seed: string }) {
    const { clients, each, keys, seed } = load;
    const one = async (number: number): Promise<void> => {
      const prng = createPrng(`${seed}/${number}`);
      for (let i = 0; i < each; i++) {
        // oxlint-disable-next-line no-await-in-loop -- a client does one thing after another
        await this.#operation(client, prng, keys);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, number) => one(number)));
  }

  /** Scans everything, as the last look. */
  async look(client: Client): Promise<void> {
    await this.#scan(client, { low: null, high: null, reverse: false, limit: null });
  }

  /** The history so far. */
  history(): History {
    const history = this.#recorder.history();
    return { ...history, operations: history.operations.map(narrowed) };
  }

  #operation(client: Client, prng: Prng, keys: number): Promise<unknown> {
    const draw = (): string => keyOf(prng.below(keys));
    const roll = prng.below(100);
    const key = draw();
    const value = `${this.#values++}`;
    if (roll < 25) return this.#one({ f: "get", key }, (id) => client.get(key, id));
    if (roll < 43) return this.#one({ f: "put", key, value }, (id) => client.put(key, value, id));
    if (roll < 60) {
      return this.#one({ f: "insert", key, value }, (id) => client.insert(key, value, id));
    }
    if (roll < 78) return this.#one({ f: "delete", key }, (id) => client.delete(key, id));
    if (roll < 88) {
      const limit = prng.below(3) === 0 ? 1 + prng.below(20) : null;
      const [low = key, high = key] = [key, draw()].toSorted();
      return this.#scan(client, { low, high, reverse: prng.below(2) === 1, limit });
    }
    const several = [...new Set([key, draw(), draw()])];
    return roll < 94 ? this.#batch(client, several, value, prng) : this.#getMany(client, several);
  }

  #scan(client: Client, range: Range): Promise<unknown> {
    const { low, high, reverse, limit } = range;
    const call = { f: reverse ? "scan-back" : "scan", value: [low, high, limit] };
    return this.#one(call, (id) => client.scan(range, id));
  }

  #batch(client: Client, keys: readonly string[], value: string, prng: Prng): Promise<void> {
    const writes = keys.map((key): Write => [key, prng.below(3) === 0 ? null : value]);
    const calls = writes.map(([key, written]) => ({
      f: written === null ? "delete" : "put",
      key,
      value: written,
    }));
    return this.#together(calls, (ids) => client.batch(writes, ids));
  }

  #getMany(client: Client, keys: readonly string[]): Promise<unknown> {
    const calls = keys.map((key, i) => ({
      f: "get",
      key,
      answer: (found: (string | null)[]): unknown => found[i],
    }));
    return this.#together(calls, (ids) => client.getMany(keys, ids));
  }

  #one<R>(call: RecordedCall<R>, run: (id: number) => Promise<R>): Promise<R> {
    const id = this.#operations++;
    return this.#recorder.call(call, () => run(id));
  }

  /** One call that is several operations of the model: all of them are open as long as it is. */
  async #together<R>(
    calls: readonly RecordedCall<R>[],
    run: (ids: readonly number[]) => Promise<R>,
  ): Promise<R> {
    const ids = calls.map(() => this.#operations++);
    let running: Promise<R> | null = null;
    const join = async (): Promise<R> => {
      // By then the others have been recorded as invoked.
      await Promise.resolve();
      running ??= run(ids);
      return running;
    };
    const [first, ...others] = calls.map((call) => this.#recorder.call(call, join));
    assert(first !== undefined, "a batch has a write");
    await Promise.all(others);
    return first;
  }
}

function keyOf(index: number): string {
  return `key ${String(index).padStart(4, "0")}`;
}

/** A scan that gave as many rows as it was allowed says nothing of what lies behind the last. */
function narrowed(operation: Operation): Operation {
  if (!operation.f.startsWith("scan")) return operation;
  const [low, high, limit] = operation.input as [Bound, Bound, number | null];
  const rows = (operation.output ?? []) as readonly Row[];
  const last = rows.at(-1)?.[0];
  if (limit === null || rows.length < limit || last === undefined) {
    return { ...operation, input: [low, high] };
  }
  return { ...operation, input: operation.f === "scan" ? [low, last] : [last, high] };
}
