import type { Protocol } from "../../btree/index.ts";
// Past the room's door, which leads to Node as well: the hunt also runs in a browser.
import type { EngineParts, PartitionParts } from "../../engine/index.ts";
import {
  CrashSource,
  type DiskFault,
  type DiskSnapshot,
  type Failure,
  OnceSource,
  type Scheduler,
  SimDisk,
  SimHost,
  taskToken,
} from "../../sim/index.ts";
import {
  InvariantViolation,
  LatchworkError,
  runToCompletion,
  type Task,
  type TaskId,
  taskId,
} from "../../task/index.ts";
import { policyNamed } from "../../wal/index.ts";
import { CrashOracle, entriesOf, History } from "../judge/index.ts";
import { EngineExecutor } from "./executor.ts";
import { OperationSource } from "./operation-source.ts";
import type { ProgramTree } from "./program-tree.ts";
import { type Durability, type FaultKind, type Scenario } from "../scenario/index.ts";
import { fileText } from "./file-text.ts";
import { digestOf, hash } from "./run-digest.ts";
import { type Place, type RunEngine, ScenarioDatabase } from "./scenario-database.ts";
import type { ScenarioProgram } from "./scenario-program.ts";

/** What of an engine, or of one in partitions, is another than the right one. */
type ChangedParts = Partial<EngineParts & PartitionParts>;

/**
 * A scenario on a simulated disk, with a log, as a program for the scheduler.
 *
 * Before each schedule the disk is put back to a closed database with the scenario's tree, and
 * opened. The crash is a task like the others: whenever the schedule has it take its step, all
 * tasks stop, the disk keeps some of what was not synced, and a task opens the database again,
 * which may be hit by the next crash. Then the `after` tasks run. At the end the tree is checked,
 * and the history of all parts together is judged against what the tree holds.
 */
export class CrashProgram implements ScenarioProgram {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly history: History;
  readonly disk: SimDisk;
  readonly durability: Durability;
  readonly #parts: ChangedParts;
  readonly #scheduler: Scheduler;
  readonly #start: DiskSnapshot;
  readonly #oracle: CrashOracle;
  readonly #host: SimHost;
  readonly #database: ScenarioDatabase;
  #sources: OperationSource[] = [];
  /** What recovery has given, which counts once its task has ended. */
  #reopened: RunEngine | null = null;
  #crashesLeft = 0;

  constructor(
    scheduler: Scheduler,
    scenario: Scenario,
    durability: Durability,
    protocol: Protocol,
    builder: Protocol,
    engineParts: ChangedParts = {},
  ) {
    this.scenario = scenario;
    this.durability = durability;
    this.protocol = protocol;
    this.#parts = engineParts;
    this.#scheduler = scheduler;
    this.#host = new SimHost(scheduler);
    this.history = new History(scenario);
    const disk = new SimDisk(scheduler, diskOptions(durability));
    this.disk = disk;
    const { partitions, reads } = durability;
    const parts = { scheduler, host: this.#host, disk, scenario, partitions, builder };
    this.#database = new ScenarioDatabase(parts);
    this.#start = this.disk.snapshot();
    // Every partition has a moment of its own, whatever the protocol.
    const isAtomic = protocol.scanPromise === "atomic" && partitions === 1;
    this.#oracle = new CrashOracle(this.history, this.#database.before, reads, isAtomic);
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** The trees with their engines. Requires: the database is open. */
  get places(): readonly Place[] {
    return this.#database.places;
  }

  /** The directory of each tree, from the disk's topmost on. */
  get directories(): readonly string[] {
    return this.#database.directories;
  }

  /** The tree that a key belongs to. Requires: the database is open. */
  placeOf(key: number): Place {
    return this.#database.placeOf(key);
  }

  /** The tasks of the current part of the run: before the crash, or after the last recovery. */
  get sources(): readonly OperationSource[] {
    return this.#sources;
  }

  begin(scheduler: Scheduler): void {
    this.#database.engine = null;
    this.disk.restore(this.#start);
    this.disk.disarm();
    this.history.reset();
    this.#database.engine = runToCompletion(this.#open(taskId(0)));
    this.disk.arm();
    this.#setCrashesLeft(this.durability.crashes);
    this.#addTasks(scheduler, this.scenario.tasks);
    this.#foreseeCrash();
  }

  finish(): Failure | null {
    if (!this.isOpen)
      return { kind: "stuck", message: "stuck: the database is not open", task: null };
    const problem = this.#database.problem();
    if (problem !== null) return problem;
    return this.#oracle.judge(this.trees().map(({ pages }) => entriesOf(pages)));
  }

  trees(): readonly ProgramTree[] {
    return this.#database.trees();
  }

  digest(): string {
    if (!this.isOpen) return "the database is not open";
    const files = this.disk.names().map((name) => {
      return `file ${name}: ${hash(this.disk.peek(name) ?? new Uint8Array(0))}`;
    });
    const ends = this.places.map(({ engine: { state } }) => {
      return `log to ${state.log.endLsn}, durable to ${state.log.durableLsn}`;
    });
    return [digestOf(this.trees(), this.history), ...ends, ...files].join("\n");
  }

  describeObject(object: number): string {
    const file = this.disk.describeObject(object);
    if (file !== null) return fileText(file);
    return this.#host.nameOf(object) ?? this.#database.describeLatch(object) ?? "";
  }

  partitionOf(latchObject: number): number | null {
    return this.#database.partitionOf(latchObject);
  }

  roleOf(latchObject: number): string {
    return this.#database.roleOf(latchObject);
  }

  #open(task: TaskId): Task<RunEngine> {
    const { poolFrames, commit, reads, segmentBytes, batching } = this.durability;
    return this.#database.open({
      protocol: this.protocol,
      policy: policyNamed(commit),
      reads,
      fairness: this.scenario.fairness,
      poolFrames,
      segmentBytes,
      ...(batching === null ? {} : { writeBatching: batching }),
      create: false,
      task,
      parts: this.#parts,
      partitionParts: this.#parts,
    });
  }

  #addTasks(scheduler: Scheduler, tasks: Scenario["tasks"]): void {
    this.#sources = [];
    for (let i = 0; i < tasks.length; i++) {
      const source = this.#sourceOf(taskId(scheduler.tasks.length));
      this.#sources.push(source);
      scheduler.addTask(source);
    }
  }

  /** @param id What the scheduler will call the task. */
  #sourceOf(id: TaskId): OperationSource {
    const { engine } = this.#database;
    const executor = new EngineExecutor(engine, engine.borrow(id));
    const records = this.history.records.filter((record) => record.task === id);
    const hasFault = (): boolean => this.disk.hasMadeFault;
    return new OperationSource(taskToken(id), executor, this.history, records, hasFault);
  }

  /** A disk may be stuck only while a crash is to come, which ends it. */
  #setCrashesLeft(crashes: number): void {
    this.#crashesLeft = crashes;
    this.disk.canStick = crashes > 0 && this.durability.faults.includes("stuck");
  }

  /** Adds the next crash, if there is one. */
  #foreseeCrash(): void {
    if (this.#crashesLeft === 0) return;
    const number = this.durability.crashes - this.#crashesLeft + 1;
    // Tasks that wait for ever must not be saved by the power failing, unless a request hangs.
    const rescues = (): boolean => this.disk.isStuck;
    this.#scheduler.addTask(new CrashSource(() => this.#crash(), `crash ${number}`, rescues));
  }

  #crash(): void {
    this.#setCrashesLeft(this.#crashesLeft - 1);
    this.#database.engine = null;
    this.history.crashed();
    this.#scheduler.stopAll();
    // The latches of before are gone, and with them whatever order they were taken in.
    this.#scheduler.orderGraph.reset();
    this.disk.crash();
    const id = taskId(this.#scheduler.tasks.length);
    const recovered = (): void => this.#recovered();
    this.#scheduler.addTask(new RecoverySource(() => this.#recover(id), recovered));
    this.#foreseeCrash();
  }

  /** Opens the database, and once more if the disk was made to fail meanwhile. */
  *#recover(task: TaskId): Task<void> {
    for (let tries = 1; ; tries++) {
      this.disk.lookUp();
      try {
        this.#reopened = yield* this.#open(task);
        return;
      } catch (error) {
        if (!(error instanceof LatchworkError)) throw error;
        if (tries <= this.durability.faults.length) continue;
        const message = `recovery failed: ${error.code}: ${error.message}`;
        throw new InvariantViolation(message, "not-recovered");
      }
    }
  }

  #recovered(): void {
    this.#database.engine = this.#reopened;
    // It is over before others begin, and may have finished what another protocol had left.
    this.#scheduler.orderGraph.reset();
    if (this.#crashesLeft === 0) {
      this.#addTasks(this.#scheduler, this.durability.after);
    }
  }
}

/** The task that opens the database after a crash. */
class RecoverySource extends OnceSource {
  readonly #body: () => Task<void>;
  readonly #recovered: () => void;

  constructor(body: () => Task<void>, recovered: () => void) {
    super("recovery");
    this.#body = body;
    this.#recovered = recovered;
  }

  override ended(): void {
    this.#recovered();
  }

  override describe(): string {
    return "open the database";
  }

  protected override code(): Task<void> {
    return this.#body();
  }
}

/** How late a slow request is, in virtual milliseconds: later than any commit window. */
const SLOW_MS: readonly number[] = [50];

const FAULTS: Readonly<Partial<Record<FaultKind, DiskFault>>> = {
  read: "read error",
  write: "write error",
  sync: "failed sync",
  space: "no space",
  corrupt: "corrupted read",
  replaced: "replaced directory",
};

function diskOptions(durability: Durability): ConstructorParameters<typeof SimDisk>[1] {
  const { survival, faults } = durability;
  if (faults.length === 0) return { survival };
  const kinds = faults.flatMap((kind) => FAULTS[kind] ?? []);
  const slowMs = faults.includes("slow") ? SLOW_MS : [];
  return { survival, faults: { kinds, slowMs, oneIn: 1 } };
}
