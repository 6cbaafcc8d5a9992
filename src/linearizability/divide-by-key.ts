import { assert } from "../task/index.ts";
import { callOn, Divider, footprintSteps, isIdle, type Reading, type Share } from "./divide.ts";
import type { Operation } from "./history.ts";
import type { Call, Partition } from "./models/index.ts";
import {
  type Budget,
  FootprintColumns,
  FootprintSteps,
  type GivenUp,
  type Part,
  type Steps,
  TableSteps,
} from "./search/index.ts";

/** A history cut up by key. */
export interface ByKey {
  /** One share for each key, scans being gets of each key they cover. */
  readonly keys: readonly Share[];
  /** Operations that look at several keys at one moment; each with the keys it covers. */
  readonly scans: ReadonlyMap<number, readonly number[]>;
}

/** About how many bytes a scan's look at one key takes. */
const LOOK_BYTES = 128;
/** Keys that are looked at between two looks at the budget. */
const KEYS_BETWEEN = 10_000;

/**
 * Cuts a history up by key; null if that cannot be done, because an operation on several keys is
 * not an observer, or the partition cannot project it on each key; or why it was given up.
 *
 * Time: O(operations + scans * keys). Memory: O(operations + scans * keys they cover).
 */
export function divideByKey(
  reading: Reading,
  partition: Partition,
  budget: Budget,
): ByKey | GivenUp | null {
  const { operations } = reading.history;
  const canProject = partition.covers !== undefined && partition.project !== undefined;
  const numbers = new Map<string, number>();
  const divider = new Divider(reading);
  const numberOf = (key: string): number => {
    let number = numbers.get(key);
    if (number === undefined) {
      number = divider.newShare();
      numbers.set(key, number);
    }
    return number;
  };
  const ownKeys = new Int32Array(operations.length).fill(-1);
  for (const operation of operations) {
    if (operation.outcome === "fail") continue;
    const key = partition.keyOf(operation);
    if (key !== null) ownKeys[operation.id] = numberOf(key);
    else if (!canProject || reading.model.observes?.(operation) !== true) return null;
    else for (const named of partition.keysNamed?.(operation) ?? []) numberOf(named);
  }
  const keys = [...numbers.keys()];
  const calls: Call[][] = keys.map(() => []);
  const scans = new Map<number, readonly number[]>();
  const put = (operation: Operation, key: number, call: Call): void => {
    const observes = partition.one.observes?.(call) ?? false;
    if (isIdle(operation, observes)) return;
    divider.put(operation, key, observes);
    calls[key]?.push(call);
  };
  let looks = 0;
  let unasked = 0;
  for (const operation of operations) {
    const key = ownKeys[operation.id] ?? -1;
    if (key >= 0) put(operation, key, operation);
    else if (operation.outcome === "ok") {
      const covered = coveredKeys(partition, operation, keys, numbers);
      scans.set(operation.id, covered);
      for (const each of covered)
        put(operation, each, callOn(partition, operation, keys[each] ?? ""));
      looks += covered.length;
      unasked += keys.length;
    }
    if (unasked < KEYS_BETWEEN) continue;
    unasked = 0;
    const givenUp = budget.spent(looks * LOOK_BYTES, 0);
    if (givenUp !== null) return givenUp;
  }
  const shares = divider.finish().map((part, key): Share => {
    const called = calls[key] ?? [];
    const steps: Steps =
      footprintSteps(reading, partition.one, called, part) ??
      new TableSteps(partition.one, called, false);
    return { keys: [keys[key] ?? ""], problem: { part, steps } };
  });
  return { keys: shares, scans };
}

/** Keys that a scan covers, and keys that it names without covering them, which come later. */
function coveredKeys(
  partition: Partition,
  scan: Operation,
  keys: readonly string[],
  numbers: ReadonlyMap<string, number>,
): number[] {
  const covered = new Set<number>();
  for (const [number, key] of keys.entries()) {
    if (partition.covers?.(scan, key) === true) covered.add(number);
  }
  for (const named of partition.keysNamed?.(scan) ?? []) {
    const number = numbers.get(named);
    if (number !== undefined) covered.add(number);
  }
  return [...covered];
}

/** Keys that scans tie together: each group of two or more, as key numbers. */
export function tiedKeys({ keys, scans }: ByKey): number[][] {
  const leader = Int32Array.from(keys, (_, i) => i);
  const find = (key: number): number => {
    let at = key;
    while (leader[at] !== at) at = leader[at] ?? 0;
    leader[key] = at;
    return at;
  };
  for (const covered of scans.values()) {
    for (const key of covered) leader[find(key)] = find(covered[0] ?? key);
  }
  const groups = new Map<number, number[]>();
  for (const key of keys.keys()) {
    const first = find(key);
    const group = groups.get(first);
    if (group === undefined) groups.set(first, [key]);
    else group.push(key);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The share of a group of keys, in which scans look at one moment. */
export function groupShare(
  reading: Reading,
  partition: Partition,
  byKey: ByKey,
  group: readonly number[],
): Share {
  const { history, model } = reading;
  const divider = new Divider(reading);
  const share = divider.newShare();
  const names = group.map((key) => byKey.keys[key]?.keys[0] ?? "");
  const places = new Map(names.map((name, place) => [name, place]));
  const inGroup = new Set(group);
  const chosen: Operation[] = [];
  for (const operation of history.operations) {
    const key = operation.outcome === "fail" ? null : partition.keyOf(operation);
    const covered = byKey.scans.get(operation.id);
    const isHere =
      covered === undefined ? key !== null && places.has(key) : inGroup.has(covered[0] ?? -1);
    const observes = model.observes?.(operation) ?? false;
    if (!isHere || isIdle(operation, observes)) continue;
    divider.put(operation, share, observes);
    chosen.push(operation);
  }
  const [part] = divider.finish();
  assert(part !== undefined, "a divider with one share makes one part");
  const steps =
    groupSteps(reading, partition, chosen, part, places, byKey) ??
    new TableSteps(model, chosen, false);
  return { keys: names, problem: { part, steps } };
}

function groupSteps(
  { reductions, sizes }: Reading,
  partition: Partition,
  chosen: readonly Operation[],
  { isRequired }: Part,
  places: ReadonlyMap<string, number>,
  byKey: ByKey,
): FootprintSteps | null {
  const { one } = partition;
  if (one.footprint === undefined) return null;
  const columns = new FootprintColumns();
  for (let key = 0; key < places.size; key++) columns.numberOf(key, one.initial);
  for (const operation of chosen) {
    const key = partition.keyOf(operation);
    if (key !== null) {
      const print = one.footprint(operation);
      if (print === null) return null;
      columns.add(places.get(key) ?? 0, print);
      continue;
    }
    const needs: [number, unknown][] = [];
    for (const covered of byKey.scans.get(operation.id) ?? []) {
      const name = byKey.keys[covered]?.keys[0] ?? "";
      const print = one.footprint(callOn(partition, operation, name));
      // The columns hold of a scan what it must find and nothing else.
      if (print === null || print.avoids !== undefined) return null;
      if (print.needs !== undefined) needs.push([places.get(name) ?? 0, print.needs]);
    }
    columns.addScan(needs);
  }
  const { initial } = one;
  const mergesDead = reductions.deadValues;
  const { vectors } = sizes;
  const keys = places.size;
  return new FootprintSteps({ columns, keys, initial, isRequired, mergesDead, vectors });
}
