import { createPrng, disown, inWords, LatchworkError, mustBeFunction, optionNames, refuseUnknownOptions, } from "../task/index.js";
import { defaultPortfolio, parseStrategy } from "./strategies/index.js";
const NAMES = optionNames({
    releaseSteps: true,
    stepsMax: true,
    start: true,
    strategy: true,
    runs: true,
    seed: true,
    shouldStop: true,
    keepGoing: true,
    checkDeterminism: true,
});
const FLAGS = ["releaseSteps", "keepGoing", "checkDeterminism"];
const STARTS = ["bare", "spawn"];
const RUNS_DEFAULT = 1000;
const SEED_DEFAULT = 1;
/** How much to explore. */
export function budgetOf({ runs, shouldStop, keepGoing = false }) {
    const stopping = shouldStop === undefined ? {} : { shouldStop };
    return { runsMax: runs ?? RUNS_DEFAULT, keepGoing, ...stopping };
}
/** The scheduler's part of the options. */
export function schedulerOptionsOf({ releaseSteps, stepsMax }) {
    return {
        ...(releaseSteps === undefined ? {} : { releaseSteps }),
        ...(stepsMax === undefined ? {} : { stepsMax }),
    };
}
/**
 * The strategies that take turns.
 *
 * @throws LatchworkError UNKNOWN_NAME for a name that is none.
 */
export function strategiesOf({ strategy, seed = SEED_DEFAULT, }) {
    if (strategy === undefined)
        return defaultPortfolio(seed);
    const given = isList(strategy) ? strategy : [strategy];
    return given.map((one) => typeof one === "string" ? parseStrategy(one, createPrng(`${seed}/${one}`)) : one);
}
/**
 * Checks the options of an exploration, or of a replay, which may be given the same.
 *
 * @throws LatchworkError BAD_ARGUMENT in one line, for an unknown option too.
 */
export function checkOptions(options) {
    if (typeof options !== "object" || options === null) {
        throw bad("options", "an object", options);
    }
    refuseUnknownOptions("a simulation", options, NAMES);
    checkCount("runs", options.runs);
    checkCount("stepsMax", options.stepsMax);
    const { start, shouldStop, seed } = options;
    if (start !== undefined && !STARTS.includes(start))
        throw bad("start", '"bare" or "spawn"', start);
    if (shouldStop !== undefined)
        mustBeFunction("shouldStop", shouldStop, "a function");
    if (seed !== undefined && !["string", "number"].includes(typeof seed)) {
        throw bad("seed", "a text or a number", seed);
    }
    for (const flag of FLAGS) {
        const given = options[flag];
        if (given !== undefined && typeof given !== "boolean")
            throw bad(flag, "true or false", given);
    }
}
function checkCount(name, given) {
    if (given === undefined || (Number.isSafeInteger(given) && given >= 1))
        return;
    throw bad(name, "a whole number from 1", given);
}
function bad(name, expected, found) {
    disown(found);
    return new LatchworkError("BAD_ARGUMENT", `${name}: expected ${expected}, found ${inWords(found)}`);
}
function isList(given) {
    return Array.isArray(given);
}
