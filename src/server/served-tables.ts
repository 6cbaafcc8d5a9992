/** Bounds of a scan, in bytes. */
export interface RowRange {
  /** The first key; it is in the range. Absent: from the lowest on. */
  readonly start?: Uint8Array;
  /** The first key that is not in the range. Absent: to the highest. */
  readonly end?: Uint8Array;
  /** The most rows. Absent: all. */
  readonly limit?: number;
  /** Whether the rows come from the highest key to the lowest. */
  readonly reverse: boolean;
}

export type Row = readonly [key: Uint8Array, value: Uint8Array];

/** Reads the rows of a range, some at a time, and holds nothing in between but its place. */
export interface RowReader {
  /** Up to `most` further rows; none at the end. */
  next(most: number): Promise<readonly Row[]>;
  /** Once, when no more rows are wanted. */
  close(): Promise<void>;
}

/** One write of a batch. */
export type TableWrite =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Uint8Array };

/**
 * What the server needs of a table. A promise of a write is kept once the write is durable.
 *
 * It is an interface so that benchmarks can put the same server before other databases.
 *
 * Errors: whatever is thrown is looked at by its `code`; see `problem.ts`.
 */
export interface ServedTable {
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  put(key: Uint8Array, value: Uint8Array): Promise<unknown>;
  /** Adds a key unless it is there; whether it was added. One moment. */
  insert(key: Uint8Array, value: Uint8Array): Promise<boolean>;
  /** Removes a key; whether it was there. One moment. */
  remove(key: Uint8Array): Promise<boolean>;
  /** All of the writes or none, also after a crash. */
  batch(writes: readonly TableWrite[]): Promise<void>;
  rows(range: RowRange): RowReader;
  /** Figures, as a value that JSON can hold. */
  stats(): unknown;
}

/** Tables by name. They are open, and stay it for as long as the server runs. */
export type ServedTables = ReadonlyMap<string, ServedTable>;
