import { drawTree, type Protocol } from "../btree/index.ts";
import type { Fairness } from "../latch/index.ts";
import { type FailureKind, formatSchedule, type Scheduler, taskToken } from "../sim/index.ts";
import { bugNamed } from "./bugs/index.ts";
import { replayScenario } from "./replay-scenario.ts";
import { formatReplay } from "./replay-text.ts";
import type { Scenario } from "./scenario.ts";
import { StoryRecorder } from "./story-recorder.ts";
import { explainFailure, titleOf } from "./story-verdict.ts";
import { numberText } from "./number-text.ts";
import type { ScenarioProgram } from "./scenario-program.ts";

/** How a step of a story ended. */
export type StoryOutcome =
  | "taken"
  /** The latch was not free; the task waits in its queue. */
  | "waits"
  /** The latch that the task was waiting for is its own now. */
  | "granted"
  /** A try-latch did not get it. */
  | "refused"
  /** The run ended before the task could take the step. */
  | "wants";

/** One step of one task, with what the task did before it paused again. */
export interface StoryRow {
  /** Counted from 1; null for a step that the run ended without. */
  readonly step: number | null;
  readonly task: number;
  /** The operation it belongs to, by its index in {@link Story.operations}. */
  readonly operation: number;
  /** Whether it is the operation's first step. */
  readonly isFirst: boolean;
  readonly outcome: StoryOutcome;
  /** `S`, `try S`, `X`, `upgrade to X`. */
  readonly mode: string;
  readonly page: number;
  /** What the page was at that moment: `leaf [20,30)`. */
  readonly role: string;
  /** What the page is to the protocol: `child`, `left sibling`. */
  readonly site: string;
  /** For a leaf latched to be read, what is in it then: `[10,20]`. */
  readonly sees: string | null;
  /** For a step that waits: the tasks in its way. */
  readonly behind: readonly number[];
  /** The latch orders that asking for this breaks, and what is held against them. */
  readonly breaks: readonly string[];
  /** What the task changed in the tree before its next step. */
  readonly changes: readonly string[];
  /** The operations that ended before its next step. */
  readonly ended: readonly number[];
  /** The latches the task holds afterwards, oldest first: `S0`, `X4`. */
  readonly holds: readonly string[];
  /** What the task must wait for next, where that is not a step of its own. */
  readonly blocked: string | null;
  /** What went wrong in the code that ran before the next step. */
  readonly fails: string | null;
  /** Whether another task took over next though this one could have gone on. */
  readonly isPreempted: boolean;
}

/** One operation of a story. */
export interface StoryOperation {
  readonly task: number;
  /** `insert 15`. */
  readonly text: string;
  /** Its first and last step, counted from 1; null if it never began, or never ended. */
  readonly firstStep: number | null;
  readonly lastStep: number | null;
  /** `-> absent`; null if it did not end. */
  readonly result: string | null;
}

/** The account of one run: everything a reader needs to see why it failed. */
export interface Story {
  /** What the run is guilty of, or null if it went well. */
  readonly kind: FailureKind | null;
  /** The failure in one line. */
  readonly title: string;
  readonly protocol: string;
  readonly bug: { readonly id: string; readonly title: string } | null;
  readonly capacity: number;
  readonly fairness: Fairness;
  readonly pageSize: number;
  /** The tree before the run and when it ended, a line a level. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** How schedules and columns name each task. */
  readonly tasks: readonly string[];
  readonly operations: readonly StoryOperation[];
  readonly rows: readonly StoryRow[];
  /** Rows left out after the first {@link Story.rows}, of a run too long to tell. */
  readonly rowsLeftOut: number;
  readonly steps: number;
  readonly preemptions: number;
  /** The violated rule and its evidence, in words. */
  readonly why: readonly string[];
  /** The first step at which a replayed schedule did not fit the scenario, or null. */
  readonly drift: number | null;
  /** `LW1:...`, for `latchwork replay`. */
  readonly replay: string;
}

/**
 * Runs a scenario once more under a schedule, and tells what happens.
 *
 * @param own Protocols of one's own that the scenario may name.
 * @throws LatchworkError for a scenario or schedule that cannot be read.
 */
export function tellStory(
  scenario: Scenario,
  schedule: string,
  own: readonly Protocol[] = [],
): Story {
  let before: readonly string[] = [];
  let recorder: StoryRecorder | null = null;
  const listen = (scheduler: Scheduler, program: ScenarioProgram): void => {
    before = drawing(program);
    recorder = new StoryRecorder(scheduler, program);
  };
  const run = replayScenario(scenario, schedule, listen, own);
  const { scheduler, program, failure, drift } = run;
  const { rows, rowsLeftOut, operations, breaches } = StoryRecorder.finished(recorder);
  const made = formatSchedule(scheduler.schedule);
  return {
    kind: failure?.kind ?? null,
    title: failure === null ? "nothing went wrong in this run" : titleOf(failure, breaches),
    protocol: scenario.protocol,
    bug: scenario.bug === null ? null : bugOf(scenario.bug),
    capacity: scenario.capacity,
    fairness: scenario.fairness,
    pageSize: scenario.pageSize,
    before,
    after: drawing(program),
    tasks: scenario.tasks.map((_, task) => taskToken(task)),
    operations,
    rows,
    rowsLeftOut,
    steps: scheduler.steps,
    preemptions: scheduler.preemptions,
    why: failure === null ? [] : explainFailure(failure, scheduler, { rows, operations, breaches }),
    drift,
    replay: formatReplay(scenario, made),
  };
}

/** The operations of each task in a few words, as a heading: `insert 15 then get 20`. */
export function taskHeadings(story: Story): string[] {
  return story.tasks.map((token, task) => {
    const own = story.operations.filter((operation) => operation.task === task);
    return `${token}: ${own.map(({ text }) => text).join(" then ")}`;
  });
}

function bugOf(id: string): { id: string; title: string } {
  const bug = bugNamed(id);
  return { id: bug.id, title: bug.title };
}

function drawing(program: ScenarioProgram): string[] {
  return drawTree(program.pages(), numberText).split("\n");
}
