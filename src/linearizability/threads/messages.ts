import type { MessagePort } from "node:worker_threads";
import type { SearchSetting } from "../check.ts";
import type { Found, PlainRegister } from "../search/index.ts";

/** What a worker is started with. */
export interface WorkerStart {
  /** Its number among so many threads; 0 is the one that checks. */
  readonly thread: number;
  readonly threads: number;
  readonly shared: SharedArrayBuffer;
  readonly setting: SearchSetting;
  readonly memoryBytes: number;
  /** Where it puts its answers: they can be taken from there by a thread that is busy. */
  readonly port: MessagePort;
}

/** A part that a worker has to decide. */
export interface PartOrder {
  readonly at: number;
  readonly plain: PlainRegister;
}

/** What it found. The order that explains a part is beside it, as a column. */
export interface PartAnswer {
  readonly at: number;
  readonly found: Found;
  readonly order: Int32Array;
  readonly explored: number;
  /** Whether it found no more because memory ran out: with more, it may find something else. */
  readonly isShort: boolean;
}
