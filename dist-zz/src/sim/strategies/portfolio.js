import { createPrng } from "../../task/index.js";
import { parseStrategy } from "./parse-strategy.js";
/**
 * What is explored with by default. No strategy wins everywhere: depth-first finds what needs few
 * preemptions in few tasks, PCT what needs few ordering constraints in many, URW what needs many
 * tasks to be in one place, and the random walk what the others' models do not foresee.
 */
export const DEFAULT_PORTFOLIO = ["dfs:2", "random", "pct2", "pct3", "urw"];
/** Makes the default strategies, each with a generator of its own, so none disturbs another. */
export function defaultPortfolio(seed) {
    return DEFAULT_PORTFOLIO.map((name) => parseStrategy(name, createPrng(`${seed}/${name}`)));
}
