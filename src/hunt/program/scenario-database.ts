import {
  describePage,
  type NamedPages,
  type Protocol,
  roleOfPage,
  TreeChecker,
} from "../../btree/index.ts";
// Past the room's door, which leads to Node as well: the hunt also runs in a browser.
import {
  type Engine,
  type EngineOptions,
  openEngine,
  openPartitioned,
  PartitionedEngine,
  partitionName,
  partitionOfKey,
  type PartitionParts,
  partitionTree,
  writeNewDatabase,
  writePartitions,
} from "../../engine/index.ts";
import {
  type Failure,
  type Scheduler,
  type SimDisk,
  type SimHost,
  SimLatchDriver,
} from "../../sim/index.ts";
import { META_PAGE, pageId } from "../../storage/index.ts";
import { assert, broken, runToCompletion, type Task } from "../../task/index.ts";
import { PAGES_FILE } from "../../wal/index.ts";
import { readContents } from "../judge/index.ts";
import { bytesOf, numberText, type Scenario } from "../scenario/index.ts";
import { brokenTree, NO_ROLE } from "./broken-tree.ts";
import { pathIn } from "./file-text.ts";
import { OverlaidPages } from "./overlaid-pages.ts";
import type { ProgramTree } from "./program-tree.ts";
import { buildScenarioTree, type ScenarioTree } from "./scenario-tree.ts";

/** What runs the operations of a scenario: one tree, or several partitions. */
export type RunEngine = Engine | PartitionedEngine;

/** One tree of the database that is open. */
export interface Place {
  /** Null where there are no partitions. */
  readonly partition: number | null;
  readonly engine: Engine;
}

/** What a database of a scenario is made with. */
interface DatabaseParts {
  readonly scheduler: Scheduler;
  readonly host: SimHost;
  readonly disk: SimDisk;
  readonly scenario: Scenario;
  readonly partitions: number;
  /** A right protocol, which builds the trees. */
  readonly builder: Protocol;
}

/** How it is opened; the rest is the database's own. */
interface OpenOptions extends Omit<EngineOptions, "disk" | "host" | "latches"> {
  readonly partitionParts: Partial<PartitionParts>;
}

const GENERATION = 1;
/** So few that scans of a handful of rows come to where more are read. */
const ROWS_AHEAD = 2;
const ONLY: readonly string[] = [""];

/**
 * The database of a scenario on its disk: makes its files, opens them, and shows its trees to
 * checks and stories, be it one tree or several partitions.
 */
export class ScenarioDatabase {
  /** What the trees hold at first. */
  readonly before: ReadonlyMap<number, number>;
  /** The directory of each tree, from the disk's topmost on. */
  readonly directories: readonly string[];
  readonly #disk: SimDisk;
  readonly #host: SimHost;
  readonly #driver: SimLatchDriver;
  readonly #pageSize: number;
  readonly #names: readonly string[];
  #engine: RunEngine | null = null;

  /** Makes the files. Requires: the disk is disarmed, and empty. */
  constructor({ scheduler, host, disk, scenario, partitions, builder }: DatabaseParts) {
    this.#disk = disk;
    this.#host = host;
    this.#pageSize = scenario.pageSize;
    const indices = Array.from({ length: partitions }, (_, index) => index);
    const isDivided = partitions > 1;
    this.#names = isDivided ? indices.map((index) => partitionTree(index)) : ONLY;
    this.directories = isDivided ? indices.map((index) => partitionName(GENERATION, index)) : ONLY;
    this.#driver = new SimLatchDriver(scheduler, this.#names);
    const built = indices.map((index) =>
      buildScenarioTree(scenario, builder, (key) => this.#indexOf(key) === index),
    );
    runToCompletion(this.#write(built));
    this.before = new Map(built.flatMap(({ memory }) => [...readContents(memory)]));
  }

  get isOpen(): boolean {
    return this.#engine !== null;
  }

  /** Requires: the database is open. */
  get engine(): RunEngine {
    assert(this.#engine !== null, "the database is open");
    return this.#engine;
  }

  set engine(engine: RunEngine | null) {
    this.#engine = engine;
  }

  /** The trees, by partition. Requires: the database is open. */
  get places(): readonly Place[] {
    const { engine } = this;
    if (!(engine instanceof PartitionedEngine)) return [{ partition: null, engine }];
    return engine.state.partitions.map((one, partition) => ({ partition, engine: one }));
  }

  /** Where a key is. Requires: the database is open. */
  placeOf(key: number): Place {
    const place = this.places[this.#indexOf(key)];
    assert(place !== undefined, "there is a place for each key");
    return place;
  }

  /** Opens the files. Who calls it says when that counts: see {@link engine}. */
  open({ partitionParts, ...options }: OpenOptions): Task<RunEngine> {
    const own = { ...options, disk: this.#disk, host: this.#host, latches: this.#driver };
    if (!this.#isDivided) return openEngine(own);
    return openPartitioned({ ...own, rowsAhead: ROWS_AHEAD, partitionParts });
  }

  /** The trees as they are now: pages in memory, and the others as they are in the files. */
  trees(): readonly ProgramTree[] {
    return this.places.map(({ partition, engine: { state } }, i) => {
      const file = this.#disk.peek(pathIn(this.directories[i] ?? "", PAGES_FILE));
      const pages = new OverlaidPages(state.pool, file, this.#pageSize);
      return { partition, store: state.store, pages };
    });
  }

  /** What is wrong with the trees at rest; null if nothing is. */
  problem(): Failure | null {
    assert(this.engine.isIdle, "operations that ended are out of every gate");
    for (const { partition, store, pages } of this.trees()) {
      const inUse = store.latches.firstInUse();
      if (inUse !== null) {
        const what = "operations that have ended leave no latch in use";
        broken(what, `that of page ${inUse.id} in use`);
      }
      const problem = new TreeChecker(pages, store.params).check().problems[0];
      if (problem !== undefined) return brokenTree(ofPartition(partition, problem));
      for (const key of readContents(pages).keys()) {
        const right = this.#indexOf(key);
        if (partition === null || right === partition) continue;
        return brokenTree(`key ${key} is in partition ${partition}, and belongs to ${right}`);
      }
    }
    return null;
  }

  /** The partition that a latch belongs to; null where there is one tree. */
  partitionOf(latchObject: number): number | null {
    const tree = this.#driver.latchOf(latchObject)?.tree;
    return this.#isDivided && tree !== undefined ? this.#names.indexOf(tree) : null;
  }

  /** What the page of a latch is; null if the object is no latch. */
  describeLatch(object: number): string | null {
    const found = this.#driver.latchOf(object);
    if (found === null) return null;
    const tree = this.#treeOf(object);
    const id = pageId(found.latch);
    const page = tree === null ? `page ${id}` : describePage(tree, id, numberText);
    return found.tree === "" ? page : `${page} of ${found.tree}`;
  }

  roleOf(latchObject: number): string {
    const page = this.#driver.latchOf(latchObject)?.latch;
    if (page === undefined) return NO_ROLE;
    const id = pageId(page);
    if (id === META_PAGE) return "meta";
    const tree = this.#treeOf(latchObject);
    return (tree === null ? null : roleOfPage(tree, id, numberText)) ?? NO_ROLE;
  }

  get #isDivided(): boolean {
    return this.#names.length > 1;
  }

  #indexOf(key: number): number {
    return this.#isDivided ? partitionOfKey(bytesOf(key), this.#names.length) : 0;
  }

  *#write(trees: readonly ScenarioTree[]): Task<void> {
    const disk = this.#disk;
    for (const [index, { memory, store }] of trees.entries()) {
      const name = this.directories[index] ?? "";
      const directory = name === "" ? disk : yield* disk.directory(name, "create");
      yield* writeNewDatabase(directory, memory, store.params);
    }
    if (!this.#isDivided) return;
    yield* disk.syncDirectory();
    yield* writePartitions(disk, { partitions: trees.length, generation: GENERATION });
  }

  /** Null while the database is not open. */
  #treeOf(latchObject: number): NamedPages | null {
    if (!this.isOpen) return null;
    const tree = this.trees()[this.partitionOf(latchObject) ?? 0];
    return tree === undefined ? null : { space: tree.store.space, memory: tree.pages };
  }
}

function ofPartition(partition: number | null, problem: string): string {
  return partition === null ? problem : `partition ${partition}: ${problem}`;
}
