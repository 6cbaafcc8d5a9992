import {
  checkTree,
  Operation,
  type Protocol,
  type ScanRange,
  TreeStore,
  type TreeStoreOptions,
} from "../../../src/btree/index.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import { assert, runToCompletion, taskId } from "../../../src/task/index.ts";

/** The two bytes of a small number; their order is the numbers'. */
export function bytes(number: number): Uint8Array {
  return Uint8Array.of(number >> 8, number & 255);
}

/** The number that {@link bytes} wrote. */
export function numberOf(key: Uint8Array): number {
  return (key[0] ?? 0) * 256 + (key[1] ?? 0);
}

/** A row of a scan, in numbers. */
export type Row = readonly [key: number, value: number];

/**
 * One tree under one protocol, used by one task with small numbers. After every operation it is
 * checked that nothing is left latched, and on demand that the tree is right.
 */
export class OneTree {
  readonly store: TreeStore;
  readonly op: Operation;
  readonly #protocol: Protocol;

  /** @param store Default: that of a new tree. */
  constructor(protocol: Protocol, options: TreeStoreOptions, store = new TreeStore(options)) {
    this.store = store;
    this.#protocol = protocol;
    const order = protocol.latchOrder(this.store);
    const { reclamation } = protocol;
    this.op = new Operation(this.store, taskId(0), DIRECT_DRIVER, order, reclamation);
  }

  put(key: number, value: number): boolean {
    return this.#idle(runToCompletion(this.#protocol.put(this.op, bytes(key), bytes(value))));
  }

  insert(key: number, value: number): boolean {
    return this.#idle(runToCompletion(this.#protocol.insert(this.op, bytes(key), bytes(value))));
  }

  delete(key: number): boolean {
    return this.#idle(runToCompletion(this.#protocol.delete(this.op, bytes(key))));
  }

  /** The value, or undefined. */
  get(key: number): number | undefined {
    const isThere = this.#idle(runToCompletion(this.#protocol.get(this.op, bytes(key))));
    return isThere ? numberOf(this.op.copyValue()) : undefined;
  }

  scan(range: ScanRange): Row[] {
    const rows: Row[] = [];
    const sink = {
      row: (key: Uint8Array, value: Uint8Array): void => {
        rows.push([numberOf(key), numberOf(value)]);
      },
    };
    const count = this.#idle(runToCompletion(this.#protocol.scan(this.op, range, sink)));
    assert(count === rows.length, "a scan counts the rows it gives");
    return rows;
  }

  /** What is wrong with the tree; empty if nothing is. */
  get problems(): readonly string[] {
    return checkTree(this.store.memory, this.store.params).problems;
  }

  /** Pages in use, the meta and the space page not counted. */
  get pages(): number {
    const { space } = this.store;
    return space.highWater - 2 - space.freeCount;
  }

  #idle<T>(result: T): T {
    this.op.leave();
    this.op.assertIdle();
    assert(this.store.retired.count === 0, "an operation that ended keeps no page");
    assert(this.store.latches.firstInUse() === null, "an operation that ended latches nothing");
    return result;
  }
}
