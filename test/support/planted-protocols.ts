import type {
  Operation,
  Protocol,
  ProtocolPromises,
  RowSink,
  ScanPromise,
  ScanRange,
  TreeStore,
} from "../../src/btree/index.ts";
import type { LatchId, LatchOrder } from "../../src/latch/index.ts";
import type { PageId, Reclamation } from "../../src/storage/index.ts";
import type { Task } from "../../src/task/index.ts";

/** Any protocol, as it is; what extends it changes one operation of whatever protocol there is. */
export class SameProtocol implements Protocol, ProtocolPromises {
  readonly name: string;
  readonly scanPromise: ScanPromise;
  readonly reclamation: Reclamation;
  readonly leavesUnfinished: boolean;
  readonly keepsLeftLinks: boolean;
  readonly postsApart: boolean;
  protected readonly right: Protocol;

  constructor(right: Protocol) {
    this.right = right;
    this.name = right.name;
    this.scanPromise = right.scanPromise;
    // Not to forward these would be a bug of its own, as B12, which frees pages at once.
    this.reclamation = right.reclamation ?? "at-once";
    this.leavesUnfinished = right.leavesUnfinished ?? false;
    this.keepsLeftLinks = right.keepsLeftLinks ?? true;
    this.postsApart = right.postsApart ?? false;
  }

  latchOrder(store: TreeStore): LatchOrder {
    return this.right.latchOrder(store);
  }

  coveringLatch(page: PageId): LatchId {
    return this.right.coveringLatch(page);
  }

  get(op: Operation, key: Uint8Array): Task<boolean> {
    return this.right.get(op, key);
  }

  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.right.put(op, key, value);
  }

  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.right.insert(op, key, value);
  }

  delete(op: Operation, key: Uint8Array): Task<boolean> {
    return this.right.delete(op, key);
  }

  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    return this.right.scan(op, range, sink);
  }
}

/** Tells when each operation has been applied, which is at one moment where the tree is latched. */
export class TellsOrder extends SameProtocol {
  readonly #applied: (op: Operation) => void;

  constructor(right: Protocol, applied: (op: Operation) => void) {
    super(right);
    this.#applied = applied;
  }

  override get(op: Operation, key: Uint8Array): Task<boolean> {
    return this.#tell(op, this.right.get(op, key));
  }

  override put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.#tell(op, this.right.put(op, key, value));
  }

  override insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.#tell(op, this.right.insert(op, key, value));
  }

  override delete(op: Operation, key: Uint8Array): Task<boolean> {
    return this.#tell(op, this.right.delete(op, key));
  }

  override scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    return this.#tell(op, this.right.scan(op, range, sink));
  }

  *#tell<T>(op: Operation, task: Task<T>): Task<T> {
    const result = yield* task;
    this.#applied(op);
    return result;
  }
}

/** Bug D4 under any protocol: an insert looks, lets go of the tree, and then adds. */
export class InsertLooksThenLeaps extends SameProtocol {
  override *insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    if (yield* this.right.get(op, key)) return false;
    yield* this.right.put(op, key, value);
    return true;
  }
}

/** A delete looks, lets go of the tree, deletes, and answers what it saw when it looked. */
export class DeleteAnswersWhatItSaw extends SameProtocol {
  override *delete(op: Operation, key: Uint8Array): Task<boolean> {
    const isThere = yield* this.right.get(op, key);
    if (isThere) yield* this.right.delete(op, key);
    return isThere;
  }
}

/** Bug D13 under any protocol: a scan lets go of the tree after each row. */
export class ScanRowByRow extends SameProtocol {
  override *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    let rest = range;
    let rows = 0;
    const keep: RowSink = {
      row: (key, value) => {
        rest = beyond(rest, key);
        sink.row(key, value);
      },
    };
    while (rows < (range.limit ?? Number.POSITIVE_INFINITY)) {
      if ((yield* this.right.scan(op, { ...rest, limit: 1 }, keep)) === 0) break;
      rows++;
    }
    return rows;
  }
}

/** The part of a range that a scan which has just given `key` has yet to visit. */
function beyond(range: ScanRange, key: Uint8Array): ScanRange {
  return range.reverse === true
    ? { ...range, end: key, endInclusive: false }
    : { ...range, start: key, startInclusive: false };
}
