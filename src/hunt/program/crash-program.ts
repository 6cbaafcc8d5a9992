import {
  describePage,
  type Protocol,
  roleOfPage,
  TreeChecker,
  type TreeParameters,
  type TreeStore,
} from "../../btree/index.ts";
// Past the room's door, which leads to Node as well: the hunt also runs in a browser.
import { Engine, type EngineParts, openEngine, writeNewDatabase } from "../../engine/index.ts";
import {
  CrashSource,
  type DiskFault,
  type DiskSnapshot,
  type Failure,
  OnceSource,
  type Scheduler,
  SimDisk,
  SimHost,
  SimLatchDriver,
  taskToken,
} from "../../sim/index.ts";
import { META_PAGE, pageId } from "../../storage/index.ts";
import {
  assert,
  broken,
  InvariantViolation,
  LatchworkError,
  runToCompletion,
  type Task,
  type TaskId,
  taskId,
} from "../../task/index.ts";
import { policyNamed } from "../../wal/index.ts";
import { buildScenarioTree } from "./scenario-tree.ts";
import { CrashOracle, History, readContents } from "../judge/index.ts";
import { EngineExecutor } from "./executor.ts";
import { OperationSource } from "./operation-source.ts";
import { OverlaidPages } from "./overlaid-pages.ts";
import { type Durability, type FaultKind, numberText, type Scenario } from "../scenario/index.ts";
import { fileText } from "./file-text.ts";
import { digestOf, hash } from "./run-digest.ts";
import type { ScenarioProgram } from "./scenario-program.ts";
import { brokenTree, NO_ROLE } from "./tree-program.ts";

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
  readonly #parts: Partial<EngineParts>;
  readonly #scheduler: Scheduler;
  readonly #start: DiskSnapshot;
  readonly #oracle: CrashOracle;
  readonly #host: SimHost;
  readonly #driver: SimLatchDriver;
  readonly #params: TreeParameters;
  #sources: OperationSource[] = [];
  #engine: Engine | null = null;
  #store: TreeStore | null = null;
  #crashesLeft = 0;

  constructor(
    scheduler: Scheduler,
    scenario: Scenario,
    durability: Durability,
    protocol: Protocol,
    builder: Protocol,
    parts: Partial<EngineParts> = {},
  ) {
    this.scenario = scenario;
    this.durability = durability;
    this.protocol = protocol;
    this.#parts = parts;
    this.#scheduler = scheduler;
    this.#host = new SimHost(scheduler);
    this.#driver = new SimLatchDriver(scheduler);
    this.history = new History(scenario);
    const { store, memory } = buildScenarioTree(scenario, builder);
    this.#params = store.params;
    this.disk = new SimDisk(scheduler, diskOptions(durability));
    runToCompletion(writeNewDatabase(this.disk, memory, store.params));
    this.#start = this.disk.snapshot();
    const isAtomic = protocol.scanPromise === "atomic";
    this.#oracle = new CrashOracle(this.history, readContents(memory), durability.reads, isAtomic);
  }

  /** The engine that runs now. Requires: the database is open. */
  get engine(): Engine {
    assert(this.#engine !== null, "the database is open");
    return this.#engine;
  }

  get isOpen(): boolean {
    return this.#engine !== null;
  }

  get store(): TreeStore {
    assert(this.#store !== null, "a run has begun");
    return this.#store;
  }

  /** The tasks of the current part of the run: before the crash, or after the last recovery. */
  get sources(): readonly OperationSource[] {
    return this.#sources;
  }

  begin(scheduler: Scheduler): void {
    this.#engine = null;
    this.disk.restore(this.#start);
    this.disk.disarm();
    this.history.reset();
    this.#engine = runToCompletion(this.#open(taskId(0)));
    this.#store = this.#engine.state.store;
    this.disk.arm();
    this.#setCrashesLeft(this.durability.crashes);
    this.#addTasks(scheduler, this.scenario.tasks);
    this.#foreseeCrash();
  }

  finish(): Failure | null {
    const engine = this.#engine;
    if (engine === null) {
      return { kind: "stuck", message: "stuck: the database is not open", task: null };
    }
    assert(engine.isIdle, "operations that ended are out of every gate");
    const inUse = engine.state.store.latches.firstInUse();
    if (inUse !== null) {
      broken("operations that have ended leave no latch in use", `that of page ${inUse.id} in use`);
    }
    const pages = this.pages();
    const problem = new TreeChecker(pages, this.#params).check().problems[0];
    if (problem !== undefined) return brokenTree(problem);
    return this.#oracle.judge(pages);
  }

  /** The pages as the engine sees them: those in memory, and the others as they are in the file. */
  pages(): OverlaidPages {
    const { pool } = this.engine.state;
    return new OverlaidPages(pool, this.disk.peek("pages"), this.#params.pageSize);
  }

  digest(): string {
    if (this.#engine === null) return "the database is not open";
    const { log } = this.engine.state;
    const files = this.disk.names().map((name) => {
      return `file ${name}: ${hash(this.disk.peek(name) ?? new Uint8Array(0))}`;
    });
    const ends = `log to ${log.endLsn}, durable to ${log.durableLsn}`;
    return [digestOf(this.store, this.pages(), this.history), ends, ...files].join("\n");
  }

  describeObject(object: number): string {
    const file = this.disk.describeObject(object);
    if (file !== null) return fileText(file);
    const own = this.#host.nameOf(object);
    if (own !== null || object < 0 || object % 2 === 1) return own ?? "";
    if (this.#engine === null) return `page ${object / 2}`;
    return describePage(this.#namedPages(), pageId(object / 2), numberText);
  }

  roleOf(page: number): string {
    if (page === META_PAGE) return "meta";
    if (this.#engine === null) return NO_ROLE;
    return roleOfPage(this.#namedPages(), pageId(page), numberText) ?? NO_ROLE;
  }

  #namedPages(): Parameters<typeof describePage>[0] {
    return { space: this.store.space, memory: this.pages() };
  }

  #open(task: TaskId): Task<Engine> {
    const { poolFrames, commit, reads, segmentBytes, batching } = this.durability;
    return openEngine({
      disk: this.disk,
      host: this.#host,
      latches: this.#driver,
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
    const executor = new EngineExecutor(this.engine, this.engine.borrow(id));
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
    this.#engine = null;
    this.history.crashed();
    this.#scheduler.stopAll();
    // The latches of before are gone, and with them whatever order they were taken in.
    this.#scheduler.orderGraph.reset();
    this.disk.crash();
    const recovered = (engine: Engine): void => this.#recovered(engine);
    const id = taskId(this.#scheduler.tasks.length);
    this.#scheduler.addTask(new RecoverySource(() => this.#recover(id), recovered));
    this.#foreseeCrash();
  }

  /** Opens the database, and once more if the disk was made to fail meanwhile. */
  *#recover(task: TaskId): Task<Engine> {
    for (let tries = 1; ; tries++) {
      this.disk.lookUp();
      try {
        return yield* this.#open(task);
      } catch (error) {
        if (!(error instanceof LatchworkError)) throw error;
        if (tries <= this.durability.faults.length) continue;
        const message = `recovery failed: ${error.code}: ${error.message}`;
        throw new InvariantViolation(message, "not-recovered");
      }
    }
  }

  #recovered(engine: Engine): void {
    this.#engine = engine;
    this.#store = engine.state.store;
    if (this.#crashesLeft === 0) {
      this.#addTasks(this.#scheduler, this.durability.after);
    }
  }
}

/** The task that opens the database after a crash. */
class RecoverySource extends OnceSource {
  readonly #body: () => Task<Engine>;
  readonly #recovered: (engine: Engine) => void;

  constructor(body: () => Task<Engine>, recovered: (engine: Engine) => void) {
    super("recovery");
    this.#body = body;
    this.#recovered = recovered;
  }

  override ended(value: unknown): void {
    assert(value instanceof Engine, "opening gives an engine");
    this.#recovered(value);
  }

  override describe(): string {
    return "open the database";
  }

  protected override code(): Task<Engine> {
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
