import { describe, expect, it } from "vitest";
import { protocolNamed } from "../../../src/btree/index.ts";
import {
  type Engine,
  openTable,
  PartitionedEngine,
  type PartitionedOptions,
  partitionName,
  partitionTree,
} from "../../../src/engine/index.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import {
  CrashSource,
  type DiskSnapshot,
  formatSchedule,
  parseStrategy,
  type Program,
  Scheduler,
  SimDisk,
  SimHost,
  SimLatchDriver,
} from "../../../src/sim/index.ts";
import { FunctionSource } from "../../../src/sim/blocks/spawn.ts";
import { MemoryDisk } from "../../../src/storage/index.ts";
import {
  createPrng,
  DIRECT_HOST,
  type Disk,
  type LatchworkError,
  runToCompletion,
  Session,
  type Task,
  taskId,
} from "../../../src/task/index.ts";
import { policyNamed } from "../../../src/wal/index.ts";
import { budget } from "../../campaign.ts";

const KEY = Uint8Array.of(7);
type Hunt = readonly [strategy: string, runsMax: number];

/** The first has a crash at every step of the creation. */
const CRASHES_ANYWHERE: readonly Hunt[] = [
  ["dfs:0", 1_500],
  ["random", 40],
];
const HUNTS = budget({ short: [["random", 60]], campaign: CRASHES_ANYWHERE });
const PLAIN_FILES = ["control", "pages", "log-0000000000000001"];

/**
 * A table is made in so many partitions on a disk whose power fails once; afterwards it is opened,
 * with another number if it does not exist yet, and written to.
 */
class Creation implements Program {
  readonly #disk: SimDisk;
  readonly #host: SimHost;
  readonly #driver: SimLatchDriver;
  readonly #start: DiskSnapshot;
  readonly #numbers: readonly [first: number, second: number];
  #isMade = false;
  found: number[] = [];

  constructor(scheduler: Scheduler, numbers: readonly [number, number], before: number) {
    this.#numbers = numbers;
    this.#disk = new SimDisk(scheduler, { survival: "mixed" });
    this.#host = new SimHost(scheduler);
    const trees = ["", ...[0, 1, 2].map((index) => partitionTree(index))];
    this.#driver = new SimLatchDriver(scheduler, trees);
    if (before > 0) runToCompletion(this.#leaveHalfMade());
    this.#start = this.#disk.snapshot();
  }

  begin(scheduler: Scheduler): void {
    this.#disk.restore(this.#start);
    this.#disk.arm();
    this.#isMade = false;
    scheduler.addTask(new FunctionSource("creation", () => this.#create()));
    scheduler.addTask(
      new CrashSource(() => {
        scheduler.stopAll();
        this.#disk.crash();
        const task = scheduler.tasks.length;
        scheduler.addTask(new FunctionSource("again", () => this.#again(task)));
      }),
    );
  }

  finish(): null {
    return null;
  }

  describeObject(): string {
    return "";
  }

  *#create(): Task<void> {
    yield* this.#open(this.#numbers[0], 0);
    this.#isMade = true;
  }

  *#again(task: number): Task<void> {
    const [first, second] = this.#numbers;
    let count = this.#isMade ? first : second;
    let engine: Engine | PartitionedEngine;
    try {
      engine = yield* this.#open(count, task);
    } catch (error) {
      // It came into being just before the crash, though nobody heard of it.
      if ((error as LatchworkError).code !== "BAD_ARGUMENT" || this.#isMade) throw error;
      count = first;
      engine = yield* this.#open(count, task);
    }
    this.found.push(count);
    const session = new Session(taskId(task));
    const isDivided = engine instanceof PartitionedEngine;
    const made = engine instanceof PartitionedEngine ? engine.state.partitions.length : 1;
    if (made !== count) throw new Error(`${made} partitions, not ${count}`);
    yield* engine.put(session, KEY, KEY);
    const { problems } = yield* engine.check(session);
    if (problems[0] !== undefined) throw new Error(problems[0]);
    yield* engine.close(session);
    const files = yield* this.#disk.list();
    const directories = yield* this.#disk.listDirectories();
    const plain = isDivided ? ["partitions"] : files.filter((name) => name !== "partitions");
    const own = isDivided ? Array.from({ length: count }, (_, i) => partitionName(1, i)) : [];
    if (files.toSorted().join() !== plain.toSorted().join())
      throw new Error(`left: ${files.join()}`);
    if (directories.toSorted().join() !== own.join()) throw new Error(directories.join());
  }

  /** As a creation leaves a directory that is cut off after its second partition. */
  *#leaveHalfMade(): Task<void> {
    const file = yield* this.#disk.open("partitions.new", "create");
    yield* file.close();
    for (const index of [0, 1]) {
      yield* this.#disk.directory(partitionName(1, index), "create");
    }
    yield* this.#disk.syncDirectory();
  }

  #open(partitions: number, task: number): Task<Engine | PartitionedEngine> {
    return openTable({
      ...optionsOf(this.#disk),
      host: this.#host,
      latches: this.#driver,
      partitions,
      task: taskId(task),
    });
  }
}

function optionsOf(disk: Disk): PartitionedOptions {
  return {
    disk,
    host: DIRECT_HOST,
    latches: DIRECT_DRIVER,
    protocol: protocolNamed("crabbing"),
    policy: policyNamed("each"),
    pageSize: 512,
  };
}

describe("the creation of a table in partitions", () => {
  it.each([
    [2, 3, 0],
    [3, 1, 0],
    [1, 2, 0],
    [3, 2, 1],
    [1, 3, 1],
  ])(
    "of %i may be cut off anywhere, and be made anew, of %i; left-overs before: %i",
    (...given) => {
      const [first, second, before] = given;
      for (const [name, runsMax] of HUNTS) {
        const scheduler = new Scheduler();
        const program = new Creation(scheduler, [first, second], before);
        const strategy = parseStrategy(name, createPrng(1));
        for (let runs = 0; runs < runsMax && strategy.beginRun(); runs++) {
          const result = scheduler.run(program, strategy);
          strategy.endRun(result);
          const schedule = formatSchedule(scheduler.schedule);
          const { failure } = result;
          expect({ message: failure?.message, schedule }).toEqual({ message: undefined, schedule });
        }
        // The crash came both before the table was there and after.
        expect(new Set(program.found)).toEqual(new Set([first, second]));
      }
    },
  );
});

describe("left-overs of a table in partitions", () => {
  const listed = (disk: MemoryDisk): readonly string[] => [
    ...runToCompletion(disk.list()[Symbol.iterator]()),
    ...runToCompletion(disk.listDirectories()[Symbol.iterator]()),
  ];

  function* copyFiles(from: Disk, to: Disk): Task<void> {
    for (const name of yield* from.list()) {
      const source = yield* from.open(name, "read");
      const bytes = new Uint8Array(yield* source.size());
      yield* source.read(0, bytes);
      const target = yield* to.open(name, "create");
      yield* target.write(0, bytes);
    }
  }

  /** A closed table of two partitions, beside which there is a plain one and other generations. */
  function* withLeftOvers(disk: MemoryDisk): Task<void> {
    const engine = yield* openTable({ ...optionsOf(disk), partitions: 2 });
    yield* engine.put(null, KEY, KEY);
    yield* engine.close(engine.borrow());
    const first = yield* disk.directory(partitionName(1, 0), "open");
    yield* copyFiles(first, disk);
    for (const name of [partitionName(2, 0), partitionName(1, 2), partitionName(12, 255)]) {
      yield* copyFiles(first, yield* disk.directory(name, "create"));
    }
    const file = yield* disk.open("notes", "create");
    yield* file.close();
    yield* disk.directory("pictures", "create");
  }

  it("are removed at the next opening, and what is not ours stays", () => {
    const disk = new MemoryDisk();
    runToCompletion(withLeftOvers(disk));
    expect(listed(disk)).toEqual(expect.arrayContaining([...PLAIN_FILES, "partition-12-255"]));
    const engine = runToCompletion(openTable(optionsOf(disk)));
    expect(runToCompletion(engine.get(engine.borrow(), KEY))).toBe(true);
    expect(listed(disk).toSorted()).toEqual([
      "notes",
      "partition-1-0",
      "partition-1-1",
      "partitions",
      "pictures",
    ]);
  });

  it("are not removed if they hold a file that is not ours", () => {
    const disk = new MemoryDisk();
    runToCompletion(withLeftOvers(disk));
    const left = runToCompletion(disk.directory(partitionName(2, 0), "open")[Symbol.iterator]());
    runToCompletion(left.open("my notes", "create")[Symbol.iterator]());
    expect(() => runToCompletion(openTable(optionsOf(disk)))).toThrow(
      'partition-2-0 is a left-over, but has a file "my notes", which is not ours; move it away',
    );
  });

  it("are refused if they are a table whose file partitions was removed", () => {
    const disk = new MemoryDisk();
    runToCompletion(withLeftOvers(disk));
    for (const name of ["partitions", ...PLAIN_FILES, "notes"]) {
      runToCompletion(disk.remove(name)[Symbol.iterator]());
    }
    for (const partitions of [1, 2]) {
      expect(() => runToCompletion(openTable({ ...optionsOf(disk), partitions }))).toThrow(
        "the directory has no file named partitions, but a directory partition-1-0: " +
          "partitions was removed; name an empty directory",
      );
    }
  });

  it("are refused if they are tables whose catalog was removed", () => {
    const disk = new MemoryDisk();
    runToCompletion(disk.directory("table-3", "create")[Symbol.iterator]());
    for (const partitions of [1, 2]) {
      expect(() => runToCompletion(openTable({ ...optionsOf(disk), partitions }))).toThrow(
        "the directory has no file named tables, but a directory table-3: " +
          "tables was removed; name an empty directory",
      );
    }
    expect(runToCompletion(disk.list()[Symbol.iterator]())).toEqual([]);
  });
});
