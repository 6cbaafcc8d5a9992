import { EXCLUSIVE, type GuardOwner, LatchGuard, modeLetter } from "../../latch/index.ts";
import {
  describeBreach,
  type Failure,
  linesOf,
  type Scheduler,
  type SimTask,
  taskToken,
  Trace,
} from "../../sim/index.ts";
import { assert, deedOf, type LatchworkError, type Step, type TaskId } from "../../task/index.ts";
import { drawnLines, drawnTree, type DrawnTree } from "../../btree/index.ts";
import { CrashProgram, OperationSource, pageName, type ScenarioProgram } from "../program/index.ts";
import { DurableRecorder } from "./durable-recorder.ts";
import { needText, wishText } from "./durable-steps.ts";
import { formatOperation, numberText } from "../scenario/index.ts";
import { describeOutcome } from "../judge/index.ts";
import {
  emptyRow,
  type LatchRow,
  type Open,
  type PlainRow,
  type StartRow,
  type StoryOperation,
  type StoryOutcome,
  type StoryRow,
} from "./rows.ts";
import { PageWatch } from "./page-watch.ts";
import { listedOnce } from "./listed-once.ts";
import { errorText } from "./error-text.ts";

/** Most rows that are kept: the first of them, and as many of the last. */
const ROWS_KEPT_EACH = 200;

/** Listens to one run, step by step, and records what a story says of it. */
export class StoryRecorder {
  readonly rows: Open<StoryRow>[] = [];
  readonly operations: readonly Open<StoryOperation>[];
  /** Rows taken out of the middle of a run too long to keep. */
  rowsLeftOut = 0;
  /** The tree before the first step, a line a level. */
  before: readonly string[] = [];
  /** The same as data. */
  drawnBefore: DrawnTree = [];
  /** Breaches of the latch order, in words that were right at the moment they happened. */
  readonly breaches: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #program: ScenarioProgram;
  readonly #durable: DurableRecorder | null;
  readonly #trace = new Trace();
  #watches: readonly PageWatch[] | null = null;
  readonly #owners = new Map<TaskId, GuardOwner>();
  /** By task: the orders that its pending step breaks. */
  readonly #breaks = new Map<TaskId, string[]>();
  #preemptions = 0;
  /** How many events there were before the last step. */
  #events = 0;

  /** Begins to listen. Requires: the run has not begun. */
  constructor(scheduler: Scheduler, program: ScenarioProgram) {
    this.#scheduler = scheduler;
    this.#program = program;
    this.#durable = program instanceof CrashProgram ? new DurableRecorder(program) : null;
    this.operations = program.history.records.map(({ task, operation }) => ({
      task,
      text: formatOperation(operation),
      firstStep: null,
      lastStep: null,
      result: null,
      acknowledged: null,
    }));
    scheduler.trace = this.#trace;
    scheduler.onStep = (task, step) => this.#stepping(task, step);
  }

  /** Ends a recording, with what the run left undone. */
  static finished(recorder: StoryRecorder | null): StoryRecorder {
    assert(recorder !== null, "a replay calls its prepare function");
    recorder.#end();
    return recorder;
  }

  #stepping(task: SimTask, step: Step | null): void {
    this.#look();
    this.#addStepless();
    const last = this.rows.at(-1);
    const { preemptions, steps } = this.#scheduler;
    if (last !== undefined) {
      this.#settle(last);
      last.isPreempted = preemptions > this.#preemptions;
    }
    this.#preemptions = preemptions;
    this.#events = this.#trace.length;
    const row = this.#rowFor(task, step, steps);
    if (row === null) return;
    const operation = this.operations[row.operation];
    if (task.isFresh) row.isFirst = true;
    if (task.isFresh && operation !== undefined) operation.firstStep = steps;
    this.#add(row);
  }

  /** Begins to watch the tree where there is one, and gives that up where there is none. */
  #look(): void {
    if (!this.#program.isOpen) this.#watches = null;
    else if (this.#watches === null) {
      this.#watches = this.#program.trees().map((tree) => new PageWatch(tree));
      if (this.rows.length > 0) return;
      this.before = drawingOf(this.#program);
      this.drawnBefore = drawnOf(this.#program);
      this.#durable?.begin();
    }
  }

  #rowFor(task: SimTask, step: Step | null, at: number): Open<StoryRow> | null {
    const isOperation = task.source instanceof OperationSource;
    if (step instanceof LatchGuard && isOperation) {
      return this.#rowOf(task, step, at, outcomeOf(step));
    }
    if (step === null) return null;
    const isPlain = this.#durable === null || step.fact().kind === "page-read-optimistic";
    if (isPlain && isOperation) return this.#plainRow(task, step, at);
    return this.#durable?.rowOf(task, step, at) ?? null;
  }

  /** Before the first step of all: the operations that have ended and took none. */
  #addStepless(): void {
    if (this.rows.length > 0) return;
    const { history } = this.#program;
    for (const { index, task } of history.records) {
      if (!history.hasReturned(index)) continue;
      const row = startRow(task, index, this.#scheduler.steps);
      row.ended = this.#noteEnded(row);
      this.rows.push(row);
    }
  }

  /** Writes down what a task did since its step was taken. */
  #settle(row: Open<StoryRow>): void {
    if (row.kind === "start") return;
    row.changes = [...this.#pageChanges(), ...(this.#durable?.changes() ?? [])];
    row.holds = row.kind === "crash" ? [] : this.#holdsOf(row.task);
    row.ended = row.kind === "crash" ? [] : this.#noteEnded(row);
    row.faults = this.#durable?.faults() ?? [];
    this.#noteOutcome(row);
    if (row.kind === "latch" || row.kind === "plain") this.#noteBreaches(row.task as TaskId);
    else this.#settleDurable(row);
    const pending = this.#scheduler.tasks[row.task]?.step ?? null;
    if (pending === null) return;
    if (row.outcome === "waits") row.behind = this.#blockersOf(row.task, pending);
    else if (!pending.isEnabled(row.task as TaskId)) row.blocked = this.#wish(row.task, pending);
  }

  #pageChanges(): string[] {
    const watches = this.#watches;
    if (watches === null || !this.#program.isOpen) return [];
    return this.#program.trees().flatMap((tree, i) => watches[i]?.changes(tree) ?? []);
  }

  /** What the step came to, which may be something else than what it looked like before. */
  #noteOutcome(row: Open<StoryRow>): void {
    // A step that breaks a rule while it is taken leaves no event.
    const event = this.#trace.length > this.#events ? this.#trace.at(this.#events) : null;
    if (event?.outcome === "queued") row.outcome = "waits";
    else if (event !== null && row.kind === "plain") {
      row.fact = event.fact;
      row.text = deedOf(event.fact, this.#program.describeObject(event.objectId));
    }
    if (event?.outcome !== "failed") return;
    row.outcome = "fails";
    const fault = this.#scheduler.lastFault;
    if (fault?.step === row.step) row.fault = describeFault(fault.error);
  }

  #settleDurable(row: Open<StoryRow>): void {
    const pending = this.#scheduler.tasks[row.task]?.step ?? null;
    if (row.outcome === "waits" && pending !== null) this.#durable?.queued(pending);
    if (row.kind === "crash") {
      row.acknowledged = this.operations.flatMap(({ acknowledged }, i) =>
        acknowledged === null ? [] : [i],
      );
      row.cut = this.#noteCut(row.step);
    }
    this.#durable?.settle(row);
    if (row.kind === "recovery" && row.report.length > 0) row.tree = drawingOf(this.#program);
  }

  #noteBreaches(task: TaskId): void {
    const { breaches } = this.#scheduler;
    for (const breach of breaches.slice(this.breaches.length)) {
      this.breaches.push(describeBreach(this.#scheduler, breach, taskToken(task)));
      const rule = `order rule broken: ${breach.rule} (page ${breach.held})`;
      this.#breaks.set(task, [...(this.#breaks.get(task) ?? []), rule]);
    }
  }

  #noteEnded(row: Open<StoryRow>): readonly number[] {
    const ended: number[] = [];
    const { history } = this.#program;
    for (const record of history.records) {
      const operation = this.operations[record.index];
      if (operation === undefined || record.task !== row.task || operation.result !== null)
        continue;
      if (!history.hasReturned(record.index) && !record.isCut) continue;
      operation.result = describeOutcome(record).slice(operation.text.length + 1);
      operation.lastStep = row.step;
      if (!record.isCut) operation.acknowledged = this.#durable?.acknowledged(record) ?? null;
      ended.push(record.index);
    }
    return ended;
  }

  /** The operations that a crash has cut off. */
  #noteCut(step: number | null): readonly number[] {
    const cut: number[] = [];
    for (const record of this.#program.history.records) {
      const operation = this.operations[record.index];
      if (operation === undefined || operation.result !== null || !record.isCut) continue;
      operation.result = describeOutcome(record).slice(operation.text.length + 1);
      operation.lastStep = step;
      cut.push(record.index);
    }
    return cut;
  }

  #end(): void {
    this.#scheduler.onStep = null;
    this.#look();
    this.#addStepless();
    const last = this.rows.at(-1);
    if (last !== undefined) this.#settle(last);
    const { failure } = this.#scheduler;
    if (failure === null) return;
    const { forgotten } = failure;
    if (failure.task !== null && failure.cycle === undefined) {
      const row = last?.task === failure.task ? last : this.#failedAtStart(failure.task);
      if (row !== null) row.fails = this.#described(failure);
    }
    if (forgotten !== undefined) this.#addLast(forgotten, "can go on, but nobody has woken it");
    for (const { task } of failure.cycle ?? []) this.#addLast(task, null);
    this.#showGates();
  }

  /** Where a task waits for a gate, a reader has to see who went in. */
  #showGates(): void {
    if (!this.rows.some((row) => row.kind === "durable" && isWaiting(row))) return;
    for (const row of this.rows) {
      if (row.kind === "durable" && row.fact.kind === "gate-enter") row.isQuiet = false;
    }
  }

  /** The row of an operation that failed before its first step; null if the task has none. */
  #failedAtStart(id: TaskId): Open<StoryRow> | null {
    const source = this.#scheduler.tasks[id]?.source;
    if (!(source instanceof OperationSource)) return null;
    const row = startRow(id, source.currentRecord.index, this.#scheduler.steps);
    this.#add(row);
    return row;
  }

  /** What went wrong, in the column of the task to blame. */
  #described({ message, forgotten }: Failure): string {
    if (forgotten !== undefined) return `wakes nobody: ${taskToken(forgotten)} could go on`;
    const [first = ""] = linesOf(message);
    return errorText(first);
  }

  /** Adds a row for a step that the run ended without, if it says anything new. */
  #addLast(id: TaskId, fails: string | null): void {
    const task = this.#scheduler.tasks[id];
    const step = task?.step ?? null;
    if (task === undefined || step === null) return;
    const isShownAlready =
      step instanceof LatchGuard ? step.state !== "wanted" : !step.isEnabled(id);
    if (fails === null && isShownAlready) return;
    const row =
      step instanceof LatchGuard
        ? this.#rowOf(task, step, null, "wants")
        : (this.#durable?.lastRow(task, step) ?? this.#plainRow(task, step, null));
    row.outcome = fails === null ? "wants" : "waits";
    row.fails = fails;
    row.behind = this.#blockersOf(id, step);
    row.holds = this.#holdsOf(id);
    this.#add(row);
  }

  /** The tasks in the way of a step. */
  #blockersOf(task: number, step: Step): number[] {
    const found: TaskId[] = [];
    step.collectBlockers(task as TaskId, found);
    return [...new Set(found)];
  }

  #rowOf(
    task: SimTask,
    step: LatchGuard,
    at: number | null,
    outcome: StoryOutcome,
  ): Open<LatchRow> {
    this.#owners.set(task.id, step.owner);
    const breaks = this.#breaks.get(task.id) ?? [];
    this.#breaks.delete(task.id);
    const waits = outcome === "waits" || outcome === "wants";
    const { source } = task;
    return {
      kind: "latch",
      ...emptyRow(task.id, at),
      fact: step.fact(),
      operation: source instanceof OperationSource ? source.currentRecord.index : -1,
      outcome,
      mode: modeIn(step),
      page: step.latch.id,
      partition: this.#program.partitionOf(step.objectId),
      role: this.#program.roleOf(step.objectId),
      site: step.site,
      sees: this.#seenThrough(step, outcome),
      isRead: step.state === "fetching",
      behind: waits ? this.#blockersOf(task.id, step) : [],
      breaks,
    };
  }

  #plainRow(task: SimTask, step: Step, at: number | null): Open<PlainRow> {
    const fact = step.fact();
    const name = this.#program.describeObject(step.objectId);
    const text = at === null ? wishText(fact, name) : deedOf(fact, name);
    const row: Open<PlainRow> = { kind: "plain", ...emptyRow(task.id, at), fact, text };
    const { source } = task;
    if (source instanceof OperationSource) row.operation = source.currentRecord.index;
    return row;
  }

  #seenThrough(step: LatchGuard, outcome: StoryOutcome): string | null {
    const isReading = step.mode !== EXCLUSIVE && (outcome === "taken" || outcome === "granted");
    if (!isReading) return null;
    const partition = this.#program.partitionOf(step.objectId) ?? 0;
    return this.#watches?.[partition]?.leafText(step.latch.id) ?? null;
  }

  #holdsOf(task: number): string[] {
    const held = this.#owners.get(task as TaskId)?.held ?? [];
    return listedOnce(
      held.map((guard) => `${modeLetter(guard.heldMode)}${this.#nameOf(guard)}`),
      () => "(again)",
    );
  }

  /** What a task must wait for next, and behind whom. */
  #wish(task: number, step: Step): string | null {
    const behind = this.#blockersOf(task, step).map((id) => taskToken(id as TaskId));
    const wish =
      step instanceof LatchGuard
        ? wishOf(step, this.#nameOf(step), this.#program.roleOf(step.objectId))
        : needText(step.fact(), this.#program.describeObject(step.objectId));
    return behind.length === 0 ? wish : `${wish}, behind ${behind.join(" and ")}`;
  }

  #nameOf({ objectId, latch }: LatchGuard): string {
    return pageName(this.#program.partitionOf(objectId), latch.id);
  }

  #add(row: Open<StoryRow>): void {
    this.rows.push(row);
    if (this.rows.length <= 2 * ROWS_KEPT_EACH) return;
    // Crashes are what parts a story; they stay.
    const dropped = this.rows.findIndex((one, i) => i >= ROWS_KEPT_EACH && one.kind !== "crash");
    this.rows.splice(dropped, 1);
    this.rowsLeftOut++;
  }
}

function startRow(task: number, operation: number, at: number): Open<StartRow> {
  return { kind: "start", ...emptyRow(task, at), operation, isFirst: true };
}

/** The tree as it is now, a line a level; the trees of partitions one below the other. */
export function drawingOf(program: ScenarioProgram): string[] {
  if (!program.isOpen) return ["(the database is not open)"];
  return program.trees().flatMap(({ partition, pages }) => {
    const drawn = drawnLines(drawnTree(pages, numberText));
    const lines = drawn.length > 0 ? drawn : ["(its root is no page of a tree)"];
    if (partition === null) return lines;
    return [`partition ${partition}:`, ...lines.map((line) => `  ${line}`)];
  });
}

/** The same as data; empty where there is no tree to draw. */
export function drawnOf(program: ScenarioProgram): DrawnTree {
  if (!program.isOpen) return [];
  return program.trees().flatMap(({ pages }) => drawnTree(pages, numberText));
}

/** What a latch request waits for: a latch that is not free, or the page itself. */
function wishOf(step: LatchGuard, name: string, role: string): string {
  const page = `page ${name} (${role})`;
  return step.state === "fetching" ? `${page} to be read in` : `${modeIn(step)} ${page}`;
}

/** What the world did to a step, in one line. */
function describeFault({ code, message }: LatchworkError): string {
  return `${code}: ${errorText(message)}`;
}

function isWaiting({ outcome }: StoryRow): boolean {
  return outcome === "waits" || outcome === "wants";
}

/** `S`, `try S`, `upgrade to X`. */
export function modeIn(step: LatchGuard): string {
  const letter = modeLetter(step.mode);
  if (step.isUpgrade) return `upgrade to ${letter}`;
  return step.isTry ? `try ${letter}` : letter;
}

function outcomeOf(step: LatchGuard): StoryOutcome {
  if (step.state === "granted") return "granted";
  if (step.latch.canGrant(step)) return "taken";
  return step.isTry ? "refused" : "waits";
}
