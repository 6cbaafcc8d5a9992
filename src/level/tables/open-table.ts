import type { EngineStats } from "../../engine/index.ts";
import type { TableEntry } from "../../engine/tables/index.ts";
import type { TableEngine } from "../file-engine.ts";
import { contradiction, type LevelError } from "../level-error.ts";
import type { ServedEngine } from "../served-engine.ts";

/** Somebody who works on a table that is open. */
export interface TableUser {
  /**
   * Rejects every operation that comes from now on, for this reason; resolves once none that came
   * before is under way, after which the engine is not used any more.
   */
  letGo(reason: LevelError): Promise<void>;
  /** Ends as a level does: an operation under way is waited for. */
  close(): Promise<void>;
}

/** A table that is open: its engine, and who works on it. */
export class OpenTable {
  readonly entry: TableEntry;
  readonly engine: TableEngine;
  readonly served: ServedEngine<EngineStats>;
  readonly #users = new Set<TableUser>();
  #end: LevelError | null = null;

  constructor(entry: TableEntry, engine: TableEngine, served: ServedEngine<EngineStats>) {
    this.entry = entry;
    this.engine = engine;
    this.served = served;
  }

  /** Why nobody may work on it any more; null if everybody may. */
  get end(): LevelError | null {
    return this.#end;
  }

  /** Requires: it has no {@link end}. */
  join(user: TableUser): void {
    this.#users.add(user);
  }

  leave(user: TableUser): void {
    this.#users.delete(user);
  }

  /** Ends the table for all who work on it; they keep their objects, which reject everything. */
  async letGo(reason: LevelError): Promise<void> {
    this.#end ??= reason;
    await Promise.all([...this.#users].map((user) => user.letGo(reason)));
  }

  /** Closes all who work on it; nobody new may. Gives the first fault, or null. */
  async closeUsers(reason: LevelError): Promise<Error | null> {
    this.#end ??= reason;
    const closes = await Promise.allSettled([...this.#users].map((user) => user.close()));
    const failed = closes.find((close) => close.status === "rejected");
    if (failed === undefined) return null;
    return failed.reason instanceof Error ? failed.reason : contradiction(failed.reason);
  }
}
