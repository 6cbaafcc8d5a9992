import type { CostModel } from "./cost-model.ts";
import type { KeyChoice } from "./keys.ts";

/** How many of a hundred operations read; the others put. Reads are gets, or scans of 100 rows. */
export interface Mix {
  readonly name: string;
  readonly reads: number;
  readonly isScan: boolean;
}

export const MIXES: readonly Mix[] = [
  { name: "100/0", reads: 100, isScan: false },
  { name: "95/5", reads: 95, isScan: false },
  { name: "50/50", reads: 50, isScan: false },
  { name: "scans", reads: 95, isScan: true },
];

export const SCAN_ROWS = 100;

/** One run: a protocol on a machine, under a load. */
export interface Cell {
  readonly protocol: string;
  readonly cores: number;
  readonly mix: Mix;
  readonly keys: KeyChoice;
  readonly costs: CostModel;
  readonly clientsACore: number;
  /** Of a hundred pages of the tree, how many the pool holds; 100: all, and those to come. */
  readonly poolShare: number;
  /** How many operations are made, the first eighth of which are not measured. */
  readonly operations: number;
}

/** What one run came to. Times are of virtual time. */
export interface Figures {
  readonly operationsPerSecond: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  /** Waits for latches, of a thousand operations; and so the three that follow. */
  readonly waits: number;
  readonly restarts: number;
  readonly movesRight: number;
  readonly refusals: number;
  readonly transfers: number;
  readonly latches: number;
  readonly waitNs: number;
  readonly heldMost: number;
  readonly poolMisses: number;
}
