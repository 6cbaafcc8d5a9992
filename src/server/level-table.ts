import type { Row, RowRange, RowReader, ServedTable, TableWrite } from "./served-tables.ts";

/** How each call says that keys and values are bytes. */
interface BytesOptions {
  readonly keyEncoding: "view";
  readonly valueEncoding: "view";
}

/** Bounds of an iterator, as every level has them. */
interface BytesRange extends BytesOptions {
  readonly gte?: Uint8Array;
  readonly lt?: Uint8Array;
  readonly limit?: number;
  readonly reverse: boolean;
}

/** What the server uses of a level of ours, whatever encodings it was opened with. */
export interface BytesLevel {
  get(key: Uint8Array, options: BytesOptions): Promise<Uint8Array | undefined>;
  put(key: Uint8Array, value: Uint8Array, options: BytesOptions): Promise<unknown>;
  insert(key: Uint8Array, value: Uint8Array, options: BytesOptions): Promise<boolean>;
  remove(key: Uint8Array, options: { readonly keyEncoding: "view" }): Promise<boolean>;
  batch(writes: TableWrite[], options: BytesOptions): Promise<void>;
  iterator(range: BytesRange): {
    nextv(most: number): Promise<[Uint8Array, Uint8Array][]>;
    close(): Promise<void>;
  };
  stats(): unknown;
}

/** Frozen, so that a level looks at its names once. */
const BYTES = Object.freeze({ keyEncoding: "view", valueEncoding: "view" } as const);
const KEY_BYTES = Object.freeze({ keyEncoding: "view" } as const);

/** A table that is a level of ours. Whoever opened the level closes it. */
export class LevelTable implements ServedTable {
  readonly #level: BytesLevel;

  constructor(level: BytesLevel) {
    this.#level = level;
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#level.get(key, BYTES);
  }

  put(key: Uint8Array, value: Uint8Array): Promise<unknown> {
    return this.#level.put(key, value, BYTES);
  }

  insert(key: Uint8Array, value: Uint8Array): Promise<boolean> {
    return this.#level.insert(key, value, BYTES);
  }

  remove(key: Uint8Array): Promise<boolean> {
    return this.#level.remove(key, KEY_BYTES);
  }

  async batch(writes: readonly TableWrite[]): Promise<void> {
    await this.#level.batch([...writes], BYTES);
  }

  rows({ start, end, limit, reverse }: RowRange): RowReader {
    const iterator = this.#level.iterator({
      ...BYTES,
      ...(start === undefined ? {} : { gte: start }),
      ...(end === undefined ? {} : { lt: end }),
      ...(limit === undefined ? {} : { limit }),
      reverse,
    });
    return {
      next: (most): Promise<readonly Row[]> => iterator.nextv(most),
      close: () => iterator.close(),
    };
  }

  stats(): unknown {
    return this.#level.stats();
  }
}
