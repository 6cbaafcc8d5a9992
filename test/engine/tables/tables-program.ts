import { protocolNamed } from "../../../src/btree/index.ts";
import { type Engine, openEngine } from "../../../src/engine/index.ts";
import {
  openTableSet,
  type TableEntry,
  type TableSet,
  type TableSetParts,
} from "../../../src/engine/tables/index.ts";
import { RowCopies } from "../../../src/level/range.ts";
import {
  CrashSource,
  type DiskSnapshot,
  type FaultOptions,
  type Program,
  type Scheduler,
  SimDisk,
  SimHost,
  SimLatchDriver,
} from "../../../src/sim/index.ts";
import { FunctionSource } from "../../../src/sim/blocks/spawn.ts";
import {
  assert,
  type Disk,
  LatchworkError,
  runToCompletion,
  Session,
  type Task,
  taskId,
} from "../../../src/task/index.ts";
import { policyNamed } from "../../../src/wal/index.ts";
import { ExpectedTables } from "./expected-tables.ts";

/** More tables than any run makes. */
const TREES: readonly string[] = Array.from({ length: 12 }, (_, id) => `table-${id}`);
const BYSTANDERS: readonly number[] = [1, 2, 3];
const FIRST: readonly string[] = ["kept", "reborn", "doomed"];

export interface TablesProgramOptions {
  /** Makes the set of tables; a planted bug makes another. */
  readonly make?: (parts: TableSetParts) => TableSet;
  /** How often the power fails: the second time maybe while the first failure is recovered from. */
  readonly crashes?: 1 | 2;
  /** Faults of the disk that the schedule may draw, until the first crash. Default none. */
  readonly faults?: FaultOptions;
}

/**
 * A database of tables, each with its page file and log, on one disk whose power fails.
 *
 * One task makes tables and writes to them, one drops a table and makes another of its name, one
 * drops a table for good, and one writes to a table that stays. Whatever happens, a table whose
 * creation was acknowledged is there with what was acknowledged in it, one whose drop was
 * acknowledged is gone, one that was under way is there as a whole or not at all, no number is used
 * twice, and the disk holds nothing else.
 */
export class TablesProgram implements Program {
  readonly disk: SimDisk;
  readonly #options: TablesProgramOptions;
  readonly #host: SimHost;
  readonly #driver: SimLatchDriver;
  readonly #start: DiskSnapshot;
  readonly #expected = new ExpectedTables();
  #set: TableSet | null = null;
  #engines = new Map<string, Engine>();
  #isRecovered = false;
  #found = "";

  constructor(scheduler: Scheduler, options: TablesProgramOptions = {}) {
    this.#options = options;
    this.disk = new SimDisk(scheduler, { survival: "mixed", faults: options.faults ?? {} });
    this.#host = new SimHost(scheduler);
    this.#driver = new SimLatchDriver(scheduler, TREES);
    runToCompletion(this.#create());
    this.#start = this.disk.snapshot();
  }

  begin(scheduler: Scheduler): void {
    this.disk.restore(this.#start);
    this.disk.disarm();
    this.#isRecovered = false;
    this.#found = "";
    this.#expected.reset();
    runToCompletion(this.#open(0));
    for (const name of FIRST) {
      this.#expected.found(name, this.#entry(name).id, BYSTANDERS);
    }
    this.disk.arm();
    const tasks = {
      maker: () => this.#make(0),
      rebuilder: () => this.#rebuild(1),
      dropper: () => this.#drop(taskId(2), "doomed"),
      writer: () => this.#put(new Session(taskId(3)), "kept", 9),
    };
    for (const [name, body] of Object.entries(tasks)) {
      scheduler.addTask(new FunctionSource(name, () => untilFault(body())));
    }
    this.#addCrash(scheduler, this.#options.crashes ?? 1);
  }

  finish(): null {
    assert(this.#isRecovered, "every run ends with a recovery");
    return null;
  }

  digest(): string {
    const files = this.disk.names().map((name) => `${name}: ${this.disk.peek(name)?.join()}`);
    return [this.#found, ...files].join("\n");
  }

  describeObject(object: number): string {
    const own = this.disk.describeObject(object) ?? this.#host.nameOf(object);
    if (own !== null) return own;
    const latch = this.#driver.latchOf(object);
    return latch === null ? "" : `page ${latch.latch} of ${latch.tree}`;
  }

  *#create(): Task<void> {
    yield* this.#open(0);
    const session = new Session(taskId(0));
    for (const name of FIRST) {
      yield* this.#createTable(session, name);
      for (const key of BYSTANDERS) yield* this.#put(session, name, key);
    }
    for (const engine of this.#engines.values()) yield* engine.close(session);
  }

  /** Opens all tables there are. */
  *#open(task: number): Task<void> {
    this.#engines = new Map();
    const { make } = this.#options;
    this.#set = yield* openTableSet({
      disk: this.disk,
      host: this.#host,
      isEager: false,
      ...(make === undefined ? {} : { make }),
    });
    for (const entry of this.#tables.entries()) {
      this.#engines.set(entry.name, yield* this.#openTable(entry, task));
    }
  }

  *#openTable(entry: TableEntry, task: number): Task<Engine> {
    return yield* this.#openIn(yield* this.#tables.directoryOf(entry), entry, task, false);
  }

  #openIn(disk: Disk, { id }: TableEntry, task: number, create: boolean): Task<Engine> {
    return openEngine({
      disk,
      tree: `table-${id}`,
      host: this.#host,
      latches: this.#driver,
      protocol: protocolNamed("crabbing"),
      policy: policyNamed("each"),
      pageSize: 512,
      mostEntries: 2,
      poolFrames: 8,
      create,
      task: taskId(task),
    });
  }

  *#make(task: number): Task<void> {
    const session = new Session(taskId(task));
    yield* this.#createTable(session, "new");
    yield* this.#put(session, "new", 4);
    yield* this.#put(session, "new", 5);
  }

  *#rebuild(task: number): Task<void> {
    const session = new Session(taskId(task));
    yield* this.#drop(session.task, "reborn");
    yield* this.#createTable(session, "reborn");
    yield* this.#put(session, "reborn", 6);
  }

  *#createTable(session: Session, name: string): Task<void> {
    this.#expected.creating(name);
    let made: TableEntry | null = null;
    const engine = yield* this.#tables.create<Engine>(
      session.task,
      { name, settings: "{}" },
      (disk, entry) => {
        made = entry;
        return this.#openIn(disk, entry, session.task, true);
      },
      (unwanted) => unwanted.close(session),
    );
    this.#engines.set(name, engine);
    this.#expected.created(name, (made as TableEntry | null)?.id ?? 0);
  }

  *#drop(task: Session["task"], name: string): Task<void> {
    this.#expected.dropping(name);
    const entry = yield* this.#tables.drop(task, name);
    this.#expected.dropped(name);
    const engine = this.#engine(name);
    try {
      yield* engine.close(new Session(task));
    } catch (error) {
      // A planted bug removes files that are in use.
      if (!(error instanceof LatchworkError)) throw error;
    }
    yield* this.#tables.removeFiles(entry);
  }

  *#put(session: Session, name: string, key: number): Task<void> {
    this.#expected.putting(name, key);
    yield* this.#engine(name).put(session, Uint8Array.of(key), Uint8Array.of(key));
    this.#expected.put(name, key);
  }

  #addCrash(scheduler: Scheduler, left: number): void {
    scheduler.addTask(
      new CrashSource(() => {
        scheduler.stopAll();
        scheduler.orderGraph.reset();
        this.disk.crash();
        this.disk.disarm();
        const task = scheduler.tasks.length;
        scheduler.addTask(new FunctionSource("recovery", () => this.#recover(task)));
        if (left > 1) this.#addCrash(scheduler, left - 1);
      }, `power ${left}`),
    );
  }

  /** Opens everything, looks at it, and makes one table more. */
  *#recover(task: number): Task<void> {
    yield* this.#open(task);
    const session = new Session(taskId(task));
    const lines: string[] = [];
    for (const { name, id } of this.#tables.entries()) {
      const engine = this.#engine(name);
      const { problems } = yield* engine.check(session);
      if (problems[0] !== undefined) throw new Error(`table ${name}: ${problems[0]}`);
      const rows = new RowCopies(true);
      yield* engine.scan(session, {}, rows);
      const keys = rows.keys.map((key) => key[0] ?? -1);
      this.#expected.check(name, id, keys);
      lines.push(`${name} (${id}): ${keys.join(" ")}`);
    }
    this.#expected.checkAbsent(this.#tables.entries().map(({ name }) => name));
    yield* this.#checkNothingElse();
    this.#found = lines.join("\n");
    this.#isRecovered = true;
    if (this.#tables.find("later") === null) yield* this.#createTable(session, "later");
  }

  *#checkNothingElse(): Task<void> {
    const tables = this.#tables.entries().map(({ id }) => `table-${id}`);
    const found = [...(yield* this.disk.listDirectories()), ...(yield* this.disk.list())];
    const odd = found.find((name) => name !== "tables" && !tables.includes(name));
    if (odd !== undefined) throw new Error(`${odd} is left over`);
  }

  get #tables(): TableSet {
    assert(this.#set !== null, "the tables are open");
    return this.#set;
  }

  #entry(name: string): TableEntry {
    const entry = this.#tables.find(name);
    assert(entry !== null, "it is there from the start");
    return entry;
  }

  #engine(name: string): Engine {
    const engine = this.#engines.get(name);
    assert(engine !== undefined, "every table is open");
    return engine;
  }
}

/** A fault of the disk ends a task. */
function* untilFault(task: Task<void>): Task<void> {
  try {
    yield* task;
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
  }
}
