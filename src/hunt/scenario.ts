import type { Fairness } from "../latch/index.ts";

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
  | { readonly kind: "scan"; readonly reverse: boolean; readonly range: NumberRange };

/** How the tree looks before the tasks begin. */
export type InitialTree =
  | { readonly kind: "leaves"; readonly leaves: readonly (readonly number[])[] }
  | { readonly kind: "built"; readonly operations: readonly ScenarioOperation[] };

/**
 * What is run: an initial tree, and for each task a list of operations.
 *
 * A value of null means a number of its own for each writing operation, so that every read tells
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
}

/** Settings of a scenario that says nothing else. */
export const SCENARIO_DEFAULTS = {
  capacity: 4,
  fairness: "fifo",
  pageSize: 512,
} as const;

/** How many operations all tasks of a scenario do together. */
export function operationCount(scenario: Scenario): number {
  return scenario.tasks.reduce((sum, task) => sum + task.length, 0);
}
