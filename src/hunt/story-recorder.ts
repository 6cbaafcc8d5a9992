import { LatchGuard, type LatchOwner, modeLetter, SHARED } from "../latch/index.ts";
import { describeBreach, type Scheduler, type SimTask, taskToken } from "../sim/index.ts";
import { assert, type Step, type TaskId } from "../task/index.ts";
import { describeOutcome } from "./outcomes.ts";
import { formatOperation } from "./operation-text.ts";
import type { StoryOperation, StoryOutcome, StoryRow } from "./story.ts";
import { PageWatch } from "./story-pages.ts";
import type { ScenarioProgram } from "./scenario-program.ts";

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Most rows that are kept: the first of them, and as many of the last. */
const ROWS_KEPT_EACH = 200;

/** Listens to one run, step by step, and writes down what a story tells of it. */
export class StoryRecorder {
  readonly rows: Open<StoryRow>[] = [];
  readonly operations: readonly Open<StoryOperation>[];
  /** Rows taken out of the middle of a run too long to keep. */
  rowsLeftOut = 0;
  /** Breaches of the latch order, in words that were right at the moment they happened. */
  readonly breaches: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #program: ScenarioProgram;
  #watch: PageWatch | null = null;
  readonly #owners = new Map<TaskId, LatchOwner>();
  /** By task: the orders that its pending step breaks. */
  readonly #breaks = new Map<TaskId, string[]>();
  #preemptions = 0;

  /** Begins to listen. Requires: the run has not begun. */
  constructor(scheduler: Scheduler, program: ScenarioProgram) {
    this.#scheduler = scheduler;
    this.#program = program;
    this.operations = program.history.records.map(({ task, operation }) => ({
      task,
      text: formatOperation(operation),
      firstStep: null,
      lastStep: null,
      result: null,
    }));
    scheduler.onStep = (task, step) => this.#stepping(task, step);
  }

  /** Ends a recording, with what the run left undone. */
  static finished(recorder: StoryRecorder | null): StoryRecorder {
    assert(recorder !== null, "a replay calls its prepare function");
    recorder.#end();
    return recorder;
  }

  #stepping(task: SimTask, step: Step | null): void {
    this.#watch ??= new PageWatch(this.#program.store);
    const last = this.rows.at(-1);
    const { preemptions, steps } = this.#scheduler;
    if (last !== undefined) {
      this.#settle(last);
      last.isPreempted = preemptions > this.#preemptions;
    }
    this.#preemptions = preemptions;
    if (!(step instanceof LatchGuard)) return;
    const row = this.#rowOf(task, step, steps, outcomeOf(step));
    const operation = this.operations[row.operation];
    if (task.isFresh && operation !== undefined) {
      row.isFirst = true;
      operation.firstStep = steps;
    }
    this.#add(row);
  }

  /** Writes down what a task did since its step was taken. */
  #settle(row: Open<StoryRow>): void {
    row.changes = this.#watch?.changes() ?? [];
    row.holds = this.#holdsOf(row.task);
    row.ended = this.#noteEnded(row);
    this.#noteBreaches(row.task as TaskId);
    const step = this.#scheduler.tasks[row.task]?.step ?? null;
    if (row.outcome === "waits" || !(step instanceof LatchGuard)) return;
    if (step.state === "wanted" && !step.isEnabled(step.owner.taskId)) {
      row.blocked = this.#wish(step);
    }
  }

  #noteBreaches(task: TaskId): void {
    const { breaches } = this.#scheduler;
    for (const breach of breaches.slice(this.breaches.length)) {
      const by = `order rule broken by ${taskToken(task)}:`;
      const told = describeBreach(this.#scheduler, breach);
      this.breaches.push(told.replace("order rule broken:", by));
      const rule = `order rule broken: ${breach.rule} (page ${breach.held})`;
      this.#breaks.set(task, [...(this.#breaks.get(task) ?? []), rule]);
    }
  }

  #noteEnded(row: StoryRow): readonly number[] {
    const ended: number[] = [];
    for (const record of this.#program.history.records) {
      const operation = this.operations[record.index];
      if (operation === undefined || record.task !== row.task || operation.result !== null)
        continue;
      if (!this.#program.history.hasReturned(record.index)) continue;
      operation.result = describeOutcome(record).slice(operation.text.length + 1);
      operation.lastStep = row.step;
      ended.push(record.index);
    }
    return ended;
  }

  #end(): void {
    this.#scheduler.onStep = null;
    const last = this.rows.at(-1);
    if (last !== undefined) this.#settle(last);
    const { failure } = this.#scheduler;
    if (last !== undefined && failure?.task === last.task && failure.cycle === undefined) {
      last.fails = failure.message.split("\n")[0] ?? null;
    }
    for (const member of failure?.cycle ?? []) {
      const task = this.#scheduler.tasks[member.task];
      const step = task?.step;
      if (task === undefined || !(step instanceof LatchGuard) || step.state !== "wanted") continue;
      const row = this.#rowOf(task, step, null, "wants");
      row.holds = this.#holdsOf(task.id);
      this.#add(row);
    }
  }

  #rowOf(
    task: SimTask,
    step: LatchGuard,
    at: number | null,
    outcome: StoryOutcome,
  ): Open<StoryRow> {
    this.#owners.set(task.id, step.owner);
    const name = this.#program.describeObject(step.objectId);
    const breaks = this.#breaks.get(task.id) ?? [];
    this.#breaks.delete(task.id);
    const behind: TaskId[] = [];
    if (outcome === "waits" || outcome === "wants") step.collectBlockers(task.id, behind);
    return {
      step: at,
      task: task.id,
      operation: this.#program.sources[task.id]?.currentRecord.index ?? -1,
      isFirst: false,
      outcome,
      mode: modeIn(step),
      page: step.latch.id,
      role: roleIn(name),
      site: step.site,
      sees: this.#seenThrough(step, outcome),
      behind: [...new Set(behind)],
      breaks,
      changes: [],
      ended: [],
      holds: [],
      blocked: null,
      fails: null,
      isPreempted: false,
    };
  }

  #seenThrough(step: LatchGuard, outcome: StoryOutcome): string | null {
    const isReading = step.mode === SHARED && (outcome === "taken" || outcome === "granted");
    return isReading ? (this.#watch?.leafText(step.latch.id) ?? null) : null;
  }

  #holdsOf(task: number): string[] {
    const held = this.#owners.get(task as TaskId)?.held ?? [];
    return held.map((guard) => `${modeLetter(guard.heldMode)}${guard.latch.id}`);
  }

  #wish(step: LatchGuard): string {
    const name = this.#program
      .describeObject(step.objectId)
      .replace("the meta page", "page 0 (meta)");
    return `${step.label.replace(/^latch /, "")} ${name}`;
  }

  #add(row: Open<StoryRow>): void {
    this.rows.push(row);
    if (this.rows.length <= 2 * ROWS_KEPT_EACH) return;
    this.rows.splice(ROWS_KEPT_EACH, 1);
    this.rowsLeftOut++;
  }
}

/** What a page is, out of its name: `leaf [20,30)`. A root without bounds is just the root. */
function roleIn(name: string): string {
  const role = /\((.*)\)$/.exec(name)?.[1] ?? "meta";
  return role.replace(" [,)", "");
}

function modeIn(step: LatchGuard): string {
  return step.label.replace(/^latch /, "");
}

function outcomeOf(step: LatchGuard): StoryOutcome {
  if (step.state === "granted") return "granted";
  if (step.latch.canGrant(step)) return "taken";
  return step.isTry ? "refused" : "waits";
}
