export { ReductionStrategy, type ReductionCounts } from "./reduction-strategy.ts";
export type { GivenUp, ReductionObserver, Refused } from "./observer.ts";
