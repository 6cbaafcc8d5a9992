import {
  AbstractIterator,
  type AbstractIteratorOptions,
  AbstractKeyIterator,
  type AbstractKeyIteratorOptions,
  AbstractValueIterator,
  type AbstractValueIteratorOptions,
} from "abstract-level";
import type { ScanRange } from "../btree/index.ts";
import { type LevelRange, rangeBehind, rangeFrom, type RowCopies, scanRangeOf } from "./range.ts";
import { PAGE_ROWS, WholeReading } from "./whole-reading.ts";

/** What an iterator needs of its database: to read some rows of a range. */
export interface RowReader {
  /** @param isFirst Whether it is the first read of an iterator, or since it was sought. */
  readRows(
    range: ScanRange,
    limit: number,
    wantsValues: boolean,
    isFirst: boolean,
    isAtOneMoment: boolean,
  ): Promise<RowCopies>;
}

/** Among the options of an iterator: all of it is to be read at once. */
const AT_ONE_MOMENT: unique symbol = Symbol("at one moment");
type WithMoment = { readonly [AT_ONE_MOMENT]?: boolean };

/** The same options, for an iterator that reads all of its range at one moment. */
export function atOneMoment<Options extends object>(options: Options): Options {
  const both: Options & WithMoment = { ...options, [AT_ONE_MOMENT]: true };
  return both;
}

/** The first read is small, since many iterators are left after a row or two; later ones grow. */
const FIRST_ROWS = 16;
const MOST_ROWS = 256;

/**
 * Reads a range ahead, some rows at a time.
 *
 * Each read descends anew to what is behind the last key, so an iterator holds nothing between
 * reads and sees what others write meanwhile: each key as it was at some moment since the iterator
 * was made or, if it was sought, since that; never a key twice, and never out of order. What was
 * called before that moment, awaited or not, it sees.
 */
class RowCursor {
  readonly #reader: RowReader;
  readonly #whole: ScanRange;
  readonly #wantsValues: boolean;
  readonly #limit: number;
  readonly #isAtOneMoment: boolean;
  #rest: ScanRange | null;
  #rows: RowCopies | null = null;
  #next = 0;
  #given = 0;
  #isFirst = true;
  #ahead = FIRST_ROWS;

  constructor(reader: RowReader, range: LevelRange & WithMoment, wantsValues: boolean) {
    this.#reader = reader;
    this.#whole = scanRangeOf(range);
    this.#rest = this.#whole;
    this.#wantsValues = wantsValues;
    this.#limit = range.limit < 0 ? Number.POSITIVE_INFINITY : range.limit;
    this.#isAtOneMoment = range[AT_ONE_MOMENT] === true;
  }

  seek(key: Uint8Array): void {
    this.#rest = rangeFrom(this.#whole, key);
    this.#rows = null;
    this.#ahead = FIRST_ROWS;
    this.#isFirst = true;
  }

  /**
   * Gives up to `asked` rows, each as `pick` makes it: none at the end of the range, and never more
   * than {@link PAGE_ROWS}.
   */
  async give<T>(asked: number, pick: (key: Uint8Array, value: Uint8Array) => T): Promise<T[]> {
    const most = Math.min(asked, PAGE_ROWS);
    const target = this.#given + most;
    const picked: T[] = [];
    while (this.#given < target) {
      // oxlint-disable-next-line no-await-in-loop -- each read begins where the one before ended
      if (!this.#hasRows() && !(await this.#readOn(target, picked.length > 0))) break;
      const key = this.#rows?.keys[this.#next];
      const value = this.#rows?.values[this.#next];
      if (key === undefined || value === undefined) break;
      this.#next++;
      this.#given++;
      picked.push(pick(key, value));
    }
    return picked;
  }

  #hasRows(): boolean {
    return this.#rows !== null && this.#next < this.#rows.keys.length;
  }

  /** Reads more rows; false if there are none, or not now. */
  async #readOn(target: number, hasPicked: boolean): Promise<boolean> {
    try {
      return await this.#readMore(target);
    } catch (error) {
      // The rows picked so far would be lost, for the cursor is behind them. The next call reads
      // anew, and reports the fault if it is still there.
      if (hasPicked) return false;
      throw error;
    }
  }

  async #readMore(target: number): Promise<boolean> {
    const rest = this.#rest;
    const room = this.#limit - this.#given;
    if (rest === null || room <= 0) return false;
    const some = Math.min(room, MOST_ROWS, Math.max(this.#ahead, target - this.#given));
    const wanted = this.#isAtOneMoment ? room : some;
    const rows = await this.#reader.readRows(
      rest,
      wanted,
      this.#wantsValues,
      this.#isFirst,
      this.#isAtOneMoment,
    );
    this.#isFirst = false;
    this.#rows = rows;
    this.#next = 0;
    this.#ahead = Math.min(this.#ahead * 4, MOST_ROWS);
    const last = rows.keys.at(-1);
    this.#rest = last === undefined || rows.keys.length < wanted ? null : rangeBehind(rest, last);
    return last !== undefined;
  }
}

type Entry = [key: Uint8Array | undefined, value: Uint8Array | undefined];

/** Iterates over keys and values. For a level to make; see {@link RowCursor} for its promise. */
export class EntryIterator<Database extends RowReader, K, V> extends AbstractIterator<
  Database,
  K,
  V
> {
  readonly #cursor: RowCursor;
  readonly #whole = new WholeReading();

  constructor(db: Database, options: AbstractIteratorOptions<K, V> & LevelRange) {
    super(db, options);
    this.#cursor = new RowCursor(db, options, options.values !== false);
  }

  async _next(): Promise<Entry | undefined> {
    return (await this.#cursor.give(1, entryOf))[0];
  }

  _nextv(size: number): Promise<Entry[]> {
    return this.#cursor.give(size, entryOf);
  }

  override all(): Promise<[K, V][]> {
    return this.#whole.all(
      () => super.nextv(PAGE_ROWS),
      () => super.close(),
    );
  }

  override close(): Promise<void> {
    return this.#whole.close(() => super.close());
  }

  _seek(target: Uint8Array): void {
    this.#cursor.seek(target);
  }
}

/** Iterates over keys only. */
export class KeyIterator<Database extends RowReader, K> extends AbstractKeyIterator<Database, K> {
  readonly #cursor: RowCursor;
  readonly #whole = new WholeReading();

  constructor(db: Database, options: AbstractKeyIteratorOptions<K> & LevelRange) {
    super(db, options);
    this.#cursor = new RowCursor(db, options, false);
  }

  async _next(): Promise<Uint8Array | undefined> {
    return (await this.#cursor.give(1, keyOf))[0];
  }

  _nextv(size: number): Promise<Uint8Array[]> {
    return this.#cursor.give(size, keyOf);
  }

  override all(): Promise<K[]> {
    return this.#whole.all(
      () => super.nextv(PAGE_ROWS),
      () => super.close(),
    );
  }

  override close(): Promise<void> {
    return this.#whole.close(() => super.close());
  }

  _seek(target: Uint8Array): void {
    this.#cursor.seek(target);
  }
}

/** Iterates over values only. */
export class ValueIterator<Database extends RowReader, K, V> extends AbstractValueIterator<
  Database,
  K,
  V
> {
  readonly #cursor: RowCursor;
  readonly #whole = new WholeReading();

  constructor(db: Database, options: AbstractValueIteratorOptions<K, V> & LevelRange) {
    super(db, options);
    this.#cursor = new RowCursor(db, options, true);
  }

  async _next(): Promise<Uint8Array | undefined> {
    return (await this.#cursor.give(1, valueOf))[0];
  }

  _nextv(size: number): Promise<Uint8Array[]> {
    return this.#cursor.give(size, valueOf);
  }

  override all(): Promise<V[]> {
    return this.#whole.all(
      () => super.nextv(PAGE_ROWS),
      () => super.close(),
    );
  }

  override close(): Promise<void> {
    return this.#whole.close(() => super.close());
  }

  _seek(target: Uint8Array): void {
    this.#cursor.seek(target);
  }
}

function entryOf(key: Uint8Array, value: Uint8Array): Entry {
  return [key, value];
}

function keyOf(key: Uint8Array): Uint8Array {
  return key;
}

function valueOf(_key: Uint8Array, value: Uint8Array): Uint8Array {
  return value;
}
