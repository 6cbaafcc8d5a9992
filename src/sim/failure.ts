import {
  type ErrorCode,
  type Fact,
  InvariantViolation,
  LatchworkError,
  type TaskId,
} from "../task/index.ts";
import type { OrderBreach } from "../latch/index.ts";
import { type CodePlace, codePlacesOf, shownError } from "./code-places.ts";

/** Every kind of failure that a run can show. */
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

/** What a step does, and what its object was called at that moment. */
export interface NamedFact {
  readonly fact: Fact;
  /** Empty where the step is about no object. */
  readonly object: string;
}

/** One task of a deadlock's cycle: what it holds and what it waits for. */
export interface CycleMember {
  readonly task: TaskId;
  readonly taskName: string;
  /** The operation it is in, as `insert 15`. */
  readonly operation: string;
  /** What it waits for; null if it is about to do nothing. */
  readonly wants: NamedFact | null;
  /** The same in words, as `latch X on page 4 (leaf [20,30), right sibling)`. */
  readonly waitsFor: string;
  /** The steps by which it came to hold what it holds, oldest first. */
  readonly held: readonly NamedFact[];
  /** The same in words, each with where it was taken. */
  readonly holds: readonly string[];
}

/** What went wrong in a run. */
export interface Failure {
  readonly kind: FailureKind;
  /** One or more plain lines; the first says it all. */
  readonly message: string;
  /**
   * The rule that was broken, the same for all failures of one bug, where the message is not: see
   * `bug-identity.ts`.
   */
  readonly rule?: string;
  /** Set where the message names the kind though those of its kind need not. */
  readonly isNamed?: true;
  /** For each line of the message after the first: the number of the operation it is about. */
  readonly about?: readonly (number | null)[];
  /** The task that was running, or null if no single one is to blame. */
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
  readonly stack?: readonly string[];
  /** The same, with whether each is a place or a cause. */
  readonly places?: readonly CodePlace[];
}

/**
 * A failure in one line that begins with its kind.
 *
 * @param who Whom to name where the message does not say, as ` in reader`; default nobody.
 */
export function titleOf({ kind, message, isNamed }: Failure, who: string = ""): string {
  const [first = ""] = linesOf(message);
  return isNamed === true || NAMED.has(kind) ? first : `${kind}${who}: ${first}`;
}

/** Kinds whose messages begin with the name of the kind, as `deadlock: a -> b -> a` does. */
const NAMED: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "deadlock",
  "potential-deadlock",
  "stuck",
  "lost-wakeup",
  "livelock",
  "broken-tree",
  "not-linearizable",
  "not-durable",
  "escape",
  "nondeterminism",
]);

/** Where in the code it happened, a line each: `at bank.ts:12:9`, `caused by RangeError: ...`. */
export function placeLinesOf({ places = [] }: Failure): string[] {
  return places.map(({ isCause, text }) => (isCause ? `caused by ${text}` : `at ${text}`));
}

/** A text line by line. */
export function linesOf(text: string): string[] {
  return text.split("\n");
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
  const where = places.length === 0 ? {} : { stack: stackOf(places), places };
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

/** Places as {@link Failure.stack} has them. */
export function stackOf(places: readonly CodePlace[]): string[] {
  return places.map(({ isCause, text }) => (isCause ? `caused by ${text}` : text));
}
