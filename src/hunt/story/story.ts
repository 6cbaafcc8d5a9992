import type { Protocol } from "../../btree/index.ts";
import type { Fairness } from "../../latch/index.ts";
import {
  type FailureKind,
  formatSchedule,
  type Schedule,
  type Scheduler,
  SliceRecorder,
  taskToken,
} from "../../sim/index.ts";
import { bugNamed } from "../bugs/index.ts";
import { type ReplayRule, replayScenario, type ScenarioProgram } from "../program/index.ts";
import { formatReplay, formatSettings, type Scenario } from "../scenario/index.ts";
import { causesOf, NO_CAUSES, type StoryCauses } from "./causes.ts";
import { drawingOf, drawnOf, StoryRecorder } from "./story-recorder.ts";
import type { StoryOperation, StoryRow } from "./rows.ts";
import { explainFailure, storyTitleOf } from "./evidence.ts";
import { treeLegend } from "./tree-legend.ts";

/** The account of one run: everything a reader needs to see why it failed. */
export interface Story {
  /** The kind of the failure, or null if the run went well. */
  readonly kind: FailureKind | null;
  /** The failure in one line. */
  readonly title: string;
  readonly protocol: string;
  readonly bug: { readonly id: string; readonly title: string } | null;
  readonly capacity: number;
  readonly fairness: Fairness;
  readonly pageSize: number;
  /** For a scenario on a disk, its settings: `crashes 1`, `pool 8`. */
  readonly disk: readonly string[] | null;
  /** The tree before the run and when it ended, a line a level. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** How to read the two drawings. */
  readonly legend: readonly string[];
  /** How schedules and columns name each task. */
  readonly tasks: readonly string[];
  readonly operations: readonly StoryOperation[];
  readonly rows: readonly StoryRow[];
  /** Rows left out after the first {@link Story.rows}, of a run too long to show. */
  readonly rowsLeftOut: number;
  readonly steps: number;
  readonly preemptions: number;
  /** The violated rule and its evidence, in words. */
  readonly why: readonly string[];
  /** What the failure depends on; nothing, if the run went well. */
  readonly causes: StoryCauses;
  /** The first step at which a replayed schedule did not fit the scenario, or null. */
  readonly drift: number | null;
  /** `LW1:...`, for `latchwork replay`. */
  readonly replay: string;
}

/**
 * Runs a scenario once more under a schedule, and records what happens.
 *
 * @param schedule As a text or as parsed.
 * @param own Protocols of one's own that the scenario may name.
 * @param rule What becomes of a schedule that does not fit: that of another protocol is followed
 *   loosely.
 * @throws LatchworkError for a scenario or schedule that cannot be read.
 */
export function tellStory(
  scenario: Scenario,
  schedule: string | Schedule,
  own: readonly Protocol[] = [],
  rule: ReplayRule = "exact",
): Story {
  let recorder: StoryRecorder | null = null;
  let slices: SliceRecorder | null = null;
  const listen = (scheduler: Scheduler, program: ScenarioProgram): void => {
    recorder = new StoryRecorder(scheduler, program);
    slices = new SliceRecorder(scheduler);
  };
  const run = replayScenario(scenario, schedule, listen, own, rule);
  const { scheduler, program, failure, drift } = run;
  const recorded = StoryRecorder.finished(recorder);
  const { before, rows, rowsLeftOut, operations, breaches } = recorded;
  const made = formatSchedule(scheduler.schedule);
  return {
    kind: failure?.kind ?? null,
    title: failure === null ? "nothing went wrong in this run" : storyTitleOf(failure, breaches),
    protocol: scenario.protocol,
    bug: scenario.bug === null ? null : bugOf(scenario.bug),
    capacity: scenario.capacity,
    fairness: scenario.fairness,
    pageSize: scenario.pageSize,
    disk: scenario.durability === undefined ? null : formatSettings(scenario.durability),
    before,
    after: drawingOf(program),
    legend: treeLegend([recorded.drawnBefore, drawnOf(program)]),
    tasks: tasksOf(scenario),
    operations,
    rows,
    rowsLeftOut,
    steps: scheduler.steps,
    preemptions: scheduler.preemptions,
    why: failure === null ? [] : explainFailure(failure, scheduler, { rows, operations, breaches }),
    causes:
      failure === null || slices === null
        ? NO_CAUSES
        : causesOf(failure, scheduler, slices, operations, { scenario, own }),
    drift,
    replay: formatReplay(scenario, made),
  };
}

/** The operations of a task in a few words, as a heading: `a: insert 15 then get 20`. */
export function taskHeading(story: Story, task: number): string {
  const own = story.operations.filter((operation) => operation.task === task);
  return `${story.tasks[task] ?? ""}: ${own.map(({ text }) => text).join(" then ")}`;
}

/** Also crashes and recoveries, which are tasks to the schedule, and the tasks after them. */
function tasksOf({ tasks, durability }: Scenario): string[] {
  const more = durability === undefined ? 0 : 2 * durability.crashes + durability.after.length;
  return Array.from({ length: tasks.length + more }, (_, task) => taskToken(task));
}

function bugOf(id: string): { id: string; title: string } {
  const bug = bugNamed(id);
  return { id: bug.id, title: bug.title };
}
