import { type Disk, LatchworkError } from "../task/index.ts";
import { policyNamed, TABLES_FILE } from "../wal/index.ts";
import {
  absolutePath,
  type OwnedDirectory,
  takeDirectory,
  type TakeOptions,
} from "../drivers/index.ts";
import { type EngineStats, holdsDatabase } from "../engine/index.ts";
import { checkTableName } from "../engine/tables/index.ts";
import { errandsOf, openFileEngine, type TableEngine } from "./file-engine.ts";
import type { EngineSettings } from "./level-engine.ts";
import { LevelError } from "./level-error.ts";
import type { LatchworkDatabaseOptions, LatchworkOpenOptions } from "./options.ts";
import { LevelOverEngine } from "./level-over-engine.ts";
import { ServedEngine } from "./served-engine.ts";
import { settingsOf } from "./settings.ts";
import { openOneTable, refusalOfTables } from "./tables/one-table.ts";

/**
 * An ordered key-value database in a directory: a level of the Node ecosystem that keeps what it
 * acknowledged.
 *
 * Everything that abstract-level documents works here: encodings, sublevels, iterators, batches,
 * events, hooks. Beside it there are `insert`, `check`, `checkpoint` and `stats`. What is promised
 * when, and what is not, is in docs/durability.md.
 *
 * Errors are those of the ecosystem; their `cause`, or its cause, is a LatchworkError.
 */
export class LatchworkLevel<K = string, V = string> extends LevelOverEngine<EngineStats, K, V> {
  /** The directory, as it was given. */
  readonly location: string;
  /** The absolute path that this was when the object was made. */
  readonly #path: string;
  #directory: OwnedDirectory | null = null;

  /** Opens by itself, soon; see {@link open} for a promise of an open one. */
  constructor(location: string, options?: LatchworkDatabaseOptions<K, V>) {
    if (typeof location !== "string" || location === "") {
      const message = "the first argument, the location of a database, must be a non-empty string";
      throw new LevelError("BAD_ARGUMENT", message);
    }
    super(options);
    this.location = location;
    this.#path = absolutePath(location);
  }

  protected override async openEngine(
    options: LatchworkOpenOptions,
  ): Promise<ServedEngine<EngineStats>> {
    const { createIfMissing, lockLeaseMs, commitPolicy } = settingsOf(options);
    // Before a directory is made.
    policyNamed(commitPolicy);
    if (options.table !== undefined) checkTableName(options.table);
    const directory = await this.takeDirectory({ create: createIfMissing, lockLeaseMs });
    try {
      const engine = await this.#engineOf(directory.disk, options);
      this.#directory = directory;
      return new ServedEngine(this.loop, engine, errandsOf(engine, directory.confirm));
    } catch (error) {
      await directory.release();
      throw error;
    }
  }

  /** Opens a directory that is one database, or one table of a directory that has several. */
  async #engineOf(disk: Disk, options: LatchworkOpenOptions): Promise<TableEngine> {
    const { createIfMissing, errorIfExists, lockLeaseMs: _, ...settings } = settingsOf(options);
    const { loop } = this;
    if (options.table !== undefined) {
      const how = { createIfMissing, errorIfExists, options };
      return loop.run(openOneTable(loop, disk, options.table, how));
    }
    const names = await loop.run(disk.list()[Symbol.iterator]());
    if (names.includes(TABLES_FILE)) throw await loop.run(refusalOfTables(disk, this.location));
    const exists = holdsDatabase(names);
    if (exists && errorIfExists) throw this.#existing();
    if (!exists && !createIfMissing) throw this.#missing();
    return this.makeEngine(disk, settings);
  }

  protected override closeEngine(served: ServedEngine<EngineStats>): Promise<Error | null> {
    return served.close(() => this.#leaveDirectory());
  }

  async #leaveDirectory(): Promise<void> {
    const directory = this.#directory;
    if (directory === null) return;
    this.#directory = null;
    try {
      // Whoever opens this path next does not find what was written: that must be reported.
      directory.confirm();
    } finally {
      await directory.release();
    }
  }

  /** Opens the engine itself, in a directory that is ours. */
  protected makeEngine(disk: Disk, settings: EngineSettings): Promise<TableEngine> {
    return this.loop.run(openFileEngine(this.loop, disk, settings));
  }

  /** Makes the directory if it may, and takes it. */
  protected takeDirectory(options: TakeOptions): Promise<OwnedDirectory> {
    return takeDirectory(this.#path, this.loop, options);
  }

  #existing(): LatchworkError {
    const message = `${this.location} exists already, and errorIfExists is set`;
    return new LatchworkError("DATABASE_EXISTS", message);
  }

  #missing(): LatchworkError {
    const message = `${this.location} does not exist: it has no database`;
    return new LatchworkError("NOT_A_DATABASE", message);
  }
}

/**
 * Makes a database object and opens it.
 *
 * @throws LevelError with the reason itself: LEVEL_LOCKED if a process has it open,
 *   LEVEL_CORRUPTION if a file is damaged, NOT_A_DATABASE, DATABASE_EXISTS, LEVEL_IO_ERROR,
 *   NO_SPACE, BAD_ARGUMENT.
 */
export async function open<K = string, V = string>(
  directory: string,
  options?: LatchworkDatabaseOptions<K, V>,
): Promise<LatchworkLevel<K, V>> {
  const level = new LatchworkLevel(directory, options);
  try {
    await level.open();
  } catch (error) {
    throw error instanceof Error && error.cause instanceof LevelError ? error.cause : error;
  }
  return level;
}
