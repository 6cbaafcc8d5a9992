import { disown, InvariantViolation, inWords, labelOf, LatchworkError, mustHaveRun, Step, yetToRun, } from "../task/index.js";
import { callOut } from "./call-out.js";
import { failureOfCheck } from "./failure.js";
import { OnceSource } from "./once-source.js";
/** A final check on its way through one run. */
export class CheckRun {
    #check;
    #allowsAsync;
    #verdict = null;
    constructor(check, allowsAsync) {
        this.#check = check;
        this.#allowsAsync = allowsAsync;
    }
    /**
     * Calls the check.
     *
     * @returns true if it is a task that is to run now.
     * @throws LatchworkError BAD_ARGUMENT or NEEDS_ASYNC for a check that cannot be run here.
     */
    begin(scheduler) {
        const given = this.#call(scheduler);
        if (given instanceof Step)
            throw refused(`a step (${labelOf(given.fact())}); ${STEP_ADVICE}`);
        switch (yetToRun(given)) {
            case "a generator":
                scheduler.addTask(new CheckSource(given));
                return true;
            case "a promise":
                this.#keep(given);
                return false;
            case "an async generator":
                throw refused("an async generator; write a function, or a generator function");
            case null:
                return false;
        }
    }
    /** What an async check came to, once it has ended; null if it passed, or is none. */
    async end() {
        if (this.#verdict === null)
            return null;
        try {
            mustHaveRunAndPass(await this.#verdict);
            return null;
        }
        catch (error) {
            return failureOfCheck(error);
        }
    }
    #call(scheduler) {
        try {
            const given = callOut(this.#check);
            mustPass(given);
            return given;
        }
        catch (error) {
            scheduler.fail(failureOfCheck(error));
            return undefined;
        }
    }
    #keep(verdict) {
        // Whatever it comes to is looked at later, if at all.
        disown(verdict);
        if (!this.#allowsAsync) {
            throw refused("a promise; an async check needs simulateAsync", "NEEDS_ASYNC");
        }
        this.#verdict = verdict;
    }
}
/** A final check that takes steps, as the last task of a run. */
class CheckSource extends OnceSource {
    isCheck = true;
    #code;
    constructor(code) {
        super("final check");
        this.#code = code;
    }
    ended(value) {
        mustHaveRunAndPass(value);
    }
    code() {
        return this.#code;
    }
}
/** Checks what {@link FinalCheck setups} give. */
export function checkGivenBySetup(given) {
    if (given === undefined || given === null)
        return null;
    if (typeof given === "function")
        return given;
    disown(given);
    throw new LatchworkError("BAD_ARGUMENT", `the setup gives ${inWords(given)}; expected a function for the final check, or nothing: ` +
        SETUP_ADVICE[yetToRun(given) ?? "other"]);
}
const SETUP_ADVICE = {
    "a promise": "a setup is no async function; what awaits goes into sim.asyncTask",
    "a generator": "a setup is no generator function; what takes steps goes into sim.task",
    "an async generator": "a setup is no generator function; what takes steps goes into sim.task",
    other: "put the body of an arrow function into braces",
};
function mustPass(given) {
    if (given === false)
        throw new InvariantViolation("the final check gives false", "wrong-result");
}
function mustHaveRunAndPass(given) {
    mustHaveRun("the final check", given);
    mustPass(given);
}
const STEP_ADVICE = "write a generator function, and yield* before the step";
function refused(found, code = "BAD_ARGUMENT") {
    return new LatchworkError(code, `the final check gives ${found}`);
}
