import type { HuntResult } from "../hunt/index.ts";
import { boundsText, unseenOrders } from "../sim/index.ts";
import { counted, grouped, rounded } from "./output.ts";

/** Says how much a hunt explored, in one line: never "no bug" without it. */
export function describeCoverage(result: HuntResult, seconds: number): string {
  const { verdict, scenarios } = result;
  const isClean = verdict.finding === null;
  // Once something was found, most of the time went into shrinking it.
  const rate = isClean && seconds > 0 ? [`${grouped(verdict.runs / seconds)} schedules/s`] : [];
  const parts = [
    counted(verdict.runs, "schedule"),
    counted(verdict.distinctOrders, "distinct interleaving"),
    ...(scenarios > 1 && isClean ? [unseenText(result)] : []),
    ...(scenarios > 1 ? [counted(scenarios, "random scenario")] : []),
    // What the last strategies did says nothing of the scenarios before theirs.
    ...(scenarios > 1 || !isClean ? ["sampled"] : boundsText(verdict.coverage)),
    ...rate,
  ];
  return parts.join(", ") + (verdict.interrupted ? ", interrupted" : "");
}

/** About the interleavings of the scenarios drawn that no schedule was of. */
function unseenText({ verdict }: HuntResult): string {
  return `at least about ${rounded(unseenOrders(verdict).atLeast)} unseen (Chao1)`;
}
