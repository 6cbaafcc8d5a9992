import { protocolNamed } from "../src/btree/index.ts";
import {
  type Engine,
  openTable,
  type PartitionedEngine,
  partitionTree,
} from "../src/engine/index.ts";
import {
  type ChoicePoint,
  type Coverage,
  type Program,
  sampledCoverage,
  Scheduler,
  SimDisk,
  type SimDiskOptions,
  SimHost,
  SimLatchDriver,
  type Strategy,
  type TaskSource,
} from "../src/sim/index.ts";
import { type Checksum, crc32 } from "../src/storage/index.ts";
import {
  assert,
  createPrng,
  type LatchworkError,
  runToCompletion,
  type Session,
  type Task,
  taskId,
} from "../src/task/index.ts";
import { policyNamed } from "../src/wal/index.ts";
import {
  type Growth,
  KEY_BYTES,
  type Quarter,
  quarterOf,
  QUARTERS,
  VALUE_BYTES,
} from "./roadmap-table.ts";
import { type Combination, nameOf, settingsOf } from "./roadmap-ways.ts";

/** A disk as the simulator has it: how long its requests take, served side by side. */
export interface DiskModel {
  readonly name: string;
  readonly syncMs: number;
  readonly readMs: number;
}

export const FAST_DISK: DiskModel = { name: "fast disk", syncMs: 0.15, readMs: 0.1 };
/** Chosen so that the baseline makes about 40 writes a second, as the roadmap has it. */
export const SLOW_DISK: DiskModel = { name: "slow disk", syncMs: 22, readMs: 4 };

/** A run in virtual time, of one combination. */
export interface VirtualRun {
  readonly combination: Combination;
  readonly disk: DiskModel;
  readonly keys: readonly Uint8Array[];
  readonly writers: number;
  /** Fewer pages than the tree comes to have, so that pages are read. */
  readonly poolFrames: number;
  /** Any CRC-32: all of them give the same sums. */
  readonly checksum?: Checksum;
}

const PAUSE_MS = 50;

const nameOfPartition = (_: unknown, index: number): string => partitionTree(index);

/** Random keys, the same for one seed everywhere. */
export function randomKeys(count: number, seed: number): Uint8Array[] {
  const prng = createPrng(seed);
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: KEY_BYTES }, () => prng.below(256)),
  );
}

/**
 * Grows a tree from nothing in virtual time: the engine as it is, on the simulator's disk, its
 * tasks taking their steps in a fair order. Only the disk and the policies' sleeps take time;
 * computing takes none.
 */
export function growVirtually(run: VirtualRun): Growth {
  // One who makes the writes of all takes more steps at one moment than any who polls.
  const scheduler = new Scheduler({
    stepsMax: Number.MAX_SAFE_INTEGER / 2,
    timePasses: "when-all-wait",
  });
  const program = new GrowthProgram(scheduler, run);
  const result = scheduler.run(program, new FairStrategy());
  if (result.failure !== null) {
    throw new Error(`${nameOf(run.combination)}: ${result.failure.message}`);
  }
  const { quarters, errors } = program;
  return { combination: run.combination, quarters, errors };
}

/** Picks the task that has taken the fewest steps, so that none falls behind for long. */
class FairStrategy implements Strategy {
  readonly name = "fair";

  beginRun(): boolean {
    return true;
  }

  choose(point: ChoicePoint): number {
    if (point.kind === "value") return 0;
    let best = 0;
    for (let i = 1; i < point.count; i++) {
      if (point.stepsTaken(point.taskAt(i)) < point.stepsTaken(point.taskAt(best))) best = i;
    }
    return best;
  }

  endRun(): void {}

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }
}

class GrowthProgram implements Program {
  readonly quarters: Quarter[] = [];
  errors = 0;
  readonly #run: VirtualRun;
  readonly #disk: SimDisk;
  readonly #engine: Engine | PartitionedEngine;
  readonly #host: SimHost;
  #next = 0;
  #latenciesMs: number[] = [];
  #quarterBeganMs = 0;

  constructor(scheduler: Scheduler, run: VirtualRun) {
    this.#run = run;
    this.#host = new SimHost(scheduler);
    const { syncMs, readMs } = run.disk;
    const options: SimDiskOptions = { latency: { syncMs, readMs } };
    this.#disk = new SimDisk(scheduler, options);
    const settings = settingsOf(run.combination);
    const { protocol, policy, partitions, isShort, writeBatching } = settings;
    const trees = partitions === 1 ? [""] : Array.from({ length: partitions }, nameOfPartition);
    this.#engine = runToCompletion(
      openTable({
        disk: this.#disk,
        host: this.#host,
        latches: new SimLatchDriver(scheduler, trees),
        protocol: protocolNamed(protocol),
        policy: policyNamed(policy),
        partitions,
        atOnce: isShort,
        pathCache: isShort,
        preallocate: isShort,
        ...(writeBatching === null ? {} : { writeBatching }),
        poolFrames: run.poolFrames,
        checksum: run.checksum ?? crc32,
      }),
    );
    this.#disk.arm();
  }

  get isOver(): boolean {
    return this.quarters.length === QUARTERS;
  }

  begin(scheduler: Scheduler): void {
    for (let i = 0; i < this.#run.writers; i++) {
      const op = this.#engine.borrow(taskId(scheduler.tasks.length));
      scheduler.addTask(new Writer(this, this.#engine, op));
    }
    const op = this.#engine.borrow(taskId(scheduler.tasks.length));
    scheduler.addTask(new Background(() => this.#background(op)));
  }

  finish(): null {
    assert(this.isOver, "every quarter was measured");
    return null;
  }

  describeObject(object: number): string {
    return this.#disk.describeObject(object) ?? `#${object}`;
  }

  nowMs(): number {
    return this.#host.nowMs();
  }

  nextKey(): Uint8Array | null {
    return this.#run.keys[this.#next++] ?? null;
  }

  acknowledged(latencyMs: number): void {
    this.#latenciesMs.push(latencyMs);
    if (this.#latenciesMs.length < this.#run.keys.length / QUARTERS) return;
    const nowMs = this.nowMs();
    this.quarters.push(quarterOf(this.#latenciesMs, nowMs - this.#quarterBeganMs));
    this.#quarterBeganMs = nowMs;
    this.#latenciesMs = [];
  }

  /** Cleans pages and makes checkpoints, as the background of a database does. */
  *#background(op: Session): Task<void> {
    while (!this.isOver) {
      while (this.#engine.wantsCleaning) {
        if (!(yield* this.#engine.cleanOne(op))) break;
      }
      if (this.#engine.wantsCheckpoint) yield* this.#engine.checkpoint(op);
      yield this.#host.sleep(PAUSE_MS);
    }
  }
}

const value = new Uint8Array(VALUE_BYTES).fill(7);

/** Puts one key after another, each once the last one is durable. */
class Writer implements TaskSource {
  readonly name = "writer";
  readonly #program: GrowthProgram;
  readonly #engine: Engine | PartitionedEngine;
  readonly #op: Session;
  #beganMs = 0;

  constructor(program: GrowthProgram, engine: Engine | PartitionedEngine, op: Session) {
    this.#program = program;
    this.#engine = engine;
    this.#op = op;
  }

  next(): Task<boolean> | null {
    const key = this.#program.nextKey();
    if (key === null) return null;
    this.#beganMs = this.#program.nowMs();
    return this.#engine.put(this.#op, key, value);
  }

  begun(): void {}

  ended(): void {
    this.#program.acknowledged(this.#program.nowMs() - this.#beganMs);
  }

  failed(_error: LatchworkError): boolean {
    this.#program.errors++;
    return true;
  }

  describe(): string {
    return "put";
  }
}

class Background implements TaskSource {
  readonly name = "background";
  readonly #body: () => Task<void>;
  #hasBegun = false;

  constructor(body: () => Task<void>) {
    this.#body = body;
  }

  next(): Task<void> | null {
    if (this.#hasBegun) return null;
    this.#hasBegun = true;
    return this.#body();
  }

  begun(): void {}

  ended(): void {}

  describe(): string {
    return "clean pages";
  }
}
