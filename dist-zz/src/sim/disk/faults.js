import { optionNames, refuseUnknownOptions, refuseUnknownName } from "../../task/index.js";
const FAULTS = [
    "read error",
    "corrupted read",
    "write error",
    "no space",
    "failed sync",
    "replaced directory",
];
const OPTION_NAMES = optionNames({
    kinds: true,
    oneIn: true,
    most: true,
    slowMs: true,
    canStick: true,
});
const ONE_IN_DEFAULT = 16;
/** Decides which request meets which fault: drawn from the schedule, or planned by a test. */
export class Faults {
    isArmed = false;
    /** Whether some request has met a fault since the run began. */
    hasStruck = false;
    /** Called with each fault as it is made, for stories. */
    onFault = null;
    /** Whether a request may hang for ever, as the options say, unless that was changed since. */
    canStick;
    #options;
    #choose;
    #made = 0;
    #wasPlanned = false;
    #planned = [];
    constructor(options, choose) {
        refuseUnknownOptions("faults", options, OPTION_NAMES);
        for (const kind of options.kinds ?? [])
            refuseUnknownName("a fault", kind, FAULTS);
        this.#options = options;
        this.canStick = options.canStick ?? false;
        this.#choose = choose;
    }
    /** Starts anew: no fault was made, none is planned. */
    reset() {
        this.#made = 0;
        this.hasStruck = false;
        this.#planned = [];
    }
    plan(fault, name) {
        refuseUnknownName("a fault", fault, FAULTS);
        this.#planned.push({ fault, name });
    }
    /** Whether a request that is carried out now may meet a fault. */
    get canStrike() {
        if (this.#planned.length > 0)
            return true;
        const { kinds = [], most = 1 } = this.#options;
        return this.isArmed && kinds.length > 0 && this.#made < most;
    }
    /** Whether a request made now may be delayed. */
    get canDelay() {
        const { slowMs = [], most = 1 } = this.#options;
        return this.isArmed && (slowMs.length > 0 || this.canStick) && this.#made < most;
    }
    /** The fault that a request on a file meets, one of those that it can meet, or null. */
    faultOf(possible, name) {
        const fault = this.#decide(possible, name);
        if (fault === null)
            return null;
        this.hasStruck = true;
        this.onFault?.(fault, name);
        return fault;
    }
    #decide(possible, name) {
        const planned = this.#planned.find((one) => possible.includes(one.fault) && (one.name === null || one.name === name));
        this.#wasPlanned = planned !== undefined;
        if (planned !== undefined) {
            this.#planned = this.#planned.filter((one) => one !== planned);
            return planned.fault;
        }
        const kinds = this.#options.kinds ?? [];
        return this.#draw(possible.filter((fault) => kinds.includes(fault))) ?? null;
    }
    /** By how much a request is delayed, in milliseconds; infinite if it is stuck. */
    delayMs() {
        const { slowMs = [] } = this.#options;
        return this.#draw(this.canStick ? [...slowMs, Number.POSITIVE_INFINITY] : slowMs) ?? 0;
    }
    /** Draws a number for the details of the fault just drawn; 0 for one that was planned. */
    detail(count) {
        return count > 1 && !this.#wasPlanned ? this.#choose(count) : 0;
    }
    #draw(outcomes) {
        const { oneIn = ONE_IN_DEFAULT, most = 1 } = this.#options;
        if (!this.isArmed || outcomes.length === 0 || this.#made >= most)
            return undefined;
        const drawn = this.#choose(Math.max(oneIn, outcomes.length + 1));
        // 0 is that all goes well, as are the numbers left over.
        const outcome = outcomes[drawn - 1];
        if (outcome !== undefined)
            this.#made++;
        return outcome;
    }
}
