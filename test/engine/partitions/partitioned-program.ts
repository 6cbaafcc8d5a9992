import { protocolNamed } from "../../../src/btree/index.ts";
import {
  type BatchWrite,
  openPartitioned,
  type PartitionedEngine,
  partitionOfKey,
  type PartitionParts,
  partitionTree,
} from "../../../src/engine/index.ts";
import { RowCopies } from "../../../src/level/range.ts";
import {
  CrashSource,
  type DiskSnapshot,
  type Program,
  type Scheduler,
  SimDisk,
  SimHost,
  SimLatchDriver,
} from "../../../src/sim/index.ts";
import { FunctionSource } from "../../../src/sim/blocks/spawn.ts";
import { assert, runToCompletion, Session, type Task, taskId } from "../../../src/task/index.ts";
import { policyNamed } from "../../../src/wal/index.ts";

export const PARTITIONS = 3;

/** The keys of one byte that belong to a partition, from the lowest on. */
function keysOf(partition: number): number[] {
  const all = Array.from({ length: 200 }, (_, key) => key);
  return all.filter((key) => partitionOfKey(bytesOf(key), PARTITIONS) === partition);
}

function keyOf(partition: number, place: number): number {
  const key = keysOf(partition)[place];
  assert(key !== undefined, "each partition has so many keys");
  return key;
}

/** Written together, in all three partitions. */
const WIDE: readonly number[] = [0, 1, 2].map((partition) => keyOf(partition, 0));
/** Written together, in the second and third. */
const NARROW: readonly number[] = [1, 2].map((partition) => keyOf(partition, 1));
/** Written alone, in the second. */
const SINGLE = keyOf(1, 2);
/** There from the start, so that each tree has several leaves. */
const BYSTANDERS: readonly number[] = [0, 1, 2].flatMap((partition) =>
  [3, 4, 5].map((place) => keyOf(partition, place)),
);

export interface ProgramOptions {
  readonly crashes?: 1 | 2;
  /** Which tasks there are beside the writer of the wide batches. Default all. */
  readonly others?: readonly Other[];
  readonly protocol?: string;
  readonly parts?: Partial<PartitionParts>;
}

type Other = "narrow" | "single" | "checkpoint" | "reader";

const OTHERS: readonly Other[] = ["narrow", "single", "checkpoint", "reader"];

/**
 * A table in three partitions on a disk whose power fails once or twice, the second time while it
 * recovers.
 *
 * One task writes batches over all partitions, another over two of them, a third single keys; a
 * fourth makes a checkpoint, and a fifth reads everything at one moment. Whatever happens, the keys
 * of a batch are of one version, and what was acknowledged is there.
 */
export class PartitionedProgram implements Program {
  readonly disk: SimDisk;
  readonly #options: ProgramOptions;
  readonly #host: SimHost;
  readonly #driver: SimLatchDriver;
  readonly #start: DiskSnapshot;
  #engine: PartitionedEngine | null = null;
  #acknowledged: Map<number, number> = new Map();
  #crashesLeft = 0;
  #found: ReadonlyMap<number, number> = new Map();

  constructor(scheduler: Scheduler, options: ProgramOptions = {}) {
    this.#options = options;
    this.disk = new SimDisk(scheduler, { survival: "mixed" });
    this.#host = new SimHost(scheduler);
    const trees = Array.from({ length: PARTITIONS }, (_, index) => partitionTree(index));
    this.#driver = new SimLatchDriver(scheduler, trees);
    runToCompletion(this.#create());
    this.#start = this.disk.snapshot();
  }

  begin(scheduler: Scheduler): void {
    const { others = OTHERS, crashes = 1 } = this.#options;
    this.disk.restore(this.#start);
    this.disk.disarm();
    this.#acknowledged = new Map([...WIDE, ...NARROW, SINGLE].map((key) => [key, 0]));
    this.#found = new Map();
    this.#crashesLeft = crashes;
    this.#engine = runToCompletion(this.#open());
    this.disk.arm();
    const work: Record<Other, (task: number) => Task<void>> = {
      narrow: (task) => this.#writeBatches(task, NARROW, 2),
      single: (task) => this.#writeSingle(task),
      checkpoint: (task) => this.#checkpoint(task),
      reader: (task) => this.#readAll(task),
    };
    scheduler.addTask(new FunctionSource("wide", () => this.#writeBatches(0, WIDE, 2)));
    for (const [at, other] of others.entries()) {
      scheduler.addTask(new FunctionSource(other, () => work[other](at + 1)));
    }
    this.#addCrash(scheduler);
  }

  finish(): null {
    this.#judge(this.#found, "after the crash");
    for (const [key, version] of this.#acknowledged) {
      if ((this.#found.get(key) ?? -1) >= version) continue;
      throw new Error(`key ${key} has lost version ${version}`);
    }
    for (const key of BYSTANDERS) {
      if (this.#found.get(key) !== 0) throw new Error(`key ${key} was harmed`);
    }
    return null;
  }

  digest(): string {
    const files = this.disk.names().map((name) => `${name}: ${this.disk.peek(name)?.join()}`);
    return [`found: ${[...this.#found].join(" ")}`, ...files].join("\n");
  }

  describeObject(object: number): string {
    const own = this.disk.describeObject(object) ?? this.#host.nameOf(object);
    if (own !== null) return own;
    const latch = this.#driver.latchOf(object);
    return latch === null ? "" : `page ${latch.latch} of ${latch.tree}`;
  }

  #judge(rows: ReadonlyMap<number, number>, when: string): void {
    for (const keys of [WIDE, NARROW]) {
      const versions = keys.map((key) => rows.get(key));
      if (new Set(versions).size === 1) continue;
      throw new Error(`half a batch ${when}: keys ${keys.join()} have ${versions.join()}`);
    }
  }

  *#create(): Task<void> {
    const engine = yield* this.#open(true);
    const session = engine.borrow();
    for (const key of [...BYSTANDERS, ...WIDE, ...NARROW, SINGLE]) {
      yield* engine.put(session, bytesOf(key), bytesOf(0));
    }
    yield* engine.close(session);
  }

  #open(create: boolean = false, task: number = 0): Task<PartitionedEngine> {
    return openPartitioned({
      disk: this.disk,
      host: this.#host,
      latches: this.#driver,
      protocol: protocolNamed(this.#options.protocol ?? "crabbing"),
      policy: policyNamed("each"),
      pageSize: 512,
      mostEntries: 3,
      poolFrames: 12,
      create,
      partitions: PARTITIONS,
      task: taskId(task),
      partitionParts: this.#options.parts ?? {},
    });
  }

  *#writeBatches(task: number, keys: readonly number[], count: number): Task<void> {
    const session = new Session(taskId(task));
    for (let version = 1; version <= count; version++) {
      const writes = keys.map((key): BatchWrite => {
        return { kind: "put", key: bytesOf(key), value: bytesOf(version) };
      });
      yield* this.#opened.batch(session, writes);
      for (const key of keys) this.#acknowledged.set(key, version);
    }
  }

  *#writeSingle(task: number): Task<void> {
    const session = new Session(taskId(task));
    for (let version = 1; version <= 2; version++) {
      yield* this.#opened.put(session, bytesOf(SINGLE), bytesOf(version));
      this.#acknowledged.set(SINGLE, version);
    }
  }

  *#checkpoint(task: number): Task<void> {
    yield* this.#opened.checkpoint(new Session(taskId(task)));
  }

  *#readAll(task: number): Task<void> {
    const rows = yield* this.#rows(new Session(taskId(task)));
    this.#judge(rows, "at one moment");
  }

  *#rows(session: Session): Task<Map<number, number>> {
    const rows = new RowCopies(true);
    yield* this.#opened.scanAtOneMoment(session, {}, rows);
    const keys = rows.keys.map((key) => key[0] ?? -1);
    assert(
      keys.every((key, i) => i === 0 || key > (keys[i - 1] ?? -1)),
      "rows come in order",
    );
    return new Map(keys.map((key, i) => [key, rows.values[i]?.[0] ?? -1]));
  }

  get #opened(): PartitionedEngine {
    assert(this.#engine !== null, "the table is open");
    return this.#engine;
  }

  #addCrash(scheduler: Scheduler): void {
    if (this.#crashesLeft === 0) return;
    this.#crashesLeft--;
    scheduler.addTask(new CrashSource(() => this.#crash(scheduler)));
  }

  #crash(scheduler: Scheduler): void {
    scheduler.stopAll();
    scheduler.orderGraph.reset();
    this.disk.crash();
    const task = scheduler.tasks.length;
    scheduler.addTask(new FunctionSource("recovery", () => this.#recover(task)));
    this.#addCrash(scheduler);
  }

  *#recover(task: number): Task<void> {
    this.#engine = yield* this.#open(false, task);
    const session = new Session(taskId(task));
    const { problems } = yield* this.#opened.check(session);
    if (problems[0] !== undefined) throw new Error(problems[0]);
    this.#found = yield* this.#rows(session);
  }
}

function bytesOf(number: number): Uint8Array {
  return Uint8Array.of(number);
}
