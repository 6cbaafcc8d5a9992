import {
  coverageText,
  type Retelling,
  type RunOptions,
  type SimulationVerdict,
  titleOf,
} from "../sim/index.ts";
import { printable } from "../task/index.ts";

/** A failing run, told, and how to make it again. */
export interface Found {
  readonly verdict: SimulationVerdict;
  readonly told: Retelling;
  /** The function that replays it. */
  readonly call: "replay" | "replayAsync";
  readonly options: RunOptions;
}

/** What is said where races were found: what happened, how, how to see it again, what was run. */
export function foundText({ verdict, told, call, options }: Found): string {
  const { finding } = verdict;
  const failure = told.failure ?? finding?.failure ?? null;
  // The rest of the message ends the story.
  const lines = [
    failure === null ? "" : titleOf(failure),
    "story:",
    ...told.story.trimEnd().split("\n"),
    `replay: ${replayText(call, told.schedule, options)}`,
    `found by ${finding?.strategy ?? ""} after ${coverageText(verdict)}`,
  ];
  return lines.map(printable).join("\n");
}

/** The line that shows the run again, with the options without which it would be another. */
function replayText(call: string, schedule: string, options: RunOptions): string {
  const { releaseSteps, stepsMax, start } = options;
  const kept = JSON.stringify({ releaseSteps, stepsMax, start });
  const rest = kept === "{}" ? "" : `, ${kept}`;
  return `${call === "replay" ? "" : "await "}${call}(setup, ${JSON.stringify(schedule)}${rest})`;
}

/** What is said where none were found. */
export function cleanText(verdict: SimulationVerdict): string {
  return `no races found in ${coverageText(verdict)}`;
}
