/**
 * Counts options so that 0 is the one that costs no preemption, and the others follow in order; a
 * crash comes last.
 *
 * Search that tries low ranks first, or numbers that shrink towards 0, then prefer quiet runs.
 */
export function optionAtRank(point, rank) {
    const current = point.currentIndex;
    const crash = point.crashIndex;
    if (crash >= 0 && rank === point.count - 1)
        return crash;
    if (current >= 0 && rank === 0)
        return current;
    // Options in order, without those two; what is before them keeps its place.
    let option = current < 0 ? rank : rank - 1;
    const [lower, upper] = current < crash ? [current, crash] : [crash, current];
    if (lower >= 0 && option >= lower)
        option++;
    if (upper >= 0 && option >= upper)
        option++;
    return option;
}
