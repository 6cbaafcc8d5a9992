import type { AbstractDatabaseOptions } from "abstract-level";
import { LatchworkError } from "../../task/index.ts";
import type { EventLoop } from "../../drivers/index.ts";
import type { EngineStats } from "../../engine/index.ts";
import { levelError } from "../level-error.ts";
import { LevelOverEngine } from "../level-over-engine.ts";
import { OWN_NAMES } from "../options.ts";
import type { ServedEngine } from "../served-engine.ts";
import type { OpenTable, TableUser } from "./open-table.ts";

/** Whoever gives out tables by name. */
export interface TableSource {
  readonly loop: EventLoop;
  /** @throws LevelError NO_SUCH_TABLE, or LEVEL_DATABASE_NOT_OPEN. */
  openTableOf(name: string): OpenTable;
}

/**
 * One table of a database of tables, as a level of the Node ecosystem: all that a `LatchworkLevel`
 * does, but that it neither makes nor removes a table.
 *
 * Several such objects may work on one table at the same time. Closing one closes only that one.
 * Once the table is dropped each operation is rejected with NO_SUCH_TABLE; once the database is
 * closed, so is this, and it cannot be opened again.
 */
export class LatchworkTable<K = string, V = string> extends LevelOverEngine<EngineStats, K, V> {
  /** The table's name. */
  readonly table: string;
  readonly #source: TableSource;
  /** That it was made for: another of the same name is not its business. */
  readonly #made: OpenTable;
  readonly #user: TableUser = {
    letGo: (reason) => this.letGo(reason),
    close: () => this.close(),
  };

  /** For `LatchworkTables.table`. */
  constructor(source: TableSource, name: string, options: AbstractDatabaseOptions<K, V> = {}) {
    refuseTableOptions(options);
    super(options, source.loop, { createIfMissing: false, errorIfExists: false });
    this.table = name;
    this.#source = source;
    this.#made = source.openTableOf(name);
  }

  protected override async openEngine(): Promise<ServedEngine<EngineStats>> {
    if (this.#made.end !== null) throw this.#made.end;
    this.#source.openTableOf(this.table).join(this.#user);
    return this.#made.served;
  }

  protected override async closeEngine(): Promise<null> {
    this.#made.leave(this.#user);
    return null;
  }
}

/** Rejects what says how a table is made or opened, which has been decided by now. */
function refuseTableOptions(options: object): void {
  const own = Object.keys(options ?? {}).find((name) => OWN_NAMES.includes(name));
  if (own === undefined) return;
  const message = `option "${own}" of a table: it is given when the table is created, not here`;
  throw levelError(new LatchworkError("BAD_ARGUMENT", message));
}
