import { createPrng, optionNames, refuseUnknownOptions } from "../task/index.js";
import { checkFootprints } from "./footprint-check.js";
import { Scheduler } from "./scheduler.js";
import { SetupProgram } from "./setup-program.js";
import { RandomStrategy } from "./strategies/random.js";
const OPTION_NAMES = optionNames({
    runs: true,
    swapsMax: true,
    seed: true,
    releaseSteps: true,
});
/**
 * Looks in a program for what its tasks share without a step: see {@link checkFootprints}. The
 * setup says by `sim.digest` what a run has come to.
 *
 * @throws LatchworkError BAD_ARGUMENT if it does not, or for an option that there is not.
 */
export function findUndeclared(setup, options = {}) {
    refuseUnknownOptions("findUndeclared", options, OPTION_NAMES);
    const { runs = 20, swapsMax = 20, seed = 1, releaseSteps = false } = options;
    const scheduler = new Scheduler({ releaseSteps });
    const program = new SetupProgram(setup);
    const strategy = new RandomStrategy(createPrng(seed));
    let pairs = 0;
    let swaps = 0;
    for (let run = 0; run < runs; run++) {
        const report = checkFootprints(scheduler, program, strategy, { swapsMax, seed: seed + run });
        pairs += report.pairs;
        swaps += report.swaps;
        if (report.problem !== null)
            return { pairs, swaps, problem: report.problem };
    }
    return { pairs, swaps, problem: null };
}
