import {
  checkHistory,
  type CrashRule,
  type History,
  type Model,
  type Operation,
} from "../../src/linearizability/index.ts";
import { isLinearizableByForce } from "./brute-force-check.ts";

/**
 * The same history with only `kept` operations kept: each other one may have happened between its
 * two events, or not, and its answer is unknown. That is what `info` means under the rule `strict`;
 * one that was `info` from the start may happen at any later time, which `pending` says.
 */
export function withoutAllBut(history: History, kept: readonly number[]): History {
  const operations = history.operations.map((operation): Operation => {
    const { id, outcome } = operation;
    if (outcome === "info") {
      return { ...operation, outcome: "pending", returnedAt: Number.POSITIVE_INFINITY };
    }
    if (kept.includes(id) || outcome !== "ok") return operation;
    return { ...operation, outcome: "info", output: null };
  });
  return { ...history, operations };
}

/** What a no is about, by itself: one key's operations, scans being looks at that key. */
export function subjectOf(
  history: History,
  model: Model,
  keys: readonly string[],
): { history: History; model: Model } {
  const { partition } = model;
  const [key = ""] = keys;
  if (partition === undefined || keys.length !== 1) return { history, model };
  const operations = history.operations.map((operation): Operation => {
    const own = partition.keyOf(operation);
    if (own === key) return operation;
    const isLook =
      own === null &&
      operation.outcome === "ok" &&
      (partition.covers?.(operation, key) === true ||
        partition.keysNamed?.(operation).includes(key) === true);
    if (!isLook) return { ...operation, outcome: "fail" };
    return { ...operation, ...partition.project?.(operation, key) };
  });
  return { history: { ...history, operations }, model: partition.one };
}

/** Whether the operations in `kept` can be explained, by the search or by trying every order. */
export function isExplained(
  { history, model }: { history: History; model: Model },
  kept: readonly number[],
  how: "search" | "force",
): boolean {
  const rest = withoutAllBut(history, kept);
  const crash: CrashRule = "strict";
  if (how === "force") return isLinearizableByForce(rest, model, { crash, scan: "atomic" });
  return checkHistory(rest, model, { crash }).kind === "linearizable";
}
