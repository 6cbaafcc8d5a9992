import type { LatchId, LatchOrder } from "../latch/index.ts";
import type { PageId, Reclamation } from "../storage/index.ts";
import type { Task } from "../task/index.ts";
import type { AtOnce } from "./at-once.ts";
import type { Operation } from "./operation.ts";
import type { RowSink, ScanRange } from "./scan-range.ts";
import type { TreeStore } from "./tree-store.ts";
import type { WriteRun } from "./write-run.ts";

/** What a scan promises about the rows it gives. */
export type ScanPromise = "atomic" | "per-key";

/**
 * A way to latch a tree: every operation as a task. One protocol is one file in `protocols/`.
 *
 * Keys and values are bytes, at most as long as `limits.ts` says; longer ones end an operation with
 * a LatchworkError before anything is latched. An operation that ends, ends idle: no latch held, no
 * change group open. One that ends with a LatchworkError, as for a page that cannot be read, has
 * done so halfway: whoever runs it calls `op.abort()`. All protocols leave the same tree
 * format, so a tree written under one opens under another.
 */
export interface Protocol {
  readonly name: string;
  /**
   * `atomic`: all rows at one moment. `per-key`: each key, there or not, at some moment of the
   * scan.
   */
  readonly scanPromise: ScanPromise;
  /**
   * When a page that it frees may be used anew. To be granted the latch of a page that may be used
   * anew already is an error. Default `at-once`. Under `after-earlier-operations` a freed page
   * stays as it was, but for {@link UNLINKED_FLAG}, and its latch may still be granted.
   */
  readonly reclamation?: Reclamation;
  /**
   * Whether it may leave pages half dead, and splits incomplete, to operations that come later; a
   * tree is finished before it is opened under a protocol that does not. Default false.
   */
  readonly leavesUnfinished?: boolean;
  /**
   * Whether the left link of each page leads to its left sibling between operations. Where it need
   * not, the links are put right before the tree is opened under a protocol that says so. Default
   * true.
   */
  readonly keepsLeftLinks?: boolean;
  /**
   * Whether it tells parents of splits while it holds nothing, so that others may have to wait for
   * that. Default false.
   */
  readonly postsApart?: boolean;
  /** The order in which the protocol latches, or null if it never holds two latches. */
  latchOrder(store: TreeStore): LatchOrder;
  /** The latch under which a page's bytes may be read, as by whoever writes pages to disk. */
  coveringLatch(page: PageId): LatchId;
  /**
   * Its operations for which nothing has to be waited for, if it has any.
   *
   * @param pathCache Whether they begin at the pages that the last one came down by.
   */
  atOnce?(pathCache: boolean): AtOnce;
  /** What it has counted of its own on a store, by name; absent if it counts nothing. */
  figures?(store: TreeStore): Readonly<Record<string, number>>;
  /** Finds a key; if it is there, the value is kept in the operation. */
  get(op: Operation, key: Uint8Array): Task<boolean>;
  /** Sets a key's value; true if the key is new. */
  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean>;
  /** Adds a key unless it is there; true if it was added. */
  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean>;
  /** Removes a key; true if it was there. */
  delete(op: Operation, key: Uint8Array): Task<boolean>;
  /**
   * Comes down once, to the leaf of the next write of a run, and makes there as many of the next
   * writes as neither leave the leaf nor change the structure, in one change group; perhaps none.
   * A protocol without it makes each write by an operation of its own.
   */
  writeRun?(op: Operation, run: WriteRun): Task<void>;
  /** Visits the rows of a range in order; returns how many. */
  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number>;
}

/**
 * What a protocol says of itself that others depend on, with nothing left to its default: for one
 * that passes on to another, so that the compiler sees a promise that is not handed on.
 */
export type ProtocolPromises = Required<
  Pick<Protocol, "keepsLeftLinks" | "leavesUnfinished" | "postsApart" | "reclamation">
>;
