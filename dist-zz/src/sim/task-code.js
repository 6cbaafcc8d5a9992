import { disown, inWords, labelOf, yetToRun } from "../task/index.js";
import { nameWithOperation } from "./sim-task.js";
/**
 * Checks what was given as the code of a task.
 *
 * @throws TypeError saying what to write, for what is no generator.
 */
export function mustBeCode(task, code) {
    if (typeof code?.next === "function")
        return;
    disown(code);
    const advice = yetToRun(code) === "a promise"
        ? "write function* without async, or, in a program of your own, sim.asyncTask"
        : "write function* in place of function, or * before the name of a method";
    const found = `its function gives ${inWords(code)}, expected a generator`;
    throw new TypeError(`${nameOf(task)}: ${found}; ${advice}`);
}
/** What is wrong if a task yields a value that is no step. */
export function notAStep(task, yielded) {
    if (yetToRun(task.code) === "an async generator") {
        disown(yielded);
        return new TypeError(`${nameOf(task)}: its function is an async generator; write function* without async`);
    }
    disown(yielded);
    const what = `${inWords(yielded)}${adviceOn(yielded)}`;
    const where = task.step === null
        ? "before its first step"
        : `after its step ${task.stepsTaken} (${labelOf(task.step.fact())})`;
    return new TypeError(`${nameOf(task)} yields what is no step, ${where}: ${what}`);
}
function adviceOn(yielded) {
    if (yielded === undefined)
        return "; what releases (unlock, release) is a plain call, without yield";
    if (typeof yielded === "function")
        return "; it has to be called";
    switch (yetToRun(yielded)) {
        case "a generator":
            return "; it needs yield*";
        case "a promise":
        case "an async generator":
            return "; a generator task awaits nothing";
        case null:
            return "";
    }
}
function nameOf({ source }) {
    return nameWithOperation(source.name, source.describe());
}
