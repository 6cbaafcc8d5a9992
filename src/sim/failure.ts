import { type ErrorCode, InvariantViolation, LatchworkError, type TaskId } from "../task/index.ts";
import type { OrderBreach } from "../latch/index.ts";
import { type CodePlaces, codePlacesOf, shownError } from "./code-places.ts";

/** Every kind of thing that a run can be found guilty of. */
export type FailureKind =
  | "deadlock"
  | "potential-deadlock"
  | "latch-order"
  | "stuck"
  | "lost-wakeup"
  | "livelock"
  | "latch-held"
  | "double-release"
  | "latch-misuse"
  | "freed-page"
  | "broken-tree"
  | "not-linearizable"
  | "wrong-result"
  | "not-durable"
  | "not-recovered"
  | "exception"
  | "escape"
  | "nondeterminism";

/** One task of a deadlock's cycle: what it holds and what it waits for. */
export interface CycleMember {
  readonly task: TaskId;
  readonly taskName: string;
  /** The operation it is in, as `insert 15`. */
  readonly operation: string;
  /** What it waits for, as `latch X on page 4 (leaf [20,30), right sibling)`. */
  readonly waitsFor: string;
  /** What it holds, oldest first, each with where it was taken. */
  readonly holds: readonly string[];
}

/** What went wrong in a run. */
export interface Failure {
  readonly kind: FailureKind;
  /** One or more plain lines; the first says it all. */
  readonly message: string;
  /** The task that was running, or null if none is to blame alone. */
  readonly task: TaskId | null;
  /** For a deadlock, the cycle; each member waits for the next. */
  readonly cycle?: readonly CycleMember[];
  /** For a lost wakeup, who should have been woken. */
  readonly forgotten?: TaskId;
  /** Latch-order rules that were broken on the way, by whom. */
  readonly breaches?: readonly OrderBreach[];
  /** For a LatchworkError that was thrown, its code. */
  readonly code?: ErrorCode;
  /** For what was thrown: where in the user's code, innermost first, as `deep (bank.ts:12:9)`. */
  readonly stack?: CodePlaces;
}

const RULE_KINDS: ReadonlyMap<string, FailureKind> = new Map([
  ["double-release", "double-release"],
  ["latch-misuse", "latch-misuse"],
  ["latch-held", "latch-held"],
  ["freed-page", "freed-page"],
  ["latch-order", "latch-order"],
  ["broken-tree", "broken-tree"],
  ["wrong-result", "wrong-result"],
  ["not-recovered", "not-recovered"],
  ["escape", "escape"],
]);

/** Turns what a task threw into a failure, sorted by the rule it broke. */
export function failureFromError(error: unknown, task: TaskId | null): Failure {
  const places = codePlacesOf(error);
  const where = places.length === 0 ? {} : { stack: places };
  if (error instanceof InvariantViolation) {
    const kind = RULE_KINDS.get(error.rule) ?? "exception";
    return { kind, message: error.message, task, ...where };
  }
  const code = error instanceof LatchworkError ? { code: error.code } : {};
  return { kind: "exception", message: shownError(error), task, ...code, ...where };
}

/** What is wrong if a final check throws: the result, unless it broke a rule of its own. */
export function failureOfCheck(error: unknown): Failure {
  const failure = failureFromError(error, null);
  return error instanceof InvariantViolation ? failure : { ...failure, kind: "wrong-result" };
}
