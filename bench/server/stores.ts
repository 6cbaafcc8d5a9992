import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  openServed,
  type OpenTables,
  type Row,
  type RowRange,
  type RowReader,
  type ServedTable,
  type TableWrite,
} from "../../src/server/index.ts";
import { loadPeer } from "../peer.ts";

/**
 * The databases that the same server is put before. The last one is none: a map in memory, which
 * shows what HTTP alone costs.
 */
export const STORES = ["latchwork", "classic-level", "lmdb", "map"] as const;

export type StoreName = (typeof STORES)[number];

/** Whether a store keeps anything when its process ends. */
export function isDurable(name: StoreName): boolean {
  return name !== "map";
}

/**
 * Opens tables of a database in a folder; what is durable at all is so when it is answered.
 *
 * @param poolBytes Memory for the pages of latchwork's tables. The others have what the system's page
 *   cache gives them beside their own.
 */
export async function openStore(
  name: StoreName,
  folder: string,
  tables: readonly string[],
  poolBytes: number,
): Promise<OpenTables> {
  switch (name) {
    case "latchwork":
      return openServed(folder, tables, {}, { poolBytes });
    case "classic-level":
      return openClassic(folder, tables);
    case "lmdb":
      return openLmdb(folder, tables);
    case "map":
      return { tables: new Map(tables.map((table) => [table, new MapTable()])), close: nothing };
  }
}

interface ClassicLevel {
  open(): Promise<void>;
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  batch(writes: readonly TableWrite[], options: { readonly sync: boolean }): Promise<void>;
  iterator(range: Readonly<Record<string, unknown>>): RowIterator;
  close(): Promise<void>;
}

interface RowIterator {
  nextv(most: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

interface ClassicLevelModule {
  readonly ClassicLevel: new (folder: string, options: Record<string, unknown>) => ClassicLevel;
}

const VIEWS = { keyEncoding: "view", valueEncoding: "view" };

async function openClassic(folder: string, names: readonly string[]): Promise<OpenTables> {
  const { ClassicLevel } = loadPeer("classic-level") as ClassicLevelModule;
  const levels = new Map<string, ClassicLevel>();
  for (const name of names) {
    const level = new ClassicLevel(join(folder, name), VIEWS);
    await level.open();
    levels.set(name, level);
  }
  return {
    tables: new Map([...levels].map(([name, level]) => [name, new ClassicTable(level)])),
    close: async () => {
      for (const level of levels.values()) await level.close();
    },
  };
}

async function nothing(): Promise<void> {}

/** What a peer has no operation for: nobody else writes to a key of an insert here. */
abstract class PeerTable implements ServedTable {
  abstract get(key: Uint8Array): Promise<Uint8Array | undefined>;
  abstract batch(writes: readonly TableWrite[]): Promise<void>;
  abstract rows(range: RowRange): RowReader;

  put(key: Uint8Array, value: Uint8Array): Promise<unknown> {
    return this.batch([{ type: "put", key, value }]);
  }

  async insert(key: Uint8Array, value: Uint8Array): Promise<boolean> {
    if ((await this.get(key)) !== undefined) return false;
    await this.put(key, value);
    return true;
  }

  async remove(key: Uint8Array): Promise<boolean> {
    if ((await this.get(key)) === undefined) return false;
    await this.batch([{ type: "del", key }]);
    return true;
  }

  stats(): unknown {
    return {};
  }
}

class ClassicTable extends PeerTable {
  readonly #level: ClassicLevel;

  constructor(level: ClassicLevel) {
    super();
    this.#level = level;
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#level.get(key);
  }

  batch(writes: readonly TableWrite[]): Promise<void> {
    return this.#level.batch(writes, { sync: true });
  }

  rows({ start, end, limit, reverse }: RowRange): RowReader {
    const iterator = this.#level.iterator({
      ...(start === undefined ? {} : { gte: start }),
      ...(end === undefined ? {} : { lt: end }),
      ...(limit === undefined ? {} : { limit }),
      reverse,
    });
    return { next: (most) => iterator.nextv(most), close: () => iterator.close() };
  }
}

interface LmdbEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

interface LmdbStore {
  get(key: Uint8Array): Uint8Array | undefined;
  put(key: Uint8Array, value: Uint8Array): Promise<unknown>;
  remove(key: Uint8Array): Promise<unknown>;
  getRange(range: Readonly<Record<string, unknown>>): Iterable<LmdbEntry>;
  readonly flushed: Promise<unknown>;
  close(): Promise<void>;
}

interface LmdbRoot extends LmdbStore {
  openDB(options: Readonly<Record<string, unknown>>): LmdbStore;
  transaction(run: () => void): Promise<unknown>;
}

interface LmdbModule {
  open(options: Readonly<Record<string, unknown>>): LmdbRoot;
}

const BINARY = { encoding: "binary", keyEncoding: "binary", compression: false };
const MAP_BYTES = 2 ** 34;

function openLmdb(folder: string, names: readonly string[]): OpenTables {
  mkdirSync(folder, { recursive: true });
  const lmdb = loadPeer("lmdb") as LmdbModule;
  const root = lmdb.open({ path: folder, mapSize: MAP_BYTES, maxDbs: names.length, ...BINARY });
  const tables = names.map((name) => {
    return [name, new LmdbTable(root, root.openDB({ name, ...BINARY }))] as const;
  });
  return { tables: new Map(tables), close: () => root.close() };
}

class LmdbTable extends PeerTable {
  readonly #root: LmdbRoot;
  readonly #store: LmdbStore;

  constructor(root: LmdbRoot, store: LmdbStore) {
    super();
    this.#root = root;
    this.#store = store;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#store.get(key);
  }

  override async put(key: Uint8Array, value: Uint8Array): Promise<unknown> {
    await this.#store.put(key, value);
    // A put is done once it is committed, and durable as ours is once that is flushed.
    return this.#root.flushed;
  }

  async batch(writes: readonly TableWrite[]): Promise<void> {
    await this.#root.transaction(() => {
      for (const write of writes) {
        if (write.type === "put") void this.#store.put(write.key, write.value);
        else void this.#store.remove(write.key);
      }
    });
    await this.#root.flushed;
  }

  rows({ start, end, limit, reverse }: RowRange): RowReader {
    if (reverse) throw new Error("no benchmark reads backwards");
    const entries = this.#store.getRange({ start, end, limit })[Symbol.iterator]();
    return {
      next: async (most) => {
        const rows: Row[] = [];
        while (rows.length < most) {
          const next = entries.next();
          if (next.done === true) break;
          rows.push([next.value.key, next.value.value]);
        }
        return rows;
      },
      close: async () => {
        entries.return?.();
      },
    };
  }
}

/** Keys as they are in the path of a request: each byte a character. */
class MapTable extends PeerTable {
  readonly #values = new Map<string, Uint8Array>();

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#values.get(nameOf(key));
  }

  override async put(key: Uint8Array, value: Uint8Array): Promise<unknown> {
    this.#values.set(nameOf(key), value);
    return undefined;
  }

  async batch(writes: readonly TableWrite[]): Promise<void> {
    for (const write of writes) {
      if (write.type === "put") this.#values.set(nameOf(write.key), write.value);
      else this.#values.delete(nameOf(write.key));
    }
  }

  rows(): RowReader {
    throw new Error("a map has no order");
  }
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
}
