import { assert, deedOf, intentOf, wishOf } from "../task/index.ts";
import type { SliceRecorder } from "./causal-slice.ts";
import { hiddenFailure } from "./explore.ts";
import { type Failure, linesOf, placeLinesOf, titleOf } from "./failure.ts";
import { formatSchedule, type Schedule, taskToken } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Trace, TraceEvent } from "./trace.ts";

/** One run, reported in full. */
export interface Retelling {
  /** What went wrong, or what a run that went well shows all the same, as a verdict has it. */
  readonly failure: Failure | null;
  readonly steps: number;
  /** Where the run could not follow the schedule, in words, or null if it did to the end. */
  readonly drift: string | null;
  /** One line a step, by names, for people; then what went wrong, and where in the code. */
  readonly story: string;
  /**
   * The lines of the story on which the failure depends, by happens-before; empty if there is no
   * failure.
   */
  readonly slice: string;
  /** One line an event, by numbers: the same bytes for the same run everywhere. */
  readonly trace: string;
  /** The decisions that were made. */
  readonly schedule: string;
}

/**
 * Reports the run that a scheduler has just made, and how it differs from the schedule wanted.
 * Requires: the run was traced.
 *
 * @param recorder Has listened to the run.
 */
export function retell(scheduler: Scheduler, wanted: Schedule, recorder: SliceRecorder): Retelling {
  const { trace } = scheduler;
  assert(trace !== null, "a run that is retold was traced");
  const failure = scheduler.failure ?? hiddenFailure(scheduler);
  const lines = linesOfStory(scheduler, trace);
  const steps = failure === null ? [] : recorder.sliceOf(failure).steps;
  return {
    failure,
    steps: scheduler.steps,
    drift: describeDrift(scheduler, wanted),
    story: lines.join("") + (failure === null ? "" : endOf(scheduler, failure)),
    slice: steps.map((step) => lines[step] ?? "").join(""),
    trace: trace.toText(),
    schedule: formatSchedule(scheduler.schedule),
  };
}

function describeDrift(scheduler: Scheduler, wanted: Schedule): string | null {
  const made = scheduler.schedule;
  const length = Math.max(made.length, wanted.length);
  for (let i = 0; i < length; i++) {
    if (made[i] === wanted[i]) continue;
    const found = sayDecision(scheduler, made[i]);
    const expected = sayDecision(scheduler, wanted[i]);
    return `decision ${i}: expected ${expected}, found ${found}`;
  }
  return null;
}

function sayDecision(scheduler: Scheduler, decision: number | undefined): string {
  if (decision === undefined) return "the end";
  if (decision < 0) return `the value ${~decision}`;
  const name = scheduler.tasks[decision]?.source.name ?? "no such task";
  return `task ${taskToken(decision)} (${name})`;
}

function linesOfStory(scheduler: Scheduler, trace: Trace): string[] {
  const names = scheduler.tasks.map((task) => task.source.name);
  const width = Math.max(0, ...names.map((name) => name.length));
  const lines: string[] = [];
  for (let i = 0; i < trace.length; i++) {
    const event = trace.at(i);
    const { objectId } = event;
    const object = objectId < 0 ? "" : scheduler.program.describeObject(objectId);
    const name = (names[event.task] ?? "").padEnd(width);
    lines.push(`${String(i).padStart(4)}  ${name}  ${sayEvent(event, object)}\n`);
  }
  return lines;
}

function sayEvent({ fact, outcome }: TraceEvent, object: string): string {
  if (outcome === "queued") return `waits ${wishOf(fact, object)}`;
  if (outcome === "failed") return `tries to ${intentOf(fact, object)} (fails)`;
  return deedOf(fact, object);
}

/** What went wrong, as the end of a story. */
function endOf(scheduler: Scheduler, failure: Failure): string {
  const { task, message } = failure;
  const who = task === null ? "" : ` in ${scheduler.tasks[task]?.source.name ?? "no task"}`;
  const [, ...more] = linesOf(message);
  const places = placeLinesOf(failure).map((line) => `  ${line}`);
  const lines = [titleOf(failure, who), ...more, ...places];
  return lines.map((line, i) => `${i === 0 ? "!! " : "   "}${line}\n`).join("");
}
