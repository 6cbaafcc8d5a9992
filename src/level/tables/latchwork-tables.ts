import type { AbstractDatabaseOptions } from "abstract-level";
import { assert, LatchworkError, type Task, type TaskId, taskId } from "../../task/index.ts";
import type { EventLoop, OwnedDirectory } from "../../drivers/index.ts";
import { ENGINE_DEFAULTS, type EngineStats, limitPool } from "../../engine/index.ts";
import {
  checkTableName,
  noSuchTable,
  type TableEntry,
  type TableSet,
} from "../../engine/tables/index.ts";
import { errandsOf } from "../file-engine.ts";
import { contradiction, LevelError, levelError } from "../level-error.ts";
import { ServedEngine } from "../served-engine.ts";
import { isOurs } from "../task-call.ts";
import { LatchworkTable } from "./latchwork-table.ts";
import { OpenTable } from "./open-table.ts";
import { createTable, type MadeTable, openTable } from "./table-files.ts";
import { checkTableOptions, type TableOptions } from "./table-options.ts";

/** Figures of one table since it was opened. */
export type TableStats = EngineStats & { readonly backgroundFault: string | null };

/** Figures of a database of tables. */
export interface TablesStats {
  /** By name. */
  readonly tables: Readonly<Record<string, TableStats>>;
  /** The memory that the pages of all tables may have. */
  readonly poolBytes: number;
}

/** What a database of tables is made of; see `openTables`. */
export interface TablesParts {
  readonly location: string;
  readonly loop: EventLoop;
  readonly directory: OwnedDirectory;
  readonly set: TableSet;
  readonly poolBytes: number | undefined;
}

/**
 * A database of several tables, open: each of them an ordered key-value table of its own, with its
 * own protocol, log and commit policy, made and dropped while others are in use.
 *
 * Errors are those of the ecosystem, as a `LatchworkLevel` has them.
 */
export class LatchworkTables {
  /** The directory, as it was given. */
  readonly location: string;
  readonly #loop: EventLoop;
  readonly #directory: OwnedDirectory;
  readonly #set: TableSet;
  readonly #poolBytes: number;
  /** By the number of each, in the order in which they were made. */
  readonly #open = new Map<number, OpenTable>();
  /** Creations and drops under way. */
  readonly #changes = new Set<Promise<unknown>>();
  #tasks = 0;
  #closing: Promise<void> | null = null;

  /** For `openTables`. */
  constructor({ location, loop, directory, set, poolBytes }: TablesParts) {
    this.location = location;
    this.#loop = loop;
    this.#directory = directory;
    this.#set = set;
    this.#poolBytes = poolBytes ?? ENGINE_DEFAULTS.poolBytes;
  }

  /** Opens the engines of all tables. For `openTables`, once. */
  async openAll(): Promise<void> {
    const entries = this.#set.entries();
    const share = { poolBytes: this.#share(entries.length) };
    const opening = await Promise.allSettled(
      entries.map((entry) => this.#loop.run(openTable(this.#loop, this.#set, entry, share))),
    );
    for (const [i, entry] of entries.entries()) {
      const opened = opening[i];
      if (opened?.status === "fulfilled") this.#serve({ entry, engine: opened.value });
    }
    const failed = opening.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  /** The names of all tables, in the order in which they were made. */
  names(): string[] {
    this.#refuseClosed();
    return [...this.#open.values()].map(({ entry }) => entry.name);
  }

  /** Whether there is a table of this name. */
  has(name: string): boolean {
    this.#refuseClosed();
    return this.#find(name) !== null;
  }

  /**
   * Makes a table. Once the promise is kept the table survives any crash; before that it is there
   * as a whole or not at all.
   *
   * @throws LevelError BAD_ARGUMENT, UNKNOWN_NAME, TABLE_EXISTS, NO_SPACE, LEVEL_IO_ERROR or
   *   LEVEL_DATABASE_NOT_OPEN.
   */
  async create(name: string, options: TableOptions = {}): Promise<void> {
    this.#refuseClosed();
    await this.#change(async () => {
      checkTableName(name);
      checkTableOptions(options);
      const all = { ...options, poolBytes: this.#share(this.#open.size + 1) };
      this.#serve(await this.#run(createTable(this.#loop, this.#set, this.#task(), name, all)));
      this.#divideMemory();
    });
  }

  /**
   * Removes a table with all that is in it. It may be in use: an operation under way ends as it
   * would have, and all that come later are rejected with NO_SUCH_TABLE. Once the promise is kept
   * no crash brings the table back, and its files are removed.
   *
   * @throws LevelError NO_SUCH_TABLE, NO_SPACE, LEVEL_IO_ERROR or LEVEL_DATABASE_NOT_OPEN.
   */
  async drop(name: string): Promise<void> {
    this.#refuseClosed();
    await this.#change(async () => {
      const entry = await this.#takeOut(name);
      const table = this.#open.get(entry.id);
      assert(table !== undefined, "all tables are open");
      this.#open.delete(entry.id);
      await table.letGo(dropped(name));
      // What goes wrong with files that are to be removed does not matter.
      await table.served.close(async () => undefined);
      await this.#run(this.#set.removeFiles(entry));
      this.#divideMemory();
    });
  }

  /**
   * A table as an abstract-level database, which opens by itself. Each call makes another object,
   * with its own encodings; each is closed by itself, and all with this database.
   *
   * @throws LevelError NO_SUCH_TABLE, BAD_ARGUMENT or LEVEL_DATABASE_NOT_OPEN.
   */
  table<K = string, V = string>(
    name: string,
    options?: AbstractDatabaseOptions<K, V>,
  ): LatchworkTable<K, V> {
    const source = {
      loop: this.#loop,
      openTableOf: (of: string): OpenTable => this.#openTableOf(of),
    };
    return new LatchworkTable(source, name, options);
  }

  /**
   * Figures since the database was opened.
   *
   * @throws LevelError LEVEL_DATABASE_NOT_OPEN.
   */
  stats(): TablesStats {
    this.#refuseClosed();
    const tables = [...this.#open.values()].map(({ entry, served }): [string, TableStats] => {
      return [entry.name, { ...served.engine.stats(), backgroundFault: served.lastFault }];
    });
    return { tables: Object.fromEntries(tables), poolBytes: this.#poolBytes };
  }

  /**
   * Waits for all that is under way, closes every table and releases the directory, whatever goes
   * wrong. May be called again.
   *
   * @throws LevelError what went wrong first, if the next open does not make it good.
   */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    await Promise.allSettled(this.#changes);
    const faults: (Error | null)[] = await Promise.all(
      [...this.#open.values()].map(async (table) => {
        const fault = await table.closeUsers(notOpen());
        return (await table.served.close(async () => undefined)) ?? fault;
      }),
    );
    try {
      // Whoever opens this path next does not find what was written: that must be reported.
      this.#directory.confirm();
    } catch (error) {
      const fault = levelError(error);
      if (fault instanceof Error) faults.push(fault);
    }
    await this.#directory.release();
    const fault = faults.find((found) => found !== null);
    if (fault !== undefined && fault !== null) throw fault;
  }

  #serve({ entry, engine }: MadeTable): void {
    const errands = errandsOf(engine, this.#directory.confirm);
    const served = new ServedEngine(this.#loop, engine, errands);
    this.#open.set(entry.id, new OpenTable(entry, engine, served));
  }

  #find(name: string): OpenTable | null {
    const entry = this.#set.find(name);
    return entry === null ? null : (this.#open.get(entry.id) ?? null);
  }

  /** Takes a table out of the catalog; if it is unknown whether that was done, ends the table. */
  async #takeOut(name: string): Promise<TableEntry> {
    try {
      return await this.#run(this.#set.drop(this.#task(), name));
    } catch (error) {
      // Else what is acknowledged from now on could be gone after the next open.
      if (this.#set.isInDoubt && error instanceof LevelError) {
        await this.#find(name)?.letGo(error);
      }
      throw error;
    }
  }

  #openTableOf(name: string): OpenTable {
    this.#refuseClosed();
    const table = this.#find(name);
    if (table !== null) return table;
    try {
      checkTableName(name);
    } catch (error) {
      throw levelError(error);
    }
    throw levelError(noSuchTable(name, this.#set.entries()));
  }

  /** An id for a task that changes the catalog. */
  #task(): TaskId {
    return taskId(this.#tasks++);
  }

  /** The part of the memory that each of so many tables gets. */
  #share(tables: number): number {
    return Math.max(LEAST_SHARE, Math.floor(this.#poolBytes / Math.max(1, tables)));
  }

  /** Divides the memory anew, after tables have come or gone. */
  #divideMemory(): void {
    const share = this.#share(this.#open.size);
    for (const { engine } of this.#open.values()) limitPool(engine, share);
  }

  #refuseClosed(): void {
    if (this.#closing !== null) throw notOpen();
  }

  /** Makes a change that a close waits for. */
  async #change(act: () => Promise<void>): Promise<void> {
    const change = act();
    this.#changes.add(change);
    try {
      await change;
    } catch (error) {
      throw levelError(error);
    } finally {
      this.#changes.delete(change);
    }
  }

  async #run<T>(task: Task<T>): Promise<T> {
    try {
      return await this.#loop.run(task);
    } catch (error) {
      throw levelError(isOurs(error) ? error : contradiction(error));
    }
  }
}

/** Less would not be enough for the few pages that an operation works on, of the usual size. */
const LEAST_SHARE = 64 * 1024;

function notOpen(): LevelError {
  return new LevelError("LEVEL_DATABASE_NOT_OPEN", "Database is not open");
}

function dropped(name: string): LevelError {
  const reason = new LatchworkError("NO_SUCH_TABLE", `table "${name}" was dropped`);
  return new LevelError(reason.code, reason.message, reason);
}
