import { InvariantViolation, LatchworkError, } from "../task/index.js";
import { codePlacesOf, shownError } from "./code-places.js";
/**
 * A failure in one line that begins with its kind.
 *
 * @param who Whom to name where the message does not say, as ` in reader`; default nobody.
 */
export function titleOf({ kind, message, isNamed }, who = "") {
    const [first = ""] = linesOf(message);
    return isNamed === true || NAMED.has(kind) ? first : `${kind}${who}: ${first}`;
}
/** Kinds whose messages begin with the name of the kind, as `deadlock: a -> b -> a` does. */
const NAMED = new Set([
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
export function placeLinesOf({ places = [] }) {
    return places.map(({ isCause, text }) => (isCause ? `caused by ${text}` : `at ${text}`));
}
/** A text line by line. */
export function linesOf(text) {
    return text.split("\n");
}
const RULE_KINDS = new Map([
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
export function failureFromError(error, task) {
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
export function failureOfCheck(error) {
    const failure = failureFromError(error, null);
    return error instanceof InvariantViolation ? failure : { ...failure, kind: "wrong-result" };
}
/** Places as {@link Failure.stack} has them. */
export function stackOf(places) {
    return places.map(({ isCause, text }) => (isCause ? `caused by ${text}` : text));
}
