/**
 * Two protocols side by side: the same operations under one schedule, as far as both can follow it.
 *
 * Invariants:
 * 1. Both runs are real, and go to their ends.
 * 2. What differs first is found by comparing steps, not by what the protocols are known to do.
 *
 * Left out: measuring. How long a protocol takes is the business of the benchmarks.
 */
export { ComparePanel } from "./compare-panel.tsx";
export { type Comparison, nameOf, pictureAt, type Side } from "./comparison.ts";
