import type { Intervals } from "../linearizability/index.ts";
import type { Scenario, ScenarioOperation } from "./scenario.ts";

/** "Not yet", for a time. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** One operation of a scenario and what became of it in the current run. */
export interface OperationRecord {
  readonly index: number;
  readonly task: number;
  readonly operation: ScenarioOperation;
  /** The value a write writes. */
  readonly value: number;
  /** What it returned: found, is new, was there. */
  outcome: boolean;
  /** How many rows a scan said it gave. */
  rowsCounted: number;
  /** The value a get read. */
  valueRead: number;
  /** The rows a scan gave, in its order. */
  readonly keys: number[];
  readonly values: number[];
}

// Values of their own for writes that name none: far above what scenarios write by hand.
const OWN_VALUE_FIRST = 1001;

/**
 * What happened to each operation of a scenario, refilled in place run after run.
 *
 * Time is a counter of invocations and returns. The operation numbered `records.length` is the last
 * look at the whole tree once all tasks have ended.
 */
export class History implements Intervals {
  readonly records: readonly OperationRecord[];
  readonly invokedAt: number[] = [];
  readonly returnedAt: number[] = [];
  #now = 0;

  constructor(scenario: Scenario) {
    const records: OperationRecord[] = [];
    scenario.tasks.forEach((operations, task) => {
      for (const operation of operations)
        records.push(blankRecord(records.length, task, operation));
    });
    this.records = records;
    this.reset();
  }

  /** Forgets the last run. */
  reset(): void {
    this.#now = 0;
    for (let i = 0; i <= this.records.length; i++) {
      this.invokedAt[i] = NEVER;
      this.returnedAt[i] = NEVER;
    }
  }

  invoked(index: number): void {
    this.invokedAt[index] = this.#now++;
  }

  returned(index: number): void {
    this.returnedAt[index] = this.#now++;
  }

  /** Notes that every task has ended and the tree is looked at. */
  ended(): void {
    this.invoked(this.records.length);
    this.returned(this.records.length);
  }

  /** Whether an operation of the current run has returned. */
  hasReturned(index: number): boolean {
    return (this.returnedAt[index] ?? NEVER) !== NEVER;
  }

  /** Whether an operation of the current run has taken its first step. */
  wasInvoked(index: number): boolean {
    return (this.invokedAt[index] ?? NEVER) !== NEVER;
  }
}

function blankRecord(index: number, task: number, operation: ScenarioOperation): OperationRecord {
  const isWrite = operation.kind === "put" || operation.kind === "insert";
  const value = isWrite ? (operation.value ?? OWN_VALUE_FIRST + index) : 0;
  return {
    index,
    task,
    operation,
    value,
    outcome: false,
    rowsCounted: 0,
    valueRead: 0,
    keys: [],
    values: [],
  };
}
