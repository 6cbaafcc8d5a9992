import { HEADER_BYTES } from "../storage/index.ts";
import { LatchworkError } from "../task/errors.ts";
import { inWords } from "../task/handed-over.ts";

/** What a tree is made with and keeps for life; stored on its meta page. */
export interface TreeParameters {
  /** Bytes a page: a power of two from 512 to 32768. */
  readonly pageSize: number;
  /** The most entries a page may hold, leaf or inner: 0 for no limit but its bytes, or >= 2. */
  readonly mostEntries: number;
}

export const SMALLEST_PAGE_BYTES = 512;
/** The largest page whose offsets, its own end included, fit 16 bits. */
export const LARGEST_PAGE_BYTES = 32768;
const SHORTEST_KEY_LIMIT = 8;

/** Bytes of the slot of an entry: cell offset, suffix length, key head. */
export const SLOT_BYTES = 8;
/** Bytes before the key in a leaf's cell: the value's length. */
export const LEAF_CELL_BYTES = 2;
/** Bytes before the key in an inner page's cell: the child. */
export const INNER_CELL_BYTES = 4;

/**
 * Checks the parameters of a tree.
 *
 * @throws LatchworkError BAD_PAGE_SIZE or BAD_CAPACITY.
 */
export function treeParameters(pageSize: number, mostEntries: number = 0): TreeParameters {
  // Also what a program without types hands over: "4096" would be compared as a number.
  const isPower = Number.isInteger(pageSize) && Number.isInteger(Math.log2(pageSize));
  if (!isPower || pageSize < SMALLEST_PAGE_BYTES || pageSize > LARGEST_PAGE_BYTES) {
    const range = `${SMALLEST_PAGE_BYTES} to ${LARGEST_PAGE_BYTES}`;
    const given = inWords(pageSize);
    const message = `page size must be a power of two from ${range}, not ${given}`;
    throw new LatchworkError("BAD_PAGE_SIZE", message);
  }
  const most = mostEntriesOf(pageSize);
  const whole = Number.isInteger(mostEntries) && mostEntries >= 0;
  if (!whole || mostEntries === 1 || mostEntries > most) {
    const where = `in pages of ${pageSize} bytes`;
    const given = inWords(mostEntries);
    const message = `most entries a page must be 0 or 2 to ${most} ${where}, not ${given}`;
    throw new LatchworkError("BAD_CAPACITY", message);
  }
  return { pageSize, mostEntries };
}

/** The longest key, and so the longest fence, that a page of this size takes, in bytes. */
export function longestKeyOfPage(pageSize: number): number {
  return pageSize / 8;
}

/**
 * The most bytes that an entry may take in a page of this size: slot, and cell with the whole key.
 *
 * It is what makes one split enough, always. Let P be the page size, H = 48 the header, K = P/8 the
 * longest fence, m the largest entry. A page that overflows has entries of S <= P - H + m bytes in
 * all, the incoming one included. Cutting where the two sides differ least leaves at most
 * S/2 + m/2 <= (P - H)/2 + m on a side, and no side is empty, as that would leave all S on the
 * other, and S > m. A side fits if it leaves room for two fences, that is if
 * (P - H)/2 + m <= P - H - 2K, or m <= P/4 - 24. Entries do not grow on the way: the fences of a
 * half lie between those of the whole, so its prefix is at least as long.
 *
 * An inner page's largest entry takes 12 + K bytes, below the limit for all P >= 288.
 */
export function largestEntryOfPage(pageSize: number): number {
  return pageSize / 4 - 24;
}

/**
 * The longest key that a tree takes, in bytes.
 *
 * A limit of entries also limits keys and values, so that as many of the largest as are allowed fit
 * a page with any fences. Such a tree never runs out of bytes: its pages split when they have too
 * many entries and merge when they have few enough, and for no other reason.
 */
export function maxKeyBytes(params: TreeParameters): number {
  const { pageSize, mostEntries } = params;
  if (mostEntries === 0) return longestKeyOfPage(pageSize);
  // K + 12 for each of n inner entries, and 2K for the fences.
  const forEntries = pageSize - HEADER_BYTES - mostEntries * (SLOT_BYTES + INNER_CELL_BYTES);
  return Math.min(longestKeyOfPage(pageSize), Math.floor(forEntries / (mostEntries + 2)));
}

/** The most bytes that an entry of a tree may take: slot, and cell with the whole key. */
export function maxEntryBytes(params: TreeParameters): number {
  const { pageSize, mostEntries } = params;
  if (mostEntries === 0) return largestEntryOfPage(pageSize);
  const forEntries = pageSize - HEADER_BYTES - 2 * maxKeyBytes(params);
  return Math.min(largestEntryOfPage(pageSize), Math.floor(forEntries / mostEntries));
}

/** The longest value that fits beside a key of `keyLength` bytes. */
export function maxValueBytes(params: TreeParameters, keyLength: number): number {
  return maxEntryBytes(params) - SLOT_BYTES - LEAF_CELL_BYTES - keyLength;
}

/** @throws LatchworkError KEY_TOO_LONG, which says what pages of each size take. */
export function checkKey(params: TreeParameters, key: Uint8Array): void {
  const most = maxKeyBytes(params);
  if (key.length <= most) return;
  const found = `a key may have at most ${most} bytes, not ${key.length}`;
  throw new LatchworkError("KEY_TOO_LONG", `${found}, ${bySize(params, maxKeyBytes)}`);
}

/** @throws LatchworkError KEY_TOO_LONG or VALUE_TOO_LONG, as {@link checkKey}. */
export function checkEntry(params: TreeParameters, key: Uint8Array, value: Uint8Array): void {
  checkKey(params, key);
  const most = maxValueBytes(params, key.length);
  if (value.length <= most) return;
  const what = `a value beside a key of ${key.length} bytes`;
  const found = `${what} may have at most ${most} bytes, not ${value.length}`;
  const sizes = bySize(params, (size) => maxValueBytes(size, key.length));
  throw new LatchworkError("VALUE_TOO_LONG", `${found}, ${sizes}`);
}

/** What pages take: of this size, and of each larger one that a new database could have. */
function bySize(params: TreeParameters, most: (params: TreeParameters) => number): string {
  const { pageSize, mostEntries } = params;
  const sizes: string[] = [];
  for (let larger = pageSize * 2; larger <= LARGEST_PAGE_BYTES; larger *= 2) {
    sizes.push(`${most({ pageSize: larger, mostEntries })} with ${larger}`);
  }
  const limit = mostEntries === 0 ? "" : ` and ${mostEntries} entries a page`;
  const others = sizes.length === 0 ? "there is none larger" : sizes.join(", ");
  return `with pageSize ${pageSize}${limit}; ${others}; it is chosen when a database is made`;
}

/** The highest limit of entries that still leaves room for keys of a useful length. */
function mostEntriesOf(pageSize: number): number {
  const body = pageSize - HEADER_BYTES - 2 * SHORTEST_KEY_LIMIT;
  return Math.floor(body / (SLOT_BYTES + INNER_CELL_BYTES + SHORTEST_KEY_LIMIT));
}
