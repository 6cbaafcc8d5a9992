import { checkHistory } from "../check.ts";
import type { CheckOptions } from "../check-options.ts";
import type { History, Operation } from "../history.ts";
import { jsonKey } from "../models/index.ts";
import { prefixOf } from "../prefix.ts";
import type { NotLinearizable } from "../verdict.ts";
import type { Subject } from "./subject.ts";

/** How far a history can be explained, and the operation whose answer cannot be. */
export interface LongestPrefix {
  /** Ids, in the subject, of an order that explains every event before `operation` returns. */
  readonly order: readonly number[];
  /** Id, in the subject, of the operation whose answer no order explains; -1 if not found. */
  readonly operation: number;
}

/**
 * Finds the first answer that no order explains. The verdict's event is a place to begin: the
 * search gave up there, but the answer that made it may come later.
 *
 * Costs about 2 log2(answers in between) checks of a prefix. What the budget of `check` leaves
 * undecided counts as not explained, so the prefix may then be shorter than it could be.
 */
export function longestPrefix(
  { history, model }: Subject,
  verdict: NotLinearizable,
  check: CheckOptions,
): LongestPrefix {
  const answers = history.operations
    .filter(({ outcome }) => outcome === "ok")
    .toSorted((a, b) => a.returnedAt - b.returnedAt);
  const orderUpTo = (events: number): readonly number[] | null => {
    const found = checkHistory(prefixOf(history, events), model, check);
    return found.kind === "linearizable" ? found.witness : null;
  };
  const isExplained = (answer: number): boolean =>
    orderUpTo((answers[answer]?.returnedAt ?? 0) + 1) !== null;
  const first = answers.findIndex(({ returnedAt }) => returnedAt >= verdict.event);
  let low = first < 0 ? 0 : first;
  let high = low;
  for (let step = 1; high < answers.length && isExplained(high); step *= 2) {
    low = high + 1;
    high += step;
  }
  high = Math.min(high, answers.length);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isExplained(middle)) low = middle + 1;
    else high = middle;
  }
  const stuck = answers[low];
  if (stuck === undefined) return { order: [], operation: -1 };
  return { order: orderUpTo(stuck.returnedAt) ?? [], operation: stuck.id };
}

const OPERATIONS_MAX = 3000;
const CANDIDATES_MAX = 24;

/**
 * Which of the values that occurred could have been the answer of `operation`, by any order of
 * what came before it; null if there are too many operations to ask, or its answer is no value
 * that another operation could have left there.
 */
export function possibleAnswers(
  { history, model }: Subject,
  operation: Operation,
  check: CheckOptions,
): readonly unknown[] | null {
  const before = prefixOf(history, operation.returnedAt);
  if (before.operations.length > OPERATIONS_MAX || Array.isArray(operation.output)) return null;
  const possible = candidates(before, operation).filter((output) => {
    const answered: Operation = { ...operation, output };
    if (model.fault !== undefined && model.fault(answered) !== null) return false;
    const operations = before.operations.map((each) =>
      each.id === operation.id ? answered : each,
    );
    const asked = { ...before, operations, events: history.events };
    return checkHistory(asked, model, check).kind === "linearizable";
  });
  return possible.length === 0 ? null : possible;
}

/** Values that stand in operations before, the latest first. */
function candidates({ operations }: History, operation: Operation): readonly unknown[] {
  if (typeof operation.output === "boolean") return [true, false];
  const found = new Map<unknown, unknown>([[jsonKey(null), null]]);
  for (const { input, output, f } of operations.toReversed()) {
    const values = f === "cas" && Array.isArray(input) ? (input as readonly unknown[]) : [input];
    for (const value of [output, ...values]) {
      if (found.size === CANDIDATES_MAX) return [...found.values()];
      if (value !== undefined && typeof value !== "boolean") found.set(jsonKey(value), value);
    }
  }
  return [...found.values()];
}
