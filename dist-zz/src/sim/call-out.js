/**
 * The calls that lead from the simulator into code that is not its own: tasks, checks, steps.
 *
 * They are in a file of their own so that a stack shows where that code ends: what is above a
 * frame of this file was called by it. They catch nothing.
 */
import { disown, inWords, labelOf, } from "../task/index.js";
import { mustBeCode, notAStep } from "./task-code.js";
/** Runs a task's code to its next step, or throws into it the fault that its last step met. */
export function runOn(code, fault) {
    return fault === null ? code.next() : code.throw(fault);
}
/**
 * Asks for the code of a task's next operation.
 *
 * @throws TypeError for what is no code.
 */
export function nextCode(task) {
    const code = task.source.next();
    if (code !== null)
        mustBeCode(task, code);
    return code;
}
/** Gives the task's source what its operation gave. */
export function endWith({ source }, value) {
    source.ended(value);
}
/** Takes a step; see {@link Step.take}. */
export function takeStep(step, task) {
    const taken = step.take(task);
    if (taken === true || taken === false)
        return taken;
    throw noOutcome(step, taken);
}
function noOutcome(step, given) {
    disown(given);
    const expected = "true, or false if the step only joined a queue";
    const what = labelOf(step.fact());
    return new TypeError(`${what}: take gave ${inWords(given)}, expected ${expected}`);
}
/**
 * Says what is wrong with what a task yields and is no step. Without the star of
 * `yield*` it is a generator; the compiler sees that, JavaScript does not.
 */
export function lookAtYielded(task, yielded) {
    return notAStep(task, yielded);
}
/** Calls a function. */
export function callOut(call) {
    return call();
}
/** Calls a function with an argument. */
export function callOutWith(call, argument) {
    return call(argument);
}
