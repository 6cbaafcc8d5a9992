/** Where a key stands in the path of a request: `/tables/T/keys/K`. */
export interface KeyPlace {
  /** The name of the table, not decoded. */
  readonly table: string;
  /** Where the key begins in the path; it ends with the path. */
  readonly keyAt: number;
}

const TABLES = "/tables/";
const KEYS = "/keys/";

/** Finds the key in a path, or null if it is a path of another kind. */
export function keyPlaceOf(url: string): KeyPlace | null {
  if (!url.startsWith(TABLES)) return null;
  const tableEnd = url.indexOf("/", TABLES.length);
  if (tableEnd <= TABLES.length || !url.startsWith(KEYS, tableEnd)) return null;
  return { table: url.slice(TABLES.length, tableEnd), keyAt: tableEnd + KEYS.length };
}

const PERCENT = 0x25;
const QUESTION = 0x3f;
const HASH = 0x23;
/** What may stand in a path as it is: printable ASCII. */
const [LOWEST, HIGHEST] = [0x21, 0x7e];

/**
 * The bytes that a percent-encoded text stands for, from `from` on; null if it is none, as with `%`
 * and no two digits of base 16 behind it, a query, or a character that must be encoded. A plus sign
 * is a plus sign.
 */
export function percentDecoded(text: string, from: number = 0): Uint8Array | null {
  const bytes = Buffer.allocUnsafe(text.length - from);
  let length = 0;
  for (let at = from; at < text.length; at++) {
    let byte = text.charCodeAt(at);
    if (byte === PERCENT) {
      const high = digitOf(text.charCodeAt(at + 1));
      const low = digitOf(text.charCodeAt(at + 2));
      if (high < 0 || low < 0) return null;
      byte = high * 16 + low;
      at += 2;
    } else if (byte < LOWEST || byte > HIGHEST || byte === QUESTION || byte === HASH) {
      return null;
    }
    bytes[length++] = byte;
  }
  return length === bytes.length ? bytes : bytes.subarray(0, length);
}

/** The value of a digit of base 16, or -1; also for NaN, which stands for no character. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
