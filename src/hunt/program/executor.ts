import type { Operation, RowSink, ScanRange } from "../../btree/index.ts";
import type { BatchWrite } from "../../engine/index.ts";
import type { Task } from "../../task/index.ts";

/** Runs the operations of scenario tasks: a protocol in memory, or an engine on a disk. */
export interface Executor {
  get(op: Operation, key: Uint8Array): Task<boolean>;
  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean>;
  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean>;
  delete(op: Operation, key: Uint8Array): Task<boolean>;
  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number>;
  /** Only an engine has these. */
  batch?(op: Operation, writes: readonly BatchWrite[]): Task<void>;
  checkpoint?(op: Operation): Task<unknown>;
  cleanOne?(op: Operation): Task<boolean>;
}
