import type { Verdict } from "./explore.ts";

/** What the orders that were seen say of those that were not. */
export interface UnseenOrders {
  /**
   * About how many there are at least, by Chao1: f1 (f1 - 1) / (2 (f2 + 1)), times (n - 1) / n, of
   * n schedules, where f1 orders were seen once and f2 twice.
   */
  readonly atLeast: number;
  /** How likely one more schedule is of a new order, by Good and Turing: f1 / n. */
  readonly newShare: number;
}

/** The part of a verdict that counts orders. */
export type OrderCounts = Pick<Verdict, "runs" | "ordersSeenOnce" | "ordersSeenTwice">;

/**
 * Estimates the orders that schedules did not show, as species are estimated that a sample of
 * animals did not show. It takes the schedules for a sample, each drawn as the others were; what
 * strategies learn from one run for the next, and what depth-first search leaves out, makes it less
 * right. Of several scenarios it is about those that were drawn. O(1).
 *
 * References: Chao, "Nonparametric estimation of the number of classes in a population" (Scand. J.
 * Stat. 11, 1984); Good, "The population frequencies of species" (Biometrika 40, 1953).
 */
export function unseenOrders({
  runs,
  ordersSeenOnce: once,
  ordersSeenTwice: twice,
}: OrderCounts): UnseenOrders {
  if (runs === 0) return { atLeast: 0, newShare: 0 };
  const pairs = once < 2 ? 0 : (once * (once - 1)) / (2 * (twice + 1));
  return { atLeast: ((runs - 1) / runs) * pairs, newShare: once / runs };
}
