import { describe, expect, it } from "vitest";
import {
  type Catalog,
  type MakeTable,
  type TableEntry,
  TableSet,
  type TableSetParts,
} from "../../../src/engine/tables/index.ts";
import { removeLeftover, withoutTable, withTable } from "../../../src/engine/tables/table-set.ts";
import {
  checkFootprints,
  compareRuns,
  Scheduler,
  type Strategy,
  Trace,
} from "../../../src/sim/index.ts";
import { type Hunted, huntProgram, strategyOf } from "../../support/hunt-program.ts";
import { followed } from "../../../src/sim/determinism.ts";
import type { Disk, Task } from "../../../src/task/index.ts";
import { NEW_TABLES_FILE, TABLES_FILE } from "../../../src/wal/index.ts";
import { TablesProgram, type TablesProgramOptions } from "./tables-program.ts";
import { budget } from "../../campaign.ts";

function hunt(strategy: Strategy, runsMax: number, options: TablesProgramOptions = {}): Hunted {
  return huntProgram((scheduler) => new TablesProgram(scheduler, options), strategy, runsMax);
}

/** Replaces the catalog, and does not wait until that is durable. */
class CatalogNotSynced extends TableSet {
  protected override *putInPlace(disk: Disk): Task<void> {
    yield* disk.rename(NEW_TABLES_FILE, TABLES_FILE);
  }
}

/** Names a table in the catalog before it has its files. */
class CatalogBeforeFiles extends TableSet {
  protected override *addTable<T>(entry: TableEntry, make: MakeTable<T>): Task<T> {
    yield* this.publish(withTable(this.catalog, entry));
    const made = yield* make(yield* this.makeDirectory(entry), entry);
    yield* this.syncNames();
    return made;
  }
}

/** Makes the files durable, but not the name of the directory that they are in. */
class DirectoryNotSynced extends TableSet {
  protected override *syncNames(): Task<void> {}
}

/** Removes the files of a table, and then its name in the catalog. */
class FilesRemovedFirst extends TableSet {
  readonly #disk: Disk;

  constructor(parts: TableSetParts) {
    super(parts);
    this.#disk = parts.disk;
  }

  protected override *takeOut(entry: TableEntry): Task<void> {
    yield* removeLeftover(this.#disk, entry.id);
    yield* super.takeOut(entry);
  }
}

/** Forgets, with a dropped table, that its number was used. */
class NumberUsedAgain extends TableSet {
  protected override *takeOut(entry: TableEntry): Task<void> {
    const { tables } = withoutTable(this.catalog, entry);
    const lowered: Catalog = { nextId: Math.max(0, ...tables.map(({ id }) => id)) + 1, tables };
    yield* this.publish(lowered);
  }
}

/** In each of some ways. */
const RUNS = budget({ short: 20, campaign: 120 });

describe("tables that are made, written, dropped and made again", () => {
  it.each([
    ["random", RUNS],
    ["pct:3", RUNS],
    ["dfs:0", 2 * RUNS],
  ])("survive a crash, under %s", (name, runsMax) => {
    const { failure, schedule, runs } = hunt(strategyOf(name), runsMax);
    expect({ failure, schedule }).toEqual({ failure: null, schedule: "" });
    expect(runs).toBeGreaterThanOrEqual(RUNS);
  });

  it("survive a second crash during the recovery", () => {
    const { failure, schedule } = hunt(strategyOf("random"), RUNS, { crashes: 2 });
    expect({ failure, schedule }).toEqual({ failure: null, schedule: "" });
  });

  it("survive faults of the disk before a crash", () => {
    const kinds = ["write error", "no space", "failed sync"] as const;
    const faults = { kinds, oneIn: 24, most: 2 };
    const { failure, schedule } = hunt(strategyOf("random"), RUNS, { faults });
    expect({ failure, schedule }).toEqual({ failure: null, schedule: "" });
  });

  it.each([
    ["the catalog is not synced", CatalogNotSynced, /is gone|is back|lost key/u],
    ["the catalog comes before the files", CatalogBeforeFiles, /no database|no such directory/u],
    ["the directory's name is not synced", DirectoryNotSynced, /no such directory|no database/u],
    ["a drop removes the files first", FilesRemovedFirst, /no database|no such directory|control/u],
    ["a number is used again", NumberUsedAgain, /is used again/u],
  ])("are harmed if %s", (_, Planted, message) => {
    const { failure, runs } = hunt(strategyOf("random"), 600, {
      make: (parts) => new Planted(parts),
    });
    expect(failure?.message).toMatch(message);
    expect(runs).toBeLessThanOrEqual(600);
  });

  it("do the same along the same schedule, and whenever independent segments are swapped", () => {
    const scheduler = new Scheduler();
    const program = new TablesProgram(scheduler);
    scheduler.trace = new Trace();
    const random = strategyOf("random");
    random.beginRun();
    scheduler.run(program, random);
    const other = new Scheduler();
    other.trace = new Trace();
    other.run(new TablesProgram(other), followed(scheduler.schedule));
    expect(compareRuns(scheduler, other)).toBeNull();
    scheduler.trace = null;
    const report = checkFootprints(scheduler, program, strategyOf("random"), { swapsMax: 30 });
    expect(report.problem).toBeNull();
    expect(report.swaps).toBeGreaterThan(5);
  });
});
