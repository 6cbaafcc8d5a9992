import { createPrng } from "../../task/index.ts";
import type { Strategy } from "../strategy.ts";
import { parseStrategy } from "./parse-strategy.ts";

/**
 * What is explored with by default, in the order of their turns. No strategy wins everywhere: SURW
 * finds what depends on a few steps of many tasks, PCT what needs few ordering constraints in long
 * runs, the random walk what the others' models do not foresee, and depth-first search what needs
 * few preemptions in few tasks; its silence proves something. Which they are, and their order, was
 * chosen by measurements: docs/exploration.md has them.
 */
export const DEFAULT_PORTFOLIO: readonly string[] = [
  "surw:writes",
  "pct3",
  "surw",
  "random",
  "dfs:2",
];

/** Makes the default strategies, each with a generator of its own, so none disturbs another. */
export function defaultPortfolio(seed: string | number): Strategy[] {
  return DEFAULT_PORTFOLIO.map((name) => parseStrategy(name, createPrng(`${seed}/${name}`)));
}
