/** How many of the last lengths are remembered, beside the longest of all. */
const LENGTHS_KEPT = 8;
/**
 * When a strategy that samples takes a crash: at a moment drawn before, each as likely as any
 * other.
 *
 * To treat the crash as one task among n would take it with probability 1/n at each step, so that
 * hardly a run got beyond its first steps. The moments of a run are its choices with a crash among
 * the options, and one more once nothing else is left. How many there are is learned from runs in
 * which no crash came before the end, the first of which is made for that. Where runs are not of
 * one length, each is drawn by the length of one of the last such runs, or of the longest, so that
 * neither the late moments of long runs nor the early ones of short runs are starved. A second
 * crash in one run, as during a recovery, has lengths of its own. Draws nothing where there is no
 * crash.
 */
export class CrashMoment {
    #prng;
    /** By how many crashes came before. */
    #lengths = [];
    #ordinal = -1;
    #task = -1;
    #moment = 0;
    #passed = 0;
    #wasTaken = false;
    constructor(prng) {
        this.#prng = prng;
    }
    /** Lower bound on the chance that a run crashes at given moments; 1 if there is no crash. */
    get probability() {
        return this.#lengths.reduce((product, lengths) => product * rarest(lengths), 1);
    }
    /** Prepares the next run. */
    beginRun() {
        this.#ordinal = -1;
        this.#task = -1;
    }
    /** Whether to crash now. To be asked at each choice between tasks, once. */
    isNow(point) {
        if (point.crashIndex < 0)
            return false;
        const task = point.taskAt(point.crashIndex);
        if (task !== this.#task)
            this.#beginNext(task);
        this.#wasTaken = this.#passed++ === this.#moment;
        return this.#wasTaken;
    }
    /** Learns how the run ended. */
    endRun({ failed }) {
        this.#learn(failed);
    }
    #beginNext(task) {
        this.#learn(false);
        this.#task = task;
        this.#ordinal++;
        this.#passed = 0;
        this.#wasTaken = false;
        this.#moment = this.#drawMoment(this.#lengths[this.#ordinal]);
    }
    /** The last moment is the end, wherever this run has it: so a longer run is seen whole too. */
    #drawMoment(lengths) {
        if (lengths === undefined)
            return Number.POSITIVE_INFINITY;
        const [longest] = lengths;
        const isOneLength = lengths.every((length) => length === longest);
        const length = isOneLength ? longest : (lengths[this.#prng.below(lengths.length)] ?? longest);
        const moment = this.#prng.below(length + 1);
        return moment === length ? Number.POSITIVE_INFINITY : moment;
    }
    #learn(wasCut) {
        if (this.#ordinal < 0 || this.#wasTaken)
            return;
        const length = this.#passed;
        const lengths = (this.#lengths[this.#ordinal] ??= [length]);
        // A run that was cut short is only known to be at least so long.
        if (wasCut && lengths[0] >= length)
            return;
        lengths[0] = Math.max(lengths[0], length);
        lengths.push(length);
        if (lengths.length > 1 + LENGTHS_KEPT)
            lengths.splice(1, 1);
    }
}
/** The chance of the moments that are drawn most rarely: the last ones of the longest runs. */
function rarest(lengths) {
    const [longest] = lengths;
    const share = lengths.filter((length) => length === longest).length / lengths.length;
    return share / (longest + 1);
}
/** The option at a place among those that are no crash. */
export function withoutCrash(point, place) {
    return point.crashIndex >= 0 && place >= point.crashIndex ? place + 1 : place;
}
/** How many options are no crash. */
export function othersCount(point) {
    return point.crashIndex < 0 ? point.count : point.count - 1;
}
