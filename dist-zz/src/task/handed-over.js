import { LatchworkError } from "./errors.js";
import { labelOf } from "./fact-text.js";
import { Step } from "./step.js";
/**
 * Whether a value is yet to run, as what an async or a generator function gives; null if not. A
 * step is none of these, though it may complain of being awaited as a promise would be.
 */
export function yetToRun(value) {
    if (typeof value !== "object" || value === null)
        return null;
    if (value instanceof Step)
        return null;
    // Asked first, for a generator of steps may have a `then` that complains of being awaited.
    if (hasMethod(value, "next")) {
        return Symbol.asyncIterator in value ? "an async generator" : "a generator";
    }
    return hasMethod(value, "then") ? "a promise" : null;
}
/**
 * Rejects a result that has yet to run where it is needed at once: nothing here would await it, and
 * what it gives or throws would be lost.
 *
 * @param what The function as its user knows it, as `shouldStop`.
 * @param advice What to write instead.
 * @throws LatchworkError BAD_ARGUMENT in one line.
 */
export function mustBeThere(what, value, advice) {
    const kind = yetToRun(value);
    if (kind === null)
        return;
    disown(value);
    throw new LatchworkError("BAD_ARGUMENT", `${what}: gave ${kind}; ${advice}`);
}
/**
 * Rejects a function's result that has yet to run and never would.
 *
 * @param name Whose function it is.
 * @throws TypeError saying what to write.
 */
export function mustHaveRun(name, value) {
    // A guard is a step too, but may be given away once it is held.
    if (value instanceof Step && !("isHeld" in value)) {
        const what = labelOf(value.fact());
        const advice = "write return yield* in place of return";
        throw new TypeError(`${name} returns a step that it has not taken (${what}); ${advice}`);
    }
    const kind = yetToRun(value);
    if (kind === null)
        return;
    disown(value);
    const advice = kind === "a generator" ? "write return yield* in place of return" : "nobody awaits it";
    throw new TypeError(`${name} returns ${kind} that has not run; ${advice}`);
}
/**
 * Checks a value that a task hands to others: not a step in place of what it gives.
 *
 * @param what What is done with it, as `write of x`.
 * @throws TypeError saying what to write.
 */
export function mustBeValue(what, value) {
    if (!(value instanceof Step) || "isHeld" in value)
        return;
    const given = labelOf(value.fact());
    const advice = "write yield* before the call that gives it";
    throw new TypeError(`${what} is given a step that is not taken (${given}); ${advice}`);
}
/** Has a promise that was refused fail in silence: what was wrong has been reported. */
export function disown(value) {
    if (yetToRun(value) === "a promise") {
        Promise.resolve(value).catch(() => undefined);
    }
}
/**
 * @throws LatchworkError BAD_ARGUMENT unless the value is a function.
 * @param what The argument as its user knows it, as `task worker`.
 */
export function mustBeFunction(what, value, expected) {
    if (typeof value === "function")
        return;
    throw new LatchworkError("BAD_ARGUMENT", `${what}: expected ${expected}, found ${inWords(value)}`);
}
/** Names a value where something else was expected: `undefined`, `"pct"`, `a promise`, `a Map`. */
export function inWords(value) {
    if (typeof value === "function")
        return "a function";
    if (typeof value === "string")
        return JSON.stringify(value);
    if (typeof value !== "object" || value === null)
        return String(value);
    const kind = yetToRun(value);
    if (kind !== null)
        return kind;
    const tag = Array.isArray(value) ? "array" : nameOfClass(value);
    return `${/^[aeiou]/i.test(tag) ? "an" : "a"} ${tag}`;
}
function nameOfClass(value) {
    const name = Object.getPrototypeOf(value)?.constructor?.name;
    return typeof name === "string" && name !== "" && name !== "Object" ? name : "object";
}
function hasMethod(value, name) {
    // Asked first, for there are objects that throw when a property is read that they do not have.
    return name in value && typeof Reflect.get(value, name) === "function";
}
