import { createPrng, optionNames, refuseUnknownOptions } from "../task/index.ts";
import { checkFootprints, type FootprintReport } from "./footprint-check.ts";
import { Scheduler } from "./scheduler.ts";
import { type Setup, SetupProgram } from "./setup-program.ts";
import { RandomStrategy } from "./strategies/random.ts";

/** How far {@link findUndeclared} looks; all have defaults. */
export interface FindUndeclaredOptions {
  /** Runs whose neighbouring segments are swapped. Default 20. */
  readonly runs?: number;
  /** Most swaps a run; each is a run of its own. Default 20. */
  readonly swapsMax?: number;
  /** What the schedules and the pairs are drawn from. Default 1. */
  readonly seed?: number;
  /** Whether a release is a step of its own. Default false. */
  readonly releaseSteps?: boolean;
}

const OPTION_NAMES = optionNames<FindUndeclaredOptions>({
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
export function findUndeclared(setup: Setup, options: FindUndeclaredOptions = {}): FootprintReport {
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
    if (report.problem !== null) return { pairs, swaps, problem: report.problem };
  }
  return { pairs, swaps, problem: null };
}
