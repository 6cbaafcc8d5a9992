import type { ChoicePoint } from "../strategy.ts";

/**
 * Counts options so that 0 is the one that costs no preemption, and the others follow in order.
 *
 * Search that tries low ranks first, or numbers that shrink towards 0, then prefer quiet runs.
 */
export function optionAtRank(point: ChoicePoint, rank: number): number {
  const current = point.currentIndex;
  if (current < 0) return rank;
  if (rank === 0) return current;
  return rank <= current ? rank - 1 : rank;
}
