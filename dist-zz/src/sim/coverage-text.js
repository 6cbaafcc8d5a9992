/** Sampling is never certain, however the numbers round. */
const PERCENT_MOST = 99.9;
/** Says how much an exploration of one program ran, in one line: never "no bug" without it. */
export function coverageText(verdict) {
    const { runs, distinctOrders, coverage, finding, interrupted } = verdict;
    const parts = [
        `${grouped(runs)} schedule${runs === 1 ? "" : "s"}`,
        `${grouped(distinctOrders)} distinct interleaving${distinctOrders === 1 ? "" : "s"}`,
        // What was found ended the exploration before its time.
        ...(finding === null ? boundsText(coverage) : []),
        ...(interrupted ? ["interrupted"] : []),
    ];
    return parts.join(", ");
}
/** What strategies that were not stopped early promise of the runs that they did not make. */
export function boundsText(coverage) {
    const exhausted = coverage.filter((one) => one.exhausted);
    if (exhausted.some((one) => one.preemptionBound === null))
        return ["exhausted"];
    const bound = Math.max(-1, ...exhausted.map((one) => one.preemptionBound ?? 0));
    const most = `${grouped(bound)} preemption${bound === 1 ? "" : "s"}`;
    const parts = bound < 0 ? ["sampled"] : [`every one with at most ${most}`];
    return [...parts, ...coverage.flatMap(probabilityText)];
}
/** What PCT promises: how likely the runs made were to show a bug of its depth. */
function probabilityText({ bugDepth, allRunsProbability }) {
    if (allRunsProbability === null || allRunsProbability <= 0)
        return [];
    const percent = Math.min(Math.floor(allRunsProbability * 1000) / 10, PERCENT_MOST);
    return [`PCT bound ${percent}% for depth ${bugDepth ?? "?"}`];
}
function grouped(count) {
    return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
