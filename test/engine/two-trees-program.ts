import { protocolNamed } from "../../src/btree/index.ts";
import { type Engine, openEngine } from "../../src/engine/index.ts";
import { RowCopies } from "../../src/level/range.ts";
import {
  CrashSource,
  type DiskSnapshot,
  type Program,
  type Scheduler,
  SimDisk,
  SimHost,
  SimLatchDriver,
} from "../../src/sim/index.ts";
import { FunctionSource } from "../../src/sim/blocks/spawn.ts";
import { assert, runToCompletion, Session, type Task, taskId } from "../../src/task/index.ts";
import { policyNamed } from "../../src/wal/index.ts";

export const TREES = ["left", "right"] as const;
type TreeName = (typeof TREES)[number];

/** What a tree holds. */
type Contents = ReadonlyMap<number, number>;

const VERSIONED = 1;
const MOVED = 3;
/** Both trees have them from the start, so that each has several leaves; nobody changes them. */
const BYSTANDERS: readonly number[] = [0, 2, 4, 5];

export interface TwoTreesOptions {
  /** Whether the names of the two directories are made durable. Default true. */
  readonly syncsNames?: boolean;
  /** Writes the versions to the right tree first, which is wrong. Default false. */
  readonly rightFirst?: boolean;
}

/**
 * Two trees, each with a page file and a log in a directory of its own, on one disk whose power
 * fails once.
 *
 * One task puts versions of a key: into the left tree, and once that is acknowledged into the right
 * one. The other moves a key: it puts it into the right tree, then deletes it in the left one. Each
 * has one session for both trees. Whatever happens, the right tree is never ahead with the
 * versions, the key that is moved is somewhere, and what was acknowledged is there.
 */
export class TwoTrees implements Program {
  readonly disk: SimDisk;
  readonly #rightFirst: boolean;
  readonly #host: SimHost;
  readonly #driver: SimLatchDriver;
  readonly #start: DiskSnapshot;
  #engines: ReadonlyMap<TreeName, Engine> = new Map();
  /** The version acknowledged last, by tree. */
  #acknowledged: Record<TreeName, number> = { left: 0, right: 0 };
  #isMoved = false;
  #found: ReadonlyMap<TreeName, Contents> = new Map();

  constructor(scheduler: Scheduler, options: TwoTreesOptions = {}) {
    const { syncsNames = true, rightFirst = false } = options;
    this.#rightFirst = rightFirst;
    this.disk = new SimDisk(scheduler, { survival: "mixed" });
    this.#host = new SimHost(scheduler);
    this.#driver = new SimLatchDriver(scheduler, TREES);
    runToCompletion(this.#create(syncsNames));
    this.#start = this.disk.snapshot();
  }

  begin(scheduler: Scheduler): void {
    this.disk.restore(this.#start);
    this.disk.disarm();
    this.#acknowledged = { left: 0, right: 0 };
    this.#isMoved = false;
    this.#found = new Map();
    this.#engines = runToCompletion(this.#open());
    this.disk.arm();
    scheduler.addTask(new FunctionSource("versions", () => this.#versions()));
    scheduler.addTask(new FunctionSource("mover", () => this.#move()));
    scheduler.addTask(new CrashSource(() => this.#crash(scheduler)));
  }

  finish(): null {
    const { left, right } = this.#contents();
    const versions = { left: left.get(VERSIONED) ?? -1, right: right.get(VERSIONED) ?? -1 };
    for (const tree of TREES) {
      if (versions[tree] >= this.#acknowledged[tree]) continue;
      throw new Error(`${tree} has lost version ${this.#acknowledged[tree]}`);
    }
    if (versions.right > versions.left) throw new Error("the right tree is ahead of the left one");
    if (!left.has(MOVED) && !right.has(MOVED)) throw new Error("the key that is moved is nowhere");
    if (this.#isMoved && left.has(MOVED)) throw new Error("a delete that was acknowledged is lost");
    for (const key of BYSTANDERS) {
      if (left.get(key) !== 0 || right.get(key) !== 0) throw new Error(`key ${key} was harmed`);
    }
    return null;
  }

  digest(): string {
    const files = this.disk.names().map((name) => `${name}: ${this.disk.peek(name)?.join()}`);
    const held = TREES.map((tree) => `${tree}: ${[...(this.#found.get(tree) ?? [])].join(" ")}`);
    return [...held, ...files].join("\n");
  }

  describeObject(object: number): string {
    const own = this.disk.describeObject(object) ?? this.#host.nameOf(object);
    if (own !== null) return own;
    const latch = this.#driver.latchOf(object);
    return latch === null ? "" : `page ${latch.latch} of ${latch.tree}`;
  }

  #contents(): Record<TreeName, Contents> {
    const [left, right] = TREES.map((tree) => this.#found.get(tree));
    assert(left !== undefined && right !== undefined, "both trees were read after the crash");
    return { left, right };
  }

  *#create(syncsNames: boolean): Task<void> {
    for (const tree of TREES) yield* this.disk.directory(tree, "create");
    if (syncsNames) yield* this.disk.syncDirectory();
    for (const [tree, engine] of yield* this.#open(true)) {
      const session = engine.borrow();
      for (const key of BYSTANDERS) yield* engine.put(session, bytesOf(key), bytesOf(0));
      yield* engine.put(session, bytesOf(VERSIONED), bytesOf(0));
      if (tree === "left") yield* engine.put(session, bytesOf(MOVED), bytesOf(0));
      yield* engine.close(session);
    }
  }

  *#open(create: boolean = false, task: number = 0): Task<Map<TreeName, Engine>> {
    const engines = new Map<TreeName, Engine>();
    for (const tree of TREES) {
      const engine = yield* openEngine({
        disk: yield* this.disk.directory(tree, "open"),
        tree,
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
      engines.set(tree, engine);
    }
    return engines;
  }

  *#versions(): Task<void> {
    const session = new Session(taskId(0));
    const order = this.#rightFirst ? TREES.toReversed() : TREES;
    for (let version = 1; version <= 2; version++) {
      for (const tree of order) {
        yield* this.#engine(tree).put(session, bytesOf(VERSIONED), bytesOf(version));
        this.#acknowledged[tree] = version;
      }
      for (const tree of TREES) {
        const isThere = yield* this.#engine(tree).get(session, bytesOf(VERSIONED));
        assert(isThere && session.copyValue()[0] === version, "a task reads what it has written");
      }
    }
  }

  *#move(): Task<void> {
    const session = new Session(taskId(1));
    const isThere = yield* this.#engine("left").get(session, bytesOf(MOVED));
    assert(isThere, "nobody else moves it");
    yield* this.#engine("right").put(session, bytesOf(MOVED), session.copyValue());
    yield* this.#engine("left").delete(session, bytesOf(MOVED));
    this.#isMoved = true;
  }

  #engine(tree: TreeName): Engine {
    const engine = this.#engines.get(tree);
    assert(engine !== undefined, "both trees are open");
    return engine;
  }

  #crash(scheduler: Scheduler): void {
    scheduler.stopAll();
    scheduler.orderGraph.reset();
    this.disk.crash();
    const task = scheduler.tasks.length;
    scheduler.addTask(new FunctionSource("recovery", () => this.#recover(task)));
  }

  /** Opens both trees, and looks at them with one session. */
  *#recover(task: number): Task<void> {
    this.#engines = yield* this.#open(false, task);
    const session = new Session(taskId(task));
    const found = new Map<TreeName, Contents>();
    for (const tree of TREES) {
      const engine = this.#engine(tree);
      const { problems } = yield* engine.check(session);
      if (problems[0] !== undefined) throw new Error(`${tree}: ${problems[0]}`);
      const rows = new RowCopies(true);
      yield* engine.scan(session, {}, rows);
      const pairs = rows.keys.map((key, i): [number, number] => {
        return [key[0] ?? -1, rows.values[i]?.[0] ?? -1];
      });
      found.set(tree, new Map(pairs));
    }
    this.#found = found;
  }
}

function bytesOf(number: number): Uint8Array {
  return Uint8Array.of(number);
}
