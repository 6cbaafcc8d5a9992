import type { Protocol } from "../../btree/index.ts";
import {
  type Failure,
  type Scheduler,
  type SliceRecorder,
  stepsInWords,
  switchText,
  taskToken,
} from "../../sim/index.ts";
import { ScenarioRuns } from "../program/index.ts";
import type { Scenario } from "../scenario/index.ts";
import type { StoryOperation } from "./rows.ts";

/** What a failure depends on. Steps are counted from 1, as in the rows. */
export interface StoryCauses {
  /** The steps on which it depends, by happens-before. */
  readonly slice: readonly number[];
  /** The same by whose they are: `a 1-3, b 4`. */
  readonly sliceText: string;
  /** The last choice at which another decision avoids the failure; null for none. */
  readonly switch: StorySwitch | null;
  /** Whether the switch was looked for at every choice; not so in runs of thousands of steps. */
  readonly isSwitchSought: boolean;
}

/** The one switch that matters. */
export interface StorySwitch {
  /** The step that is taken there, or that draws a value. */
  readonly step: number;
  /** What was done, and what avoids the failure. */
  readonly text: string;
}

/** Of a run that went well. */
export const NO_CAUSES: StoryCauses = {
  slice: [],
  sliceText: "",
  switch: null,
  isSwitchSought: true,
};

/**
 * Finds out what the failure of a run depends on: the slice from what was recorded of the run, the
 * switch by running the scenario with other decisions.
 *
 * @param scheduler Has just made the run.
 */
export function causesOf(
  failure: Failure,
  scheduler: Scheduler,
  recorder: SliceRecorder,
  operations: readonly StoryOperation[],
  { scenario, own }: { readonly scenario: Scenario; readonly own: readonly Protocol[] },
): StoryCauses {
  const { schedule, preemptions } = scheduler;
  const slice = recorder.sliceOf(failure, rootSteps(failure, operations));
  const tasks = schedule.filter((decision) => decision >= 0);
  const runs = new ScenarioRuns(scenario, own);
  const search = runs.switchOf({ failureKind: failure.kind, schedule, preemptions });
  return {
    slice: slice.steps.map((step) => step + 1),
    sliceText: stepsInWords(slice, (step) => tasks[step], 1),
    switch: search.found === null ? null : storySwitch(search.found),
    isSwitchSought: search.isComplete,
  };
}

function storySwitch(found: Parameters<typeof switchText>[0]): StorySwitch {
  const isDrawn = typeof found.taken === "number";
  const step = isDrawn ? Math.max(found.step, 1) : found.step + 1;
  return { step, text: switchText(found, (task) => taskToken(task), 1) };
}

/** Where the operations ended that the failure is about, as steps from 0. */
function rootSteps({ about = [] }: Failure, operations: readonly StoryOperation[]): number[] {
  return about.flatMap((index) => {
    const last = index === null ? null : (operations[index]?.lastStep ?? null);
    return last === null || last === 0 ? [] : [last - 1];
  });
}
