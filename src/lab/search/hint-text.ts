import { taskToken } from "../../sim/index.ts";
import { counted } from "./words.ts";

/** The hint where the run is still on the way of a failing schedule that is known. */
export function knownText(decision: number): string {
  return `On the shortest way to a failure that is known, ${decisionText(decision)}.`;
}

/** The hint where a failing run was found from here. */
export function foundText(decision: number | null, runs: number): string {
  const next = decision === null ? "it goes on by itself" : decisionText(decision);
  return `From here a failing run was found, after ${counted(runs, "run")}: ${next}.`;
}

/** The hint where none was found. */
export function noneText(runs: number, isAll: boolean): string {
  return isAll
    ? `From here nothing fails: every way to go on was run, ${counted(runs, "run")}.`
    : `From here no failure was found in ${counted(runs, "run")}. That proves nothing.`;
}

/** The hint where nothing is left to decide. */
export function overText(hasFailed: boolean): string {
  return hasFailed ? "The run is over: it has failed." : "The run is over: it went well.";
}

/** The hint where the decisions so far are none of this scenario. */
export function strayedText(): string {
  return "The decisions so far do not fit this scenario.";
}

function decisionText(decision: number): string {
  return decision < 0 ? `the value ${~decision} is drawn` : `${taskToken(decision)} goes next`;
}
