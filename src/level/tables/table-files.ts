import { type Disk, LatchworkError, type Task, type TaskId } from "../../task/index.ts";
import { type EventLoop, nodeChecksum } from "../../drivers/index.ts";
import { openTableSet, type TableEntry, type TableSet } from "../../engine/tables/index.ts";
import { openFileEngine, type TableEngine } from "../file-engine.ts";
import type { LatchworkOptions } from "../options.ts";
import { storedOptions, storedText, tableSettings } from "./table-options.ts";

/** The tables of a directory of real files. */
export function openFileTables(loop: EventLoop, disk: Disk, create: boolean): Task<TableSet> {
  return openTableSet({ disk, host: loop, isEager: loop.eager, checksum: nodeChecksum, create });
}

/** A table that was made, and its engine. */
export interface MadeTable {
  readonly entry: TableEntry;
  readonly engine: TableEngine;
}

/** Makes a table, and opens its engine. */
export function createTable(
  loop: EventLoop,
  set: TableSet,
  task: TaskId,
  name: string,
  options: LatchworkOptions,
): Task<MadeTable> {
  const settings = tableSettings(options);
  const make = function* (disk: Disk, entry: TableEntry): Task<MadeTable> {
    return { entry, engine: yield* openFileEngine(loop, disk, settings, { tree: name }) };
  };
  return set.create(task, { name, settings: storedText(options) }, make, unmake);
}

function unmake({ engine }: MadeTable): Task<void> {
  return engine.close(engine.borrow());
}

/**
 * Opens the engine of a table that there is.
 *
 * @param over Takes precedence over what is stored.
 * @throws LatchworkError whose message begins with the table.
 */
export function* openTable(
  loop: EventLoop,
  set: TableSet,
  entry: TableEntry,
  over: LatchworkOptions,
): Task<TableEngine> {
  const { name } = entry;
  try {
    const settings = tableSettings({ ...storedOptions(name, entry.settings), ...given(over) });
    const disk = yield* set.directoryOf(entry);
    return yield* openFileEngine(loop, disk, settings, { tree: name, create: false });
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    throw new LatchworkError(error.code, `table "${name}": ${error.message}`);
  }
}

/** Without options that are undefined, which would hide what is stored. */
function given(options: LatchworkOptions): LatchworkOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
