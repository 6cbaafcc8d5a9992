import { protocolNamed } from "../../../src/btree/index.ts";
import {
  type Engine,
  openTable,
  type PartitionedEngine,
  Repartition,
  type RepartitionOptions,
} from "../../../src/engine/index.ts";
import { RowCopies } from "../../../src/level/range.ts";
import {
  CrashSource,
  type DiskSnapshot,
  type FaultOptions,
  type Program,
  type Scheduler,
  SimDisk,
  SimHost,
} from "../../../src/sim/index.ts";
import { FunctionSource } from "../../../src/sim/blocks/spawn.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import { LatchworkError, runToCompletion, type Task } from "../../../src/task/index.ts";
import { policyNamed } from "../../../src/wal/index.ts";

const ROWS = 6;

export interface RepartitioningOptions {
  readonly before: number;
  readonly after: number;
  /** Makes the repartition. Default the right one. */
  readonly make?: (options: RepartitionOptions) => Repartition;
  /** Whether the disk also makes requests of it fail. Default false. */
  readonly faults?: boolean;
}

const FAULTS: FaultOptions = { kinds: ["write error", "failed sync", "no space"], oneIn: 40 };

/**
 * A database of six rows that is divided anew, on a disk whose power fails once, at whatever step
 * of it. After that it is opened, and has the same rows in as many partitions as before or as
 * wanted, and nothing else is left in the directory.
 */
export class Repartitioning implements Program {
  readonly disk: SimDisk;
  readonly #options: RepartitioningOptions;
  readonly #host: SimHost;
  readonly #start: DiskSnapshot;
  /** Whether the repartition was over before the crash. */
  isDone = false;
  #problem: string | null = null;

  constructor(scheduler: Scheduler, options: RepartitioningOptions) {
    this.#options = options;
    const faults = options.faults === true ? { faults: FAULTS } : {};
    this.disk = new SimDisk(scheduler, { survival: "mixed", ...faults });
    this.#host = new SimHost(scheduler);
    runToCompletion(this.#create());
    this.#start = this.disk.snapshot();
  }

  begin(scheduler: Scheduler): void {
    this.disk.restore(this.#start);
    this.isDone = false;
    this.#problem = "the database was not opened after the crash";
    this.disk.arm();
    scheduler.addTask(new FunctionSource("repartition", () => this.#repartition()));
    scheduler.addTask(new CrashSource(() => this.#crash(scheduler)));
  }

  finish(): null {
    if (this.#problem !== null) throw new Error(this.#problem);
    return null;
  }

  describeObject(object: number): string {
    return this.disk.describeObject(object) ?? this.#host.nameOf(object) ?? "";
  }

  *#repartition(): Task<void> {
    const { after, make = (options) => new Repartition(options) } = this.#options;
    try {
      yield* make({ disk: this.disk, host: this.#host, partitions: after }).run();
      this.isDone = true;
    } catch (error) {
      if (!(error instanceof LatchworkError && this.disk.hasMadeFault)) throw error;
    }
  }

  #crash(scheduler: Scheduler): void {
    scheduler.stopAll();
    this.disk.crash();
    this.disk.disarm();
    scheduler.addTask(new FunctionSource("recovery", () => this.#recover()));
  }

  *#recover(): Task<void> {
    this.disk.lookUp();
    this.#problem = yield* this.look();
  }

  /** Opens the database; what is wrong with it, or null. */
  *look(): Task<string | null> {
    const engine = yield* this.#open(false);
    const session = engine.borrow();
    const { problems } = yield* engine.check(session);
    const rows = new RowCopies(true);
    yield* engine.scan(session, {}, rows);
    yield* engine.close(session);
    return (
      problems[0] ??
      problemOfRows(rows) ??
      this.#problemOfNumber(partitionsOf(engine)) ??
      this.#problemOfNames(partitionsOf(engine))
    );
  }

  #problemOfNumber(found: number): string | null {
    const { before, after } = this.#options;
    if (found === after || (found === before && !this.isDone)) return null;
    return `there are ${found} partitions${this.isDone ? " after it was done" : ""}`;
  }

  /** What is not of the database, by its directories. */
  #problemOfNames(partitions: number): string | null {
    const names = this.disk.names();
    const directories = new Set(names.map((name) => name.slice(0, Math.max(0, name.indexOf("/")))));
    const isPlain = names.includes("control");
    const expected = isPlain ? 1 : partitions + 1;
    if (directories.size === expected && isPlain !== names.includes("partitions")) return null;
    return `left over: ${names.join(" ")}`;
  }

  *#create(): Task<void> {
    const engine = yield* this.#open(true);
    const session = engine.borrow();
    for (let row = 0; row < ROWS; row++) {
      yield* engine.put(session, Uint8Array.of(row), Uint8Array.of(2 * row));
    }
    yield* engine.close(session);
  }

  #open(create: boolean): Task<Engine | PartitionedEngine> {
    return openTable({
      disk: this.disk,
      host: this.#host,
      latches: DIRECT_DRIVER,
      protocol: protocolNamed("tree-mutex"),
      policy: policyNamed("each"),
      pageSize: 512,
      poolFrames: 64,
      create,
      ...(create ? { partitions: this.#options.before } : {}),
    });
  }
}

function partitionsOf(engine: Engine | PartitionedEngine): number {
  return "partitions" in engine.state ? engine.state.partitions.length : 1;
}

function problemOfRows({ keys, values }: RowCopies): string | null {
  const found = keys.map((key, i) => `${key.join()}=${values[i]?.join() ?? ""}`).join(" ");
  const expected = Array.from({ length: ROWS }, (_, row) => `${row}=${2 * row}`).join(" ");
  return found === expected ? null : `the rows are ${found}`;
}
