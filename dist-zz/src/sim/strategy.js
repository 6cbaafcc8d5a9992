/** What `choose` and `segmentRan` give to end the run here, unfinished and unjudged. */
export const ABANDON = Symbol("abandon the run");
/** The coverage of a strategy that samples and promises nothing. */
export function sampledCoverage(strategy) {
    return {
        strategy,
        exhausted: false,
        preemptionBound: null,
        runProbability: null,
        allRunsProbability: null,
        schedules: null,
    };
}
