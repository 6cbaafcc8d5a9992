import type { CrashRule } from "./divide.ts";
import type { History, Operation } from "./history.ts";
import { jsonKey, type Model } from "./models/index.ts";

/** Why an order does not explain a history: the operation at fault, and what is wrong with it. */
export interface OrderFault {
  readonly operation: number;
  readonly reason: "unknown" | "twice" | "failed" | "too late" | "not legal" | "missing";
}

/**
 * Checks an order that somebody claims to be a witness, such as the one in which an engine says it
 * applied its operations; null if it is one. Says nothing about the history if it is not.
 *
 * Costs one step of the model for each operation, on the whole object. Crashes take nothing away
 * here: under the rule `buffered` an order can only show that nothing was lost.
 *
 * @param order Ids of operations. Those that need not happen, and those that tell nothing, may be
 *   left out.
 */
export function checkOrder(
  history: History,
  model: Model,
  order: readonly number[],
  crash: CrashRule = "durable",
): OrderFault | null {
  const { operations } = history;
  const isTold = new Uint8Array(operations.length);
  let states: readonly unknown[] = [model.initial];
  let moment = -1;
  for (const id of order) {
    const operation = operations[id];
    if (operation === undefined) return { operation: id, reason: "unknown" };
    if (isTold[id] === 1) return { operation: id, reason: "twice" };
    isTold[id] = 1;
    if (operation.outcome === "fail") return { operation: id, reason: "failed" };
    if (lastMoment(operation, history, crash) <= moment) {
      return { operation: id, reason: "too late" };
    }
    moment = Math.max(moment, operation.invokedAt);
    states = distinct(
      model,
      states.flatMap((state) => model.step(state, operation)),
    );
    if (states.length === 0) return { operation: id, reason: "not legal" };
  }
  const missing = operations.find(({ id, outcome }) => outcome === "ok" && isTold[id] === 0);
  return missing === undefined ? null : { operation: missing.id, reason: "missing" };
}

function distinct(model: Model, states: readonly unknown[]): readonly unknown[] {
  if (states.length < 2) return states;
  const byKey = new Map<unknown, unknown>();
  for (const state of states) byKey.set(model.stateKey?.(state) ?? jsonKey(state), state);
  return [...byKey.values()];
}

/** The order number before which an operation takes effect, if it does. */
function lastMoment(operation: Operation, { crashes }: History, crash: CrashRule): number {
  const { outcome, invokedAt, returnedAt } = operation;
  if (outcome === "ok") return returnedAt;
  if (crash === "ignored") return Number.POSITIVE_INFINITY;
  const cut = crashes.find((at) => at > invokedAt) ?? Number.POSITIVE_INFINITY;
  return crash === "strict" && outcome === "info" ? Math.min(cut, returnedAt) : cut;
}
