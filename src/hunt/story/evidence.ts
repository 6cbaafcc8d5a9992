import { LatchGuard } from "../../latch/index.ts";
import {
  type CycleMember,
  type Failure,
  type FailureKind,
  linesOf,
  placeLinesOf,
  type Scheduler,
  taskToken,
  titleOf,
} from "../../sim/index.ts";
import { heldOf, type Step, type TaskId } from "../../task/index.ts";
import { errorText } from "./error-text.ts";
import { wishText } from "./durable-steps.ts";
import { modeIn } from "./story-recorder.ts";
import type { LatchRow, StoryOperation, StoryRow } from "./rows.ts";
import { listedOnce } from "./listed-once.ts";

/** What is known of a run when its failure is explained. */
export interface Evidence {
  readonly rows: readonly StoryRow[];
  readonly operations: readonly StoryOperation[];
  /** Breaches of the latch order, as they were described when they happened. */
  readonly breaches: readonly string[];
}

/** A failure in one line that begins with its kind. */
export function storyTitleOf(failure: Failure, breaches: readonly string[]): string {
  const [breach] = breaches;
  const isOfOrder = failure.kind === "latch-order" && breach !== undefined;
  return errorText(titleOf(isOfOrder ? { ...failure, message: breach } : failure));
}

/**
 * Says which rule a failure broke, and shows the evidence: for a deadlock its cycle, with where
 * and when each latch was taken; for anything else the lines of the failure after its title.
 */
export function explainFailure(
  failure: Failure,
  scheduler: Scheduler,
  { rows, operations, breaches }: Evidence,
): string[] {
  const evidence =
    failure.cycle === undefined
      ? withSteps(failure, operations)
      : cycleLines(failure.cycle, scheduler, rows);
  // The first breach of a run that shows nothing worse is its title.
  const orders = failure.kind === "latch-order" ? breaches.slice(1) : breaches;
  const often = listedOnce(orders, (times) => `(${times} times)`);
  const lines = [...evidence, ...often, ...crashLines(failure, rows)].map(errorText);
  return [ruleOf(failure, scheduler), ...lines, ...placeLinesOf(failure)];
}

function ruleOf({ kind, cycle }: Failure, scheduler: Scheduler): string {
  if (cycle === undefined) return RULES[kind];
  if (cycle.length === 1) return "no task may wait for what only it can bring about";
  const isOfLatches = cycle.every(({ task }) => scheduler.tasks[task]?.step instanceof LatchGuard);
  return isOfLatches
    ? RULES[kind]
    : "each of these tasks waits for what only the next can bring about";
}

const RULES: Readonly<Record<FailureKind, string>> = {
  deadlock: "each of these tasks waits for a latch that only the next can release",
  "potential-deadlock":
    "no two tasks may latch the same pages in opposite orders, even if they get away with it",
  "latch-order": "a task that holds a latch may wait only for one that its latch order puts later",
  stuck: "a task that waits must be woken by another",
  "lost-wakeup": "a task that waits must be woken as soon as it can go on",
  livelock: "every operation must end once all tasks get their fair share of steps",
  "latch-held": "an operation that ends must hold no latch",
  "double-release": "a latch is released once by the task that holds it",
  "latch-misuse": "a page may be used only while its latch is held",
  "freed-page": "nobody may still be on the way to a page when it is freed",
  "broken-tree": "once all tasks have ended, the tree must pass its check",
  "not-linearizable":
    "some order of the operations that keeps those in order which did not overlap must explain all",
  "wrong-result": "a result must be one that some order of the operations could give",
  "not-durable":
    "what was acknowledged survives a crash, what was cut off is there as a whole or not at all, " +
    "and nothing else is",
  "not-recovered": "after a crash the database must open again",
  exception: "an operation must end without an exception",
  escape: "a task may wait only for what the simulator gives it",
  nondeterminism: "the same schedule must give the same run",
};

/** For what a crash has taken or broken: what it left. */
function crashLines({ kind }: Failure, rows: readonly StoryRow[]): string[] {
  if (kind !== "not-durable" && kind !== "not-recovered") return [];
  return rows.flatMap((row) => {
    if (row.kind !== "crash") return [];
    const found = [...row.survived, ...row.found].join("; ");
    return [`  crash ${row.crash}, at step ${row.step}: ${found}`];
  });
}

/**
 * Adds to each line about an operation the steps it took from its first to its last, and
 * what a write was acknowledged on.
 */
function withSteps(failure: Failure, operations: readonly StoryOperation[]): string[] {
  const [, ...lines] = linesOf(failure.message);
  return lines.map((line, i) => {
    const operation = operations[failure.about?.[i] ?? -1];
    if (operation === undefined || operation.result === null) return line;
    const { firstStep, lastStep, acknowledged } = operation;
    const rendered =
      firstStep === null
        ? `${line}, without a step`
        : `${line}, from step ${firstStep} to ${lastStep}`;
    if (acknowledged === null) return rendered;
    const { durableLsn, endLsn } = acknowledged;
    const rest = durableLsn < endLsn ? `, of ${endLsn}` : "";
    return `${rendered}, acknowledged when the log counted as durable to ${durableLsn}${rest}`;
  });
}

function cycleLines(
  cycle: readonly CycleMember[],
  scheduler: Scheduler,
  rows: readonly StoryRow[],
): string[] {
  return cycle.flatMap(({ task: id }, i) => {
    const task = scheduler.tasks[id];
    const step = task?.step ?? null;
    if (task === undefined || step === null) return [];
    const name = (object: number): string => scheduler.program.describeObject(object);
    const next = cycle[(i + 1) % cycle.length]?.task ?? id;
    const inTheWay = next === id ? "it is in its own way" : `${taskToken(next)} is in the way`;
    const who = `${taskToken(id)} (${task.source.describe()})`;
    const held = heldBy(scheduler, id, step).map((one) => {
      const object = name(one.objectId);
      const taken = one instanceof LatchGuard ? rowOfTaking(rows, id, one.objectId) : null;
      if (taken === null) return `  holds ${heldOf(one.fact(), object)}`;
      return `  holds ${taken.mode} on ${object}, taken as ${taken.site} at step ${taken.step}`;
    });
    return [`${who} waits ${wishOf(step, name(step.objectId))}: ${inTheWay}`, ...held];
  });
}

function wishOf(step: Step, name: string): string {
  if (!(step instanceof LatchGuard)) return wishText(step.fact(), name);
  return `for ${modeIn(step)} on ${name}, as ${step.site}`;
}

/** What a task holds: places inside gates, and its latches, those of pages it made as well. */
function heldBy(scheduler: Scheduler, id: TaskId, step: Step): Step[] {
  const held = scheduler.orderGraph.heldBy(id);
  if (!(step instanceof LatchGuard)) return [...held];
  return [...held.filter((one) => !(one instanceof LatchGuard)), ...step.owner.held];
}

/** The row in which a task got a latch that it still holds, or null if no row shows it. */
function rowOfTaking(rows: readonly StoryRow[], task: number, object: number): LatchRow | null {
  const row = rows.findLast(
    (one): one is LatchRow =>
      one.kind === "latch" &&
      one.task === task &&
      one.fact.objectId === object &&
      (one.outcome === "taken" || one.outcome === "granted"),
  );
  return row ?? null;
}
