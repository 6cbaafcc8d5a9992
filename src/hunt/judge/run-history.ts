import type { Scenario, ScenarioOperation } from "../scenario/index.ts";

/** "Not yet", for a time. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** One operation of a scenario and what became of it in the current run. */
export interface OperationRecord {
  readonly index: number;
  /** As the scheduler counts tasks, and schedules name them. */
  readonly task: number;
  readonly operation: ScenarioOperation;
  /** The value a write writes. */
  readonly value: number;
  /** In which part of the run it began: 0 before the first crash, 1 after it, and so on. */
  epoch: number;
  /** Whether a crash or a fault ended it, so that nobody knows whether it took effect. */
  isCut: boolean;
  /** The code of the fault that ended it, as `DISK_ERROR`; null if none did. */
  fault: string | null;
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

/** Values of their own for writes that name none: far above what scenarios write by hand. */
export const OWN_VALUE_FIRST = 1001;

/**
 * What happened to each operation of a scenario, refilled in place run after run.
 *
 * Time is a counter of invocations, returns and crashes.
 */
export class History {
  readonly records: readonly OperationRecord[];
  readonly invokedAt: number[] = [];
  readonly returnedAt: number[] = [];
  /** The moments of the crashes so far. */
  readonly crashedAt: number[] = [];
  /** The operations that returned, in the order in which they did. */
  readonly returns: number[] = [];
  #now = 0;

  constructor(scenario: Scenario) {
    const records: OperationRecord[] = [];
    const { tasks, durability } = scenario;
    const add = (operations: readonly ScenarioOperation[], task: number): void => {
      for (const operation of operations) {
        records.push(blankRecord(records.length, task, operation));
      }
    };
    tasks.forEach(add);
    // Each crash is a task, and so is the recovery after it.
    const first = tasks.length + 2 * (durability?.crashes ?? 0);
    durability?.after.forEach((operations, i) => add(operations, first + i));
    this.records = records;
    this.reset();
  }

  /** Forgets the last run. */
  reset(): void {
    this.#now = 0;
    if (this.crashedAt.length > 0) this.crashedAt.length = 0;
    while (this.returns.length > 0) this.returns.pop();
    for (let i = 0; i < this.records.length; i++) {
      this.invokedAt[i] = NEVER;
      this.returnedAt[i] = NEVER;
      const record = this.records[i];
      if (record === undefined) continue;
      record.isCut = false;
      record.fault = null;
    }
  }

  invoked(index: number): void {
    this.invokedAt[index] = this.#now++;
    const record = this.records[index];
    if (record !== undefined) record.epoch = this.crashedAt.length;
  }

  /** An operation ended without a result: it has taken effect, or may yet until the next crash. */
  failed(index: number, fault: string): void {
    const record = this.records[index];
    if (record === undefined) return;
    record.isCut = true;
    record.fault = fault;
  }

  /** Everything in flight is cut off here: what has not taken effect by now never will. */
  crashed(): void {
    const now = this.#now++;
    this.crashedAt.push(now);
    for (const record of this.records) {
      if (!this.wasInvoked(record.index) || this.hasReturned(record.index)) continue;
      record.isCut = true;
      this.returnedAt[record.index] = now;
    }
  }

  returned(index: number): void {
    this.returnedAt[index] = this.#now++;
    this.returns.push(index);
  }

  /** The present moment: later than all that has happened. */
  get now(): number {
    return this.#now;
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
  const isWrite = ["put", "insert", "batch"].includes(operation.kind);
  const own = isWrite ? OWN_VALUE_FIRST + index : 0;
  const value = "value" in operation ? (operation.value ?? own) : own;
  return {
    index,
    task,
    operation,
    value,
    epoch: 0,
    isCut: false,
    fault: null,
    outcome: false,
    rowsCounted: 0,
    valueRead: 0,
    keys: [],
    values: [],
  };
}
