import { heldOf, inWords, LatchworkError, mustBeFunction } from "../task/index.js";
import { CheckRun, checkGivenBySetup } from "./final-check.js";
import { Simulation } from "./simulation.js";
/** A program given by a setup function, which is called anew for each run. */
export class SetupProgram {
    #setup;
    #start;
    #allowsAsync;
    #simulation = null;
    #check = null;
    #isChecked = false;
    /**
     * @param allowsAsync Whether the run's driver can run async functions.
     * @throws LatchworkError BAD_ARGUMENT if the setup is no function.
     */
    constructor(setup, start = "bare", allowsAsync = false) {
        mustBeFunction("setup", setup, "a function that is given a simulation");
        this.#setup = setup;
        this.#allowsAsync = allowsAsync;
        this.#start = start;
    }
    begin(scheduler) {
        const simulation = new Simulation(scheduler, this.#allowsAsync);
        this.#simulation = simulation;
        this.#isChecked = false;
        const check = checkGivenBySetup(this.#setup(simulation));
        this.#check = check === null ? null : new CheckRun(check, this.#allowsAsync);
        simulation.startTasks(this.#start);
    }
    atRest(scheduler) {
        if (this.#check === null || this.#isChecked)
            return false;
        this.#isChecked = true;
        // What is still held is reported instead of what the check would make of it.
        if (this.#stillHeld(scheduler) !== null)
            return false;
        return this.#check.begin(scheduler);
    }
    finish(scheduler) {
        return this.#stillHeld(scheduler);
    }
    async finishAsync() {
        return this.#check === null ? null : this.#check.end();
    }
    /** @throws LatchworkError BAD_ARGUMENT if the setup does not say. */
    digest() {
        const digest = this.#simulation?.digestNow() ?? null;
        if (typeof digest === "string")
            return digest;
        const advice = "call sim.digest in the setup, with a function that gives the state as a text";
        throw new LatchworkError("BAD_ARGUMENT", `digest: found ${inWords(digest)}; ${advice}`);
    }
    describeObject(objectId) {
        return this.#simulation?.describeObject(objectId) ?? `#${objectId}`;
    }
    #stillHeld(scheduler) {
        for (const { id, source } of scheduler.tasks) {
            const held = scheduler.orderGraph.heldBy(id)[0];
            if (held === undefined)
                continue;
            const what = heldOf(held.fact(), this.describeObject(held.objectId));
            return {
                kind: "latch-held",
                message: `${source.name} ended and still holds ${what}`,
                task: id,
            };
        }
        return null;
    }
}
