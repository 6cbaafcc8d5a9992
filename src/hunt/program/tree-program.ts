import {
  type CountingLog,
  describePage,
  Operation,
  type Protocol,
  roleOfPage,
  TreeChecker,
  type TreeStore,
} from "../../btree/index.ts";
import {
  type Failure,
  type Scheduler,
  SimHost,
  SimLatchDriver,
  taskToken,
} from "../../sim/index.ts";
import {
  type Lsn,
  type MemorySnapshot,
  pageId,
  type PageMemory,
  type SpaceSnapshot,
} from "../../storage/index.ts";
import { broken, taskId } from "../../task/index.ts";
import { brokenTree, NO_ROLE } from "./broken-tree.ts";
import { buildScenarioTree } from "./scenario-tree.ts";
import { History, KnownEnds, Oracle, readContents } from "../judge/index.ts";
import { numberText, type Scenario } from "../scenario/index.ts";
import { ProtocolExecutor } from "./executor.ts";
import { OperationSource } from "./operation-source.ts";
import { digestOf } from "./run-digest.ts";
import type { ProgramTree } from "./program-tree.ts";
import type { ScenarioProgram } from "./scenario-program.ts";

/**
 * A scenario as a program for the scheduler: made once, put back to its start before each schedule.
 *
 * After each schedule it checks, in this order: that no latch is left held, the tree, and the
 * history with the tree's contents as the last word.
 */
export class TreeProgram implements ScenarioProgram {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly store: TreeStore;
  readonly history: History;
  readonly sources: readonly OperationSource[];
  readonly isOpen = true;
  readonly #memory: PageMemory;
  readonly #host: SimHost;
  readonly #start: MemorySnapshot;
  readonly #startSpace: SpaceSnapshot;
  readonly #log: CountingLog;
  readonly #startLsn: Lsn;
  readonly #checker: TreeChecker;
  readonly #ends: KnownEnds;
  readonly #oracle: Oracle;
  readonly #trees: readonly ProgramTree[];

  /**
   * @param protocol What to run, perhaps with a planted bug.
   * @param builder A right protocol, which builds the initial tree.
   * @throws LatchworkError if the scenario's tree cannot be built.
   */
  constructor(scheduler: Scheduler, scenario: Scenario, protocol: Protocol, builder: Protocol) {
    this.scenario = scenario;
    this.protocol = protocol;
    const { store, memory, log } = buildScenarioTree(scenario, builder);
    this.store = store;
    this.#trees = [{ partition: null, store, pages: store.memory }];
    this.#memory = memory;
    this.history = new History(scenario);
    this.#start = memory.snapshot();
    store.space.reload();
    this.#startSpace = store.space.snapshot();
    this.#ends = new KnownEnds(memory);
    this.#log = log;
    this.#startLsn = log.endLsn;
    this.#checker = new TreeChecker(this.store.memory, this.store.params);
    this.#host = new SimHost(scheduler);
    const driver = new SimLatchDriver(scheduler);
    const order = protocol.latchOrder(this.store);
    this.sources = scenario.tasks.map((_, task) => {
      const { reclamation } = protocol;
      const op = new Operation(this.store, taskId(task), driver, order, reclamation);
      const executor = new ProtocolExecutor(protocol, op);
      const records = this.history.records.filter((record) => record.task === task);
      return new OperationSource(taskToken(task), executor, this.history, records, noFault);
    });
    const isAtomic = protocol.scanPromise === "atomic";
    this.#oracle = new Oracle(this.history, readContents(this.store.memory), isAtomic);
  }

  trees(): readonly ProgramTree[] {
    return this.#trees;
  }

  partitionOf(): null {
    return null;
  }

  begin(scheduler: Scheduler): void {
    this.#memory.restore(this.#start);
    this.#log.reset(this.#startLsn);
    this.store.space.putBack(this.#startSpace);
    this.store.space.declareTo(this.#host);
    this.store.latches.reset();
    this.store.retired.reset();
    this.store.postings.reset();
    this.store.declareFor(this.protocol);
    this.history.reset();
    for (const source of this.sources) {
      source.reset();
      scheduler.addTask(source);
    }
  }

  finish(): Failure | null {
    const inUse = this.store.latches.firstInUse();
    if (inUse !== null) {
      broken("operations that have ended leave no latch in use", `that of page ${inUse.id} in use`);
    }
    const kept = this.store.retired.count;
    if (kept > 0) broken("operations that have ended keep no page from being used", `${kept} kept`);
    const known = this.#ends.find();
    if (known !== null) return this.#oracle.judge([known]);
    const problem = this.#checker.check().problems[0];
    if (problem !== undefined) return brokenTree(problem);
    return this.#oracle.judge([this.#ends.add()]);
  }

  digest(): string {
    return digestOf(this.#trees, this.history);
  }

  describeObject(object: number): string {
    if (object % 2 !== 0) return this.#host.nameOf(object) ?? "";
    return describePage(this.store, pageId(object / 2), numberText);
  }

  roleOf(latchObject: number): string {
    return roleOfPage(this.store, pageId(latchObject / 2), numberText) ?? NO_ROLE;
  }
}

/** Without a disk nothing but the code itself can go wrong. */
function noFault(): boolean {
  return false;
}
