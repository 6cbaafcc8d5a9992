import type { History, Operation } from "../history.ts";
import type { Call, Model } from "../models/index.ts";

/** An operation, and its call on the object in question. */
export interface Asked {
  readonly operation: Operation;
  readonly call: Call;
}

/** One object of a history: the whole, or one key of it. */
export interface SeenObject {
  readonly key: string | null;
  readonly model: Model;
  /** In the order of invocation, without those that failed. */
  readonly asked: readonly Asked[];
}

/**
 * The objects that a history divides into. An operation on several keys (a scan) counts only for
 * the keys in `looked`, as it would count for all.
 */
export function objectsOf(
  { operations }: History,
  model: Model,
  looked: readonly string[],
): readonly SeenObject[] {
  const { partition } = model;
  const did = operations.filter(({ outcome }) => outcome !== "fail");
  if (partition === undefined) {
    const asked = did.map((operation) => ({ operation, call: operation }));
    return [{ key: null, model, asked }];
  }
  const byKey = new Map<string, Asked[]>(looked.map((key) => [key, []]));
  for (const operation of did) {
    const key = partition.keyOf(operation);
    if (key !== null) {
      const asked = byKey.get(key);
      if (asked === undefined) byKey.set(key, [{ operation, call: operation }]);
      else asked.push({ operation, call: operation });
      continue;
    }
    for (const each of looked) {
      if (partition.covers?.(operation, each) !== true) continue;
      const call = partition.project?.(operation, each);
      if (call !== undefined) byKey.get(each)?.push({ operation, call });
    }
  }
  return [...byKey].map(([key, asked]) => ({ key, model: partition.one, asked }));
}
