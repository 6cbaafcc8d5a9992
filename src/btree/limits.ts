import { LatchworkError } from "../task/errors.ts";

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
const LARGEST_CAPACITY = 65535;

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
  const inRange = pageSize >= SMALLEST_PAGE_BYTES && pageSize <= LARGEST_PAGE_BYTES;
  if (!inRange || !Number.isInteger(Math.log2(pageSize))) {
    const range = `${SMALLEST_PAGE_BYTES} to ${LARGEST_PAGE_BYTES}`;
    const message = `page size must be a power of two from ${range}, not ${pageSize}`;
    throw new LatchworkError("BAD_PAGE_SIZE", message);
  }
  const whole = Number.isInteger(mostEntries) && mostEntries >= 0;
  if (!whole || mostEntries === 1 || mostEntries > LARGEST_CAPACITY) {
    const message = `most entries a page must be 0 or 2 to ${LARGEST_CAPACITY}, not ${mostEntries}`;
    throw new LatchworkError("BAD_CAPACITY", message);
  }
  return { pageSize, mostEntries };
}

/** The longest key a tree with such pages takes, in bytes. */
export function maxKeyBytes(pageSize: number): number {
  return pageSize / 8;
}

/**
 * The most bytes that an entry may take in a page, slot and cell with its whole key.
 *
 * It is what makes one split enough, always. Let P be the page size, H = 48 the header, K = P/8 the
 * longest key and so the longest fence, m the largest entry. A page that overflows has entries of
 * S <= P - H + m bytes in all, the incoming one included. Cutting where the two sides differ least
 * leaves at most S/2 + m/2 <= (P - H)/2 + m on a side, and each side has at least one entry, as an
 * entry that is alone is never in the way. A side fits if it leaves room for two fences, that is if
 * (P - H)/2 + m <= P - H - 2K, or m <= P/4 - 24. Entries do not grow on the way: the fences of a
 * half lie between those of the whole, so its prefix is at least as long.
 *
 * An inner page's largest entry takes 12 + K bytes, below the limit for all P >= 288.
 */
export function maxEntryBytes(pageSize: number): number {
  return pageSize / 4 - 24;
}

/** The longest value that fits beside a key of `keyLength` bytes. */
export function maxValueBytes(pageSize: number, keyLength: number): number {
  return maxEntryBytes(pageSize) - SLOT_BYTES - LEAF_CELL_BYTES - keyLength;
}

/** @throws LatchworkError KEY_TOO_LONG. */
export function checkKey(params: TreeParameters, key: Uint8Array): void {
  const most = maxKeyBytes(params.pageSize);
  if (key.length > most) {
    const message = `a key may have at most ${most} bytes, not ${key.length}`;
    throw new LatchworkError("KEY_TOO_LONG", message);
  }
}

/** @throws LatchworkError KEY_TOO_LONG or VALUE_TOO_LONG. */
export function checkEntry(params: TreeParameters, key: Uint8Array, value: Uint8Array): void {
  checkKey(params, key);
  const most = maxValueBytes(params.pageSize, key.length);
  if (value.length > most) {
    const message = `a value beside a key of ${key.length} bytes may have at most ${most} bytes`;
    throw new LatchworkError("VALUE_TOO_LONG", `${message}, not ${value.length}`);
  }
}
