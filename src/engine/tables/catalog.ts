import { type Checksum, crc32 } from "../../storage/index.ts";
import { assert, LatchworkError } from "../../task/index.ts";
import { TABLES_FILE } from "../../wal/index.ts";

/** The version of the catalog and of the directories that it speaks for. */
export const CATALOG_FORMAT = 1;
/** The most tables of one database: each that is open has two files and pages in memory. */
export const TABLES_MAX = 1_000;

/** One table, as the catalog knows it. */
export interface TableEntry {
  /** Its number, which no other table of this database has had or will have. */
  readonly id: number;
  readonly name: string;
  /** How it is to be opened: a text of whoever made it, which this room does not read. */
  readonly settings: string;
}

/** Which tables there are. */
export interface Catalog {
  /** No table has had this number, nor a higher one. */
  readonly nextId: number;
  /** In the order of their numbers. */
  readonly tables: readonly TableEntry[];
}

/** The catalog of a new database. */
export const NO_TABLES: Catalog = { nextId: 1, tables: [] };

/** `LWTABLES`. */
const MAGIC: readonly number[] = [0x4c, 0x57, 0x54, 0x41, 0x42, 0x4c, 0x45, 0x53];
const FORMAT_AT = 8;
const NEXT_ID_AT = 12;
const COUNT_AT = 16;
const ENTRIES_AT = 20;
const CHECKSUM_BYTES = 4;
const ENTRY_HEAD_BYTES = 8;
const NAME_LENGTH_AT = 4;
const SETTINGS_LENGTH_AT = 6;
const LENGTH_MAX = 0xffff;
const ID_MAX = 0xffff_ffff;

/** The bytes of a catalog. O(bytes). */
export function encodeCatalog({ nextId, tables }: Catalog, checksum: Checksum = crc32): Uint8Array {
  assert(nextId <= ID_MAX, "no database makes four thousand million tables");
  const encoder = new TextEncoder();
  const parts = tables.map(({ id, name, settings }) => {
    return { id, name: encoder.encode(name), settings: encoder.encode(settings) };
  });
  const entriesBytes = parts.reduce((sum, { name, settings }) => {
    assert(name.length <= LENGTH_MAX && settings.length <= LENGTH_MAX, "texts of tables are short");
    return sum + ENTRY_HEAD_BYTES + name.length + settings.length;
  }, 0);
  const bytes = new Uint8Array(ENTRIES_AT + entriesBytes + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(FORMAT_AT, CATALOG_FORMAT, true);
  view.setUint32(NEXT_ID_AT, nextId, true);
  view.setUint32(COUNT_AT, tables.length, true);
  let at = ENTRIES_AT;
  for (const { id, name, settings } of parts) {
    view.setUint32(at, id, true);
    view.setUint16(at + NAME_LENGTH_AT, name.length, true);
    view.setUint16(at + SETTINGS_LENGTH_AT, settings.length, true);
    bytes.set(name, at + ENTRY_HEAD_BYTES);
    bytes.set(settings, at + ENTRY_HEAD_BYTES + name.length);
    at += ENTRY_HEAD_BYTES + name.length + settings.length;
  }
  view.setUint32(at, checksum(bytes.subarray(0, at)), true);
  return bytes;
}

/**
 * Reads the bytes of a catalog. O(bytes).
 *
 * @throws LatchworkError NOT_A_DATABASE if they are foreign, damaged or of another version.
 */
export function decodeCatalog(bytes: Uint8Array, checksum: Checksum = crc32): Catalog {
  if (bytes.length < MAGIC.length || MAGIC.some((byte, at) => bytes[at] !== byte)) {
    throw refusal("this is no catalog of tables of Latchwork");
  }
  const end = bytes.length - CHECKSUM_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end < ENTRIES_AT || view.getUint32(end, true) !== checksum(bytes.subarray(0, end))) {
    throw refusal("the checksum is wrong; the file is damaged");
  }
  const format = view.getUint32(FORMAT_AT, true);
  if (format !== CATALOG_FORMAT) {
    throw refusal(`catalog format ${format}, expected ${CATALOG_FORMAT}`);
  }
  const nextId = view.getUint32(NEXT_ID_AT, true);
  const tables = decodeEntries(view, end);
  const isInOrder = tables.every(({ id }, i) => id > (tables[i - 1]?.id ?? 0) && id < nextId);
  const names = new Set(tables.map(({ name }) => name));
  if (!isInOrder || names.size !== tables.length)
    throw refusal("its entries contradict each other");
  return { nextId, tables };
}

function decodeEntries(view: DataView, end: number): TableEntry[] {
  const decoder = new TextDecoder();
  const count = view.getUint32(COUNT_AT, true);
  const tables: TableEntry[] = [];
  let at = ENTRIES_AT;
  const text = (length: number): string => {
    if (at + length > end) throw refusal("an entry goes beyond its end");
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
    at += length;
    return decoder.decode(bytes);
  };
  while (tables.length < count) {
    if (at + ENTRY_HEAD_BYTES > end) throw refusal(`${count} tables, but bytes of fewer`);
    const id = view.getUint32(at, true);
    const nameLength = view.getUint16(at + NAME_LENGTH_AT, true);
    const settingsLength = view.getUint16(at + SETTINGS_LENGTH_AT, true);
    at += ENTRY_HEAD_BYTES;
    tables.push({ id, name: text(nameLength), settings: text(settingsLength) });
  }
  if (at !== end) throw refusal(`bytes of more than the ${count} tables that it names`);
  return tables;
}

function refusal(what: string): LatchworkError {
  return new LatchworkError("NOT_A_DATABASE", `${TABLES_FILE}: ${what}`);
}
