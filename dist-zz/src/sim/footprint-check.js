import { labelOf, ACCESS_COMMUTE, ACCESS_READ, createPrng, inWords, LatchworkError, } from "../task/index.js";
import { nameOfOwnObject } from "./own-objects.js";
import { taskToken } from "./schedule.js";
import { areIndependent } from "./segment.js";
import { ReplayStrategy } from "./strategies/exact-replay.js";
/**
 * Looks for shared accesses that nobody has declared.
 *
 * The program is run once, under a strategy. Wherever two neighbouring segments of two tasks touch
 * nothing in common, or only in ways that commute, they are swapped and the run is replayed: every
 * task must do the same, and the run must end in the same state and with the same history. If not,
 * at least one of the two has touched something that its footprint does not show, and whatever
 * counts interleavings or leaves some out would be wrong about it.
 *
 * A problem is always one of the program's; none found is no proof. O(pairs swapped × run).
 *
 * @throws LatchworkError BAD_ARGUMENT if the program cannot give its state: see `Program.digest`.
 */
export function checkFootprints(scheduler, program, strategy, options = {}) {
    const { swapsMax = 20, seed = 1 } = options;
    const segments = segmentsOf(scheduler, program, strategy);
    const { schedule } = scheduler;
    const expected = outcomeOf(scheduler, program);
    const pairs = independentPairs(segments);
    const drawn = draw(pairs, swapsMax, seed);
    let swaps = 0;
    for (const [first, second] of drawn) {
        swaps++;
        const difference = differenceIn(scheduler, program, swapped(schedule, first, second), expected);
        if (difference === null)
            continue;
        const problem = "two segments that declare nothing in common do not commute:\n" +
            `  ${describe(program, first)}\n  ${describe(program, second)}\n  swapped, ${difference}`;
        return { pairs: pairs.length, swaps, problem };
    }
    return { pairs: pairs.length, swaps, problem: null };
}
function segmentsOf(scheduler, program, strategy) {
    const segments = [];
    const before = scheduler.onSegment;
    scheduler.onSegment = (segment) => segments.push(segment);
    try {
        strategy.beginRun();
        strategy.endRun(scheduler.run(program, strategy));
    }
    finally {
        scheduler.onSegment = before;
    }
    return segments;
}
function outcomeOf(scheduler, program) {
    const digest = program.digest?.();
    if (typeof digest !== "string") {
        const message = `program: digest gave ${inWords(digest)}; expected its state as a text`;
        throw new LatchworkError("BAD_ARGUMENT", message);
    }
    return { failure: scheduler.failure?.kind ?? "no failure", digest };
}
function independentPairs(segments) {
    const pairs = [];
    for (let i = 1; i < segments.length; i++) {
        const first = segments[i - 1];
        const second = segments[i];
        if (first === undefined || second === undefined || second.isAfterTime)
            continue;
        if (first.endDecision !== second.firstDecision)
            continue;
        if (areIndependent(first, second))
            pairs.push([first, second]);
    }
    return pairs;
}
/** Some of the items, each at most once, in the order in which they were drawn. */
function draw(items, countMax, seed) {
    const prng = createPrng(seed);
    const left = [...items];
    const drawn = [];
    while (drawn.length < countMax && left.length > 0) {
        drawn.push(...left.splice(prng.below(left.length), 1));
    }
    return drawn;
}
function swapped(schedule, first, second) {
    return [
        ...schedule.slice(0, first.firstDecision),
        ...schedule.slice(second.firstDecision, second.endDecision),
        ...schedule.slice(first.firstDecision, first.endDecision),
        ...schedule.slice(second.endDecision),
    ];
}
/** How the run of a schedule differs from what it should come to; null if it does not. */
function differenceIn(scheduler, program, schedule, expected) {
    const strategy = new ReplayStrategy(schedule);
    strategy.beginRun();
    scheduler.run(program, strategy);
    const drift = strategy.driftOf(scheduler.schedule);
    if (drift !== null)
        return `the run goes another way from step ${drift} on`;
    if (scheduler.schedule.length !== schedule.length)
        return "the run takes more steps";
    const found = outcomeOf(scheduler, program);
    if (found.failure !== expected.failure) {
        return `the run ends with ${found.failure}, expected ${expected.failure}`;
    }
    return firstDifference(found.digest, expected.digest);
}
function firstDifference(found, expected) {
    if (found === expected)
        return null;
    const lines = found.split("\n");
    const others = expected.split("\n");
    const at = lines.findIndex((line, i) => line !== others[i]);
    const what = at < 0 ? "(nothing)" : lines[at];
    return `the run ends with ${what}, expected ${others[Math.max(at, 0)] ?? "(nothing)"}`;
}
function describe(program, segment) {
    const touched = segment.footprint.map(({ objectId, access }) => {
        const name = nameOfOwnObject(objectId) ?? program.describeObject(objectId);
        return `${accessWord(access)} ${name === "" ? `#${objectId}` : name}`;
    });
    const what = touched.length === 0 ? "nothing" : touched.join(", ");
    const who = `step ${segment.stepIndex} of ${taskToken(segment.task)}`;
    return `${who} (${labelOf(segment.fact)}): ${what}`;
}
function accessWord(access) {
    if (access === ACCESS_READ)
        return "reads";
    return access === ACCESS_COMMUTE ? "adds to" : "writes";
}
