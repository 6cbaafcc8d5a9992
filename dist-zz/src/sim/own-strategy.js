import { disown, inWords, LatchworkError, mustBeThere } from "../task/index.js";
const METHODS = ["beginRun", "choose", "endRun", "coverage"];
/**
 * Checks the strategies of an exploration, which may be anyone's own.
 *
 * @throws LatchworkError BAD_ARGUMENT in one line.
 */
export function mustBeStrategies(given) {
    if (!Array.isArray(given)) {
        disown(given);
        throw bad(`strategies: expected a list, found ${inWords(given)}`);
    }
    if (given.length === 0)
        throw bad("strategy: expected at least one, found an empty list");
    for (const one of given)
        mustBeStrategy(one);
}
/** Prepares a strategy's next run; false if it has nothing left to explore. */
export function begins(strategy) {
    const begun = strategy.beginRun();
    if (typeof begun === "boolean")
        return begun;
    disown(begun);
    throw bad(`strategy ${strategy.name}: beginRun gave ${inWords(begun)}; ` +
        "expected true, or false if nothing is left");
}
/** What a strategy has explored so far. */
export function coverageOf(strategy) {
    const coverage = strategy.coverage();
    mustBeThere(`strategy ${strategy.name}: coverage`, coverage, "expected what is known by now");
    return coverage;
}
function mustBeStrategy(given) {
    if (typeof given !== "object" || given === null) {
        throw bad(`strategy: expected a name or a strategy, found ${inWords(given)}`);
    }
    const missing = METHODS.find((method) => typeof Reflect.get(given, method) !== "function");
    if (missing === undefined)
        return;
    disown(given);
    const hint = "generate" in given ? "; of an arbitrary, give what it draws" : "";
    throw bad(`strategy: expected a name or a strategy, found ${inWords(given)} without ${missing}${hint}`);
}
function bad(message) {
    return new LatchworkError("BAD_ARGUMENT", message);
}
