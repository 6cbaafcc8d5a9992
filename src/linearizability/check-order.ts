import { refuseUnknownCrashRule } from "./check-options.ts";
import { callOn, type CrashRule } from "./divide.ts";
import type { History, Operation } from "./history.ts";
import { type Call, jsonKey, type Model, type Partition } from "./models/index.ts";
import type { OrderFault } from "./verdict.ts";

/**
 * Checks an order that is claimed to be a witness, such as the one in which an engine says that it
 * applied its operations. Null if it is one; if it is not, that says nothing about the history.
 *
 * Costs one step of the model for each operation: on its key alone where the model has keys, and on
 * every key that a scan covers. Crashes take nothing away here: under the rule `buffered` an order
 * can only show that nothing was lost.
 *
 * @param order Ids of operations. Those that need not happen, and those with an uninformative
 *   answer, may be left out.
 * @throws LatchworkError BAD_ARGUMENT for an unknown crash rule.
 */
export function checkOrder(
  history: History,
  model: Model,
  order: readonly number[],
  crash: CrashRule = "durable",
): OrderFault | null {
  refuseUnknownCrashRule(crash);
  const { operations } = history;
  const isNamed = new Uint8Array(operations.length);
  const object = objectOf(model, operations);
  let moment = -1;
  for (const id of order) {
    const operation = operations[id];
    if (operation === undefined) return { operation: id, reason: "unknown" };
    if (isNamed[id] === 1) return { operation: id, reason: "twice" };
    isNamed[id] = 1;
    if (operation.outcome === "fail") return { operation: id, reason: "failed" };
    if (lastMoment(operation, history, crash) <= moment) {
      return { operation: id, reason: "too late" };
    }
    moment = Math.max(moment, operation.invokedAt);
    if (!object.step(operation)) return { operation: id, reason: "not legal" };
  }
  const missing = operations.find(({ id, outcome }) => outcome === "ok" && isNamed[id] === 0);
  return missing === undefined ? null : { operation: missing.id, reason: "missing" };
}

/** An object on which operations are done one after the other. */
interface Stepped {
  /** False if the operation's answer cannot be given now. */
  step(operation: Operation): boolean;
}

function objectOf(model: Model, operations: readonly Operation[]): Stepped {
  const { partition } = model;
  if (partition === undefined) return new WholeObject(model);
  const canProject = partition.covers !== undefined && partition.project !== undefined;
  const isDivisible = operations.every(
    (operation) =>
      operation.outcome === "fail" ||
      partition.keyOf(operation) !== null ||
      (canProject && model.observes?.(operation) === true),
  );
  return isDivisible ? new KeyedObject(partition, operations) : new WholeObject(model);
}

class WholeObject implements Stepped {
  readonly #model: Model;
  #states: readonly unknown[];

  constructor(model: Model) {
    this.#model = model;
    this.#states = [model.initial];
  }

  step(operation: Operation): boolean {
    this.#states = statesAfter(this.#model, this.#states, operation);
    return this.#states.length > 0;
  }
}

/** One object for each key; a scan is a look at each key that it covers, one after the other. */
class KeyedObject implements Stepped {
  readonly #partition: Partition;
  readonly #operations: readonly Operation[];
  readonly #states = new Map<string, readonly unknown[]>();
  readonly #initial: readonly unknown[];
  #keys: ReadonlySet<string> | null = null;

  constructor(partition: Partition, operations: readonly Operation[]) {
    this.#partition = partition;
    this.#operations = operations;
    this.#initial = [partition.one.initial];
  }

  step(operation: Operation): boolean {
    const key = this.#partition.keyOf(operation);
    return key === null ? this.#look(operation) : this.#stepKey(key, operation);
  }

  #look(scan: Operation): boolean {
    // Without an answer it says nothing about any key.
    if (scan.outcome !== "ok") return true;
    this.#keys ??= this.#allKeys();
    for (const key of this.#keys) {
      if (this.#partition.covers?.(scan, key) === true && !this.#lookAt(scan, key)) return false;
    }
    const named = this.#partition.keysNamed?.(scan) ?? [];
    return named.every((key) => this.#lookAt(scan, key));
  }

  #lookAt(scan: Operation, key: string): boolean {
    return this.#stepKey(key, callOn(this.#partition, scan, key));
  }

  #stepKey(key: string, call: Call): boolean {
    const before = this.#states.get(key) ?? this.#initial;
    const states = statesAfter(this.#partition.one, before, call);
    if (states.length !== 1 || states[0] !== before[0]) this.#states.set(key, states);
    return states.length > 0;
  }

  #allKeys(): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const operation of this.#operations) {
      const key = operation.outcome === "fail" ? null : this.#partition.keyOf(operation);
      if (key !== null) keys.add(key);
    }
    return keys;
  }
}

function statesAfter(model: Model, states: readonly unknown[], call: Call): readonly unknown[] {
  const [only] = states;
  const next =
    states.length === 1 ? model.step(only, call) : states.flatMap((each) => model.step(each, call));
  if (next.length < 2) return next;
  const byKey = new Map<unknown, unknown>();
  for (const state of next) byKey.set(model.stateKey?.(state) ?? jsonKey(state), state);
  return [...byKey.values()];
}

/** The order number before which an operation takes effect, if it does; it may be infinity. */
export function lastMoment(operation: Operation, { crashes }: History, crash: CrashRule): number {
  const { outcome, invokedAt, returnedAt } = operation;
  if (outcome === "ok") return returnedAt;
  if (crash === "ignored") return Number.POSITIVE_INFINITY;
  const cut = firstAfter(crashes, invokedAt);
  return crash === "strict" && outcome === "info" ? Math.min(cut, returnedAt) : cut;
}

/** The first of some ascending numbers that is above another; infinity if none is. */
function firstAfter(ascending: readonly number[], low: number): number {
  let begin = 0;
  let end = ascending.length;
  while (begin < end) {
    const middle = (begin + end) >> 1;
    if ((ascending[middle] ?? 0) > low) end = middle;
    else begin = middle + 1;
  }
  return ascending[begin] ?? Number.POSITIVE_INFINITY;
}
