import {
  checkTree,
  finishTree,
  formatNewTree,
  Operation,
  type Protocol,
  treeParameters,
  TreeStore,
} from "../../src/btree/index.ts";
import { DIRECT_DRIVER } from "../../src/latch/index.ts";
import { PageMemory, type PageStore, SpaceMap } from "../../src/storage/index.ts";
import { assert, runToCompletion, type Task, taskId } from "../../src/task/index.ts";
import { RecordingLog } from "../support/recording-log.ts";
import type { Command } from "./map-commands.ts";
import { bytes, numberOf } from "./protocols/one-tree.ts";

/** The three pages of a new tree. */
export function newTree(mostEntries: number): PageMemory {
  const memory = new PageMemory({ pageSize: 512 });
  formatNewTree(memory, treeParameters(512, mostEntries));
  return memory;
}

/** A tree over pages that may not be in memory, logged, and used by one task. */
export class PagedTree<Pages extends PageStore = PageStore> {
  readonly pages: Pages;
  readonly store: TreeStore;
  readonly log: RecordingLog = new RecordingLog();
  readonly op: Operation;
  readonly protocol: Protocol;

  constructor(protocol: Protocol, pages: Pages, mostEntries: number, pageCount: number) {
    this.protocol = protocol;
    this.pages = pages;
    const space = new SpaceMap(pages);
    runToCompletion(space.load(pageCount));
    const params = treeParameters(512, mostEntries);
    this.store = TreeStore.over({ params, memory: pages, space, log: this.log });
    const order = protocol.latchOrder(this.store);
    const { reclamation } = protocol;
    this.op = new Operation(this.store, taskId(0), DIRECT_DRIVER, order, reclamation);
    runToCompletion(finishTree(this.store, protocol, taskId(0), DIRECT_DRIVER));
  }

  /** Does a command; what it says. */
  obey(command: Command): boolean | number | undefined {
    this.op.begin();
    const said = runToCompletion(this.#start(command));
    this.op.leave();
    this.assertIdle();
    if (command[0] < 8) return said;
    return said ? numberOf(this.op.copyValue()) : undefined;
  }

  /** All rows, forwards or backwards. */
  rows(reverse: boolean): number[] {
    const found: number[] = [];
    const sink = { wantsValues: false, row: (key: Uint8Array) => void found.push(numberOf(key)) };
    runToCompletion(this.protocol.scan(this.op, { reverse }, sink));
    this.op.leave();
    this.assertIdle();
    return found;
  }

  assertIdle(): void {
    this.op.assertIdle();
    assert(this.store.latches.firstInUse() === null, "an operation that ended latches nothing");
  }

  /** What is wrong with the tree in a copy of all its pages. */
  problems(copy: PageMemory): readonly string[] {
    return checkTree(copy, this.store.params).problems;
  }

  #start([kind, key, value]: Command): Task<boolean> {
    const { protocol, op } = this;
    if (kind < 3) return protocol.put(op, bytes(key), bytes(value));
    if (kind < 4) return protocol.insert(op, bytes(key), bytes(value));
    return kind < 8 ? protocol.delete(op, bytes(key)) : protocol.get(op, bytes(key));
  }
}
