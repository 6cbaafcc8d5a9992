import { callOn } from "../divide.ts";
import type { History, Operation } from "../history.ts";
import type { Model, Partition } from "../models/index.ts";

/** The operations that a verdict is about, as a history and a model of their own. */
export interface Subject {
  readonly history: History;
  readonly model: Model;
  /** Of each operation of `history`: its id in the whole history. */
  readonly ids: readonly number[];
  /** The one key that `model` is the state of, if the subject is one key of a map. */
  readonly key: string | null;
}

/** The whole history, without what failed. O(operations). */
export function wholeSubject(history: History, model: Model): Subject {
  const chosen = history.operations.filter(({ outcome }) => outcome !== "fail");
  return { ...asHistory(history, chosen), model, key: null };
}

/**
 * The operations on these keys only, as a check by key sees them: for one key, an operation that
 * looks at several is a look at this one. No keys mean the whole history. O(operations).
 */
export function subjectOf(history: History, model: Model, keys: readonly string[]): Subject {
  const { partition } = model;
  const [first] = keys;
  if (first === undefined || partition === undefined) return wholeSubject(history, model);
  const isOne = keys.length === 1;
  const named = new Set(keys);
  const chosen: Operation[] = [];
  for (const operation of history.operations) {
    if (operation.outcome === "fail") continue;
    const own = partition.keyOf(operation);
    if (own !== null) {
      if (named.has(own)) chosen.push(operation);
    } else if (
      operation.outcome === "ok" &&
      keys.some((key) => looksAt(partition, operation, key))
    ) {
      const look = isOne ? { ...operation, ...callOn(partition, operation, first) } : operation;
      chosen.push(look);
    }
  }
  const subject = asHistory(history, chosen);
  return isOne
    ? { ...subject, model: partition.one, key: first }
    : { ...subject, model, key: null };
}

/** True if an operation on several keys says something about this one. */
export function looksAt(partition: Partition, operation: Operation, key: string): boolean {
  if (partition.covers?.(operation, key) === true) return true;
  return partition.keysNamed?.(operation).includes(key) ?? false;
}

function asHistory(
  { crashes, events }: History,
  chosen: readonly Operation[],
): { readonly history: History; readonly ids: readonly number[] } {
  const operations = chosen.map((operation, id) => ({ ...operation, id }));
  return { history: { operations, crashes, events }, ids: chosen.map(({ id }) => id) };
}
