import type { HuntResult } from "../hunt/index.ts";
import type { Coverage } from "../sim/index.ts";
import { counted, grouped } from "./output.ts";

/** Says how much a hunt explored, in one line: never "no bug" without it. */
export function describeCoverage(result: HuntResult, seconds: number): string {
  const { verdict, scenarios } = result;
  const isClean = verdict.finding === null;
  // Once something was found, most of the time went into shrinking it.
  const rate = isClean && seconds > 0 ? [`${grouped(verdict.runs / seconds)} schedules/s`] : [];
  const parts = [
    counted(verdict.runs, "schedule"),
    counted(verdict.distinctOrders, "distinct interleaving"),
    ...(scenarios > 1 ? [counted(scenarios, "random scenario")] : []),
    ...describeBounds(verdict.coverage, scenarios, isClean),
    ...rate,
  ];
  return parts.join(", ") + (verdict.interrupted ? ", interrupted" : "");
}

function describeBounds(all: readonly Coverage[], scenarios: number, isClean: boolean): string[] {
  // What the last strategies did says nothing of the scenarios before theirs.
  if (scenarios > 1 || !isClean) return ["sampled"];
  const exhausted = all.filter((one) => one.exhausted);
  if (exhausted.some((one) => one.preemptionBound === null)) return ["exhausted"];
  const bounds = exhausted.map((one) => one.preemptionBound ?? 0);
  const parts =
    bounds.length === 0
      ? ["sampled"]
      : [`every one with at most ${counted(Math.max(...bounds), "preemption")}`];
  return [...parts, ...all.flatMap(describeProbability)];
}

/** Sampling is never certain, however the numbers round. */
const PERCENT_MOST = 99.9;

/** What PCT promises: how likely the runs made were to show a bug of its depth. */
function describeProbability(one: Coverage): string[] {
  const { strategy, allRunsProbability } = one;
  if (allRunsProbability === null || allRunsProbability <= 0) return [];
  const percent = Math.min(Math.floor(allRunsProbability * 1000) / 10, PERCENT_MOST);
  return [`PCT bound ${percent}% for depth ${strategy.replace(/^pct/, "")}`];
}
