import type { Checksum } from "../../storage/index.ts";
import {
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Disk,
  type Host,
  LatchworkError,
  Monitor,
  type Task,
  type TaskId,
} from "../../task/index.ts";
import { tableDirectory } from "../../wal/index.ts";
import { Gate } from "../gate.ts";
import { type Catalog, type TableEntry, TABLES_MAX } from "./catalog.ts";
import { prepareCatalog, replaceCatalog } from "./catalog-file.ts";
import { removeTableFiles, tableIdsOn } from "./table-files.ts";
import { checkTableName } from "./table-name.ts";

/** What a set of tables is made of; see {@link openTableSet}. */
export interface TableSetParts {
  /** The directory of the whole database. */
  readonly disk: Disk;
  readonly host: Host;
  /** Whether a task that can enter a gate at once does so without a step. */
  readonly isEager: boolean;
  readonly checksum: Checksum;
  /** The catalog as it is on the disk. */
  readonly catalog: Catalog;
}

/** Makes the files of a new table in its directory, and all of them durable; often, opens it. */
export type MakeTable<T> = (disk: Disk, entry: TableEntry) => Task<T>;

/**
 * Which tables a database has, and how they come and go. A table exists as soon as, and as long as,
 * the catalog on the disk names it.
 *
 * Every method is a task, and those that change something follow one another.
 */
export class TableSet {
  readonly #parts: TableSetParts;
  readonly #gate: Gate;
  readonly #monitor: Monitor;
  #catalog: Catalog;
  /** What made it unknown which catalog is on the disk; null while that is known. */
  #doubt: LatchworkError | null = null;

  constructor(parts: TableSetParts) {
    const { host, isEager, catalog } = parts;
    this.#parts = parts;
    this.#catalog = catalog;
    this.#gate = new Gate(host, isEager, "the catalog's gate");
    this.#monitor = new Monitor(host, "the catalog");
  }

  /** All tables, in the order in which they were made. O(1). */
  entries(): readonly TableEntry[] {
    this.#monitor.touch(ACCESS_READ);
    return this.#catalog.tables;
  }

  /** The table of a name; null if there is none. O(tables). */
  find(name: string): TableEntry | null {
    return this.entries().find((entry) => entry.name === name) ?? null;
  }

  /**
   * Whether a fault has made it unknown which catalog is on the disk. Then no table is made or
   * dropped any more until the database is opened anew, which shows what came of it.
   */
  get isInDoubt(): boolean {
    this.#monitor.touch(ACCESS_READ);
    return this.#doubt !== null;
  }

  /** The directory of a table that there is. */
  directoryOf({ id }: TableEntry): Task<Disk> {
    return this.#parts.disk.directory(tableDirectory(id), "open")[Symbol.iterator]();
  }

  /**
   * Makes a table: first its files, then its name in the catalog. It is there once this returns;
   * after a crash before, it is there as a whole or not at all.
   *
   * @param make Gives what this gives. If it throws, it leaves no file open.
   * @param unmake Closes what `make` gave, if the catalog could not be written.
   * @throws LatchworkError TABLE_EXISTS; BAD_ARGUMENT for a name that cannot be, or a table too
   *   many; DISK_ERROR or NO_SPACE, after which there is no such table, unless it
   *   {@link isInDoubt}; whatever `make` throws.
   */
  *create<T>(
    task: TaskId,
    entry: Pick<TableEntry, "name" | "settings">,
    make: MakeTable<T>,
    unmake: (made: T) => Task<void>,
  ): Task<T> {
    const { name, settings } = entry;
    checkTableName(name);
    yield* this.#enter(task);
    try {
      if (this.find(name) !== null) {
        throw new LatchworkError("TABLE_EXISTS", `there is a table "${name}" already`);
      }
      if (this.#catalog.tables.length >= TABLES_MAX) {
        const message = `${TABLES_MAX} tables are the most of one database; drop one`;
        throw new LatchworkError("BAD_ARGUMENT", message);
      }
      return yield* this.addTable({ id: yield* this.#freeId(), name, settings }, make, unmake);
    } finally {
      this.#gate.leave(task);
    }
  }

  /**
   * Takes a table out of the catalog: it is gone once this returns. Its files are still there, and
   * {@link removeFiles} removes them once nobody uses them any more.
   *
   * @throws LatchworkError NO_SUCH_TABLE; DISK_ERROR or NO_SPACE, after which the table is still
   *   there, unless it {@link isInDoubt}.
   */
  *drop(task: TaskId, name: string): Task<TableEntry> {
    checkTableName(name);
    yield* this.#enter(task);
    try {
      const entry = this.find(name);
      if (entry === null) throw noSuchTable(name, this.entries());
      yield* this.takeOut(entry);
      return entry;
    } finally {
      this.#gate.leave(task);
    }
  }

  /**
   * Removes the files of a table that was dropped. A fault here harms nothing: what is left is
   * removed when the database is opened next. Requires: its files are closed.
   */
  *removeFiles({ id }: TableEntry): Task<void> {
    assert(
      !this.entries().some((entry) => entry.id === id),
      "only dropped tables lose their files",
    );
    yield* removeLeftover(this.#parts.disk, id);
  }

  /** The files, the name of their directory, and last the catalog. */
  protected *addTable<T>(
    entry: TableEntry,
    make: MakeTable<T>,
    unmake: (made: T) => Task<void>,
  ): Task<T> {
    let made: T | null = null;
    try {
      made = yield* make(yield* this.makeDirectory(entry), entry);
      // Else the catalog could survive a crash, and the directory that it names not.
      yield* this.syncNames();
      yield* this.publish(withTable(this.#catalog, entry));
      return made;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      if (made !== null) yield* unmake(made);
      // If it may be in the catalog, it must have its files.
      if (this.#doubt === null) yield* removeLeftover(this.#parts.disk, entry.id);
      throw error;
    }
  }

  /** The catalog first: a table that is named in it has all of its files. */
  protected *takeOut(entry: TableEntry): Task<void> {
    yield* this.publish(withoutTable(this.#catalog, entry));
  }

  /** Hook of {@link addTable}: the directory of a new table. */
  protected makeDirectory({ id }: TableEntry): Task<Disk> {
    return this.#parts.disk.directory(tableDirectory(id), "create")[Symbol.iterator]();
  }

  /** Hook of {@link addTable}: makes the names of directories durable. */
  protected syncNames(): Task<void> {
    return this.#parts.disk.syncDirectory()[Symbol.iterator]();
  }

  /** The catalog that counts. For those who override something. */
  protected get catalog(): Catalog {
    return this.#catalog;
  }

  /** Makes a catalog the one that counts. Requires: the gate is ours. */
  protected *publish(catalog: Catalog): Task<void> {
    const { disk, checksum } = this.#parts;
    yield* prepareCatalog(disk, catalog, checksum);
    try {
      yield* this.putInPlace(disk);
    } catch (error) {
      this.#monitor.touch(ACCESS_WRITE);
      if (error instanceof LatchworkError) this.#doubt = error;
      throw error;
    }
    this.#monitor.touch(ACCESS_WRITE);
    this.#catalog = catalog;
  }

  /** Hook of {@link publish}: puts the catalog that was prepared in its place. */
  protected putInPlace(disk: Disk): Task<void> {
    return replaceCatalog(disk);
  }

  *#enter(task: TaskId): Task<void> {
    const wait = this.#gate.enter(task, true);
    if (wait !== null) yield wait;
    if (this.#doubt === null) return;
    this.#gate.leave(task);
    const what = "the catalog of tables could not be replaced, and which one is there is unknown";
    const message = `${what} (${this.#doubt.message}); open the database anew`;
    throw new LatchworkError(this.#doubt.code, message);
  }

  /** The next number of which there is no directory yet, of whatever origin. */
  *#freeId(): Task<number> {
    const taken = new Set(yield* tableIdsOn(this.#parts.disk));
    let id = this.#catalog.nextId;
    while (taken.has(id)) id++;
    return id;
  }
}

/** Says that there is no table of a name, and which there are. */
export function noSuchTable(name: string, tables: readonly TableEntry[]): LatchworkError {
  const there =
    tables.length === 0
      ? "there is none"
      : `there ${tables.length === 1 ? "is" : "are"} ${namesInWords(tables)}`;
  return new LatchworkError("NO_SUCH_TABLE", `there is no table "${name}"; ${there}`);
}

const NAMES_SHOWN = 8;

/** Names tables, but not too many: `table orders`, `tables orders, users and 7 more`. */
export function namesInWords(tables: readonly TableEntry[]): string {
  const names = tables.map(({ name }) => name);
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  return `${names.length === 1 ? "table" : "tables"} ${shown}${more}`;
}

/** A catalog with one table more, which has a number not used so far. */
export function withTable({ nextId, tables }: Catalog, entry: TableEntry): Catalog {
  assert(entry.id >= nextId, "no number is used again");
  return { nextId: entry.id + 1, tables: [...tables, entry] };
}

/** A catalog with one table less. */
export function withoutTable({ nextId, tables }: Catalog, { id }: TableEntry): Catalog {
  return { nextId, tables: tables.filter((entry) => entry.id !== id) };
}

/** Removes what is left of a table as far as the disk lets it. */
export function* removeLeftover(disk: Disk, id: number): Task<void> {
  try {
    yield* removeTableFiles(disk, id);
  } catch (error) {
    // The next open tries again.
    if (!(error instanceof LatchworkError)) throw error;
  }
}
