import type { WriteBatching } from "../../engine/index.ts";
import type { Fairness } from "../../latch/index.ts";

/** Which numbers a scan covers; null bounds are open ends. */
export interface NumberRange {
  readonly start: number | null;
  readonly startInclusive: boolean;
  readonly end: number | null;
  readonly endInclusive: boolean;
  /** Most rows, or null for no limit. */
  readonly limit: number | null;
}

/** One operation of a scenario. Keys and values are small numbers. */
export type ScenarioOperation =
  | { readonly kind: "get"; readonly key: number }
  | { readonly kind: "put"; readonly key: number; readonly value: number | null }
  | { readonly kind: "insert"; readonly key: number; readonly value: number | null }
  | { readonly kind: "delete"; readonly key: number }
  | {
      readonly kind: "scan";
      readonly reverse: boolean;
      readonly range: NumberRange;
      /** Whether all rows are to be of one moment, whatever the protocol; of durable scenarios. */
      readonly atOnce?: boolean;
    }
  | { readonly kind: "batch"; readonly writes: readonly ScenarioWrite[] }
  /** Writes all dirty pages and drops the log before; of durable scenarios only, as `clean`. */
  | { readonly kind: "checkpoint" }
  /** Writes one dirty page, as the cleaner does in the background. */
  | { readonly kind: "clean" };

/** One write of a batch. */
export type ScenarioWrite =
  | { readonly kind: "put"; readonly key: number; readonly value: number | null }
  | { readonly kind: "delete"; readonly key: number };

/** How the tree looks before the tasks begin. */
export type InitialTree =
  | { readonly kind: "leaves"; readonly leaves: readonly (readonly number[])[] }
  | { readonly kind: "built"; readonly operations: readonly ScenarioOperation[] };

/**
 * What is run: an initial tree, and for each task a list of operations.
 *
 * A value of null means a number of its own for each writing operation, so that every read shows
 * which write it saw. All keys of the initial tree have the value 0.
 */
export interface Scenario {
  readonly protocol: string;
  /** The planted bug, by its id in the bank, or null. */
  readonly bug: string | null;
  /** Most entries a page may hold. */
  readonly capacity: number;
  readonly fairness: Fairness;
  readonly pageSize: number;
  readonly tree: InitialTree;
  readonly tasks: readonly (readonly ScenarioOperation[])[];
  /** Set for a tree on a disk, with a log: it may crash. Absent for one in memory. */
  readonly durability?: Durability;
}

/**
 * What can go wrong with a request to the disk, beside a crash. `slow` takes long, `stuck` never
 * ends; the latter only while a crash is to come. `replaced` puts a copy of the directory in its
 * place.
 */
export const FAULT_KINDS = [
  "read",
  "write",
  "sync",
  "space",
  "corrupt",
  "slow",
  "stuck",
  "replaced",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/**
 * The disk under a scenario's tree, and what happens to it.
 *
 * A run crashes as often as `crashes` says, at moments that the schedule chooses, at the latest
 * when nothing is left to do. After each crash the database is recovered; after the last recovery
 * the tasks of `after` run.
 */
export interface Durability {
  readonly crashes: number;
  /** How many trees the keys are divided among, each with a log; 1 for no partitions. */
  readonly partitions: number;
  /** Pages that fit into memory, of all partitions together. */
  readonly poolFrames: number;
  /** The commit policy, as `each` or `window:2`. */
  readonly commit: string;
  /** What reads wait for. */
  readonly reads: "committed" | "durable";
  /** Which unsynced writes survive: one of a few patterns, each sector by itself, or either. */
  readonly survival: "patterns" | "sectors" | "mixed";
  readonly segmentBytes: number;
  /** How single writes go down together; null if each goes by itself. */
  readonly batching: WriteBatching | null;
  readonly faults: readonly FaultKind[];
  readonly after: readonly (readonly ScenarioOperation[])[];
}

/** Settings of a durable scenario that says nothing else. */
export const DURABILITY_DEFAULTS: Durability = {
  crashes: 1,
  partitions: 1,
  poolFrames: 64,
  commit: "immediate-when-alone",
  reads: "committed",
  survival: "patterns",
  segmentBytes: 4096,
  batching: null,
  faults: [],
  after: [],
};

/** Settings of a scenario that says nothing else. */
export const SCENARIO_DEFAULTS = {
  capacity: 4,
  fairness: "fifo",
  pageSize: 512,
} as const;

const NEEDS_DISK: ReadonlySet<ScenarioOperation["kind"]> = new Set([
  "batch",
  "checkpoint",
  "clean",
]);

/** Whether one of these operations is of durable scenarios only. */
export function needsDisk(operations: readonly ScenarioOperation[]): boolean {
  return operations.some((operation) => {
    return NEEDS_DISK.has(operation.kind) || (operation.kind === "scan" && operation.atOnce);
  });
}

/** How many operations all tasks of a scenario do together. */
export function operationCount(scenario: Scenario): number {
  const after = scenario.durability?.after ?? [];
  return [...scenario.tasks, ...after].reduce((sum, task) => sum + task.length, 0);
}
