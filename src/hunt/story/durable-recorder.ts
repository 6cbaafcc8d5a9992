import type { SimTask } from "../../sim/index.ts";
import { assert, type Fact, type Step } from "../../task/index.ts";
import { CONTROL_FILE, type RecoveryReport } from "../../wal/index.ts";
import { type CrashProgram, fileText, OperationSource } from "../program/index.ts";
import type { OperationRecord } from "../judge/index.ts";
import { counted, DiskBefore, redoPosition, whatIsOnDisk } from "./disk-before.ts";
import { describeStep, faultText, wishText } from "./durable-steps.ts";
import {
  type Acknowledged,
  type CrashRow,
  type DurableRow,
  emptyRow,
  type Open,
  type RecoveryRow,
  type StoryRow,
} from "./rows.ts";

/** What a story says of disk, log, crashes and recoveries. */
export class DurableRecorder {
  readonly #program: CrashProgram;
  #endLsn = 0;
  #durableLsn = 0;
  #redoLsn: number | null = null;
  #crashes = 0;
  #wasOpen = true;
  #before: DiskBefore | null = null;
  readonly #queued = new Set<Step>();
  #faults: string[] = [];

  constructor(program: CrashProgram) {
    this.#program = program;
    program.disk.onFault = (what) => this.#faults.push(faultText(what));
  }

  /** What the disk did wrong since this was asked last. */
  faults(): readonly string[] {
    const faults = this.#faults;
    this.#faults = [];
    return faults;
  }

  /** Looks at the log before the first step. */
  begin(): void {
    this.#noteLog();
  }

  /** The row of a step that the run ended without. */
  lastRow(task: SimTask, step: Step): Open<StoryRow> {
    const fact = step.fact();
    const row: Open<DurableRow> = {
      kind: "durable",
      ...emptyRow(task.id, null),
      text: wishText(fact, this.#program.describeObject(step.objectId)),
      fact,
      isQuiet: false,
    };
    const { source } = task;
    if (source instanceof OperationSource) row.operation = source.currentRecord.index;
    return row;
  }

  /** The row of a step that is about to be taken. */
  rowOf(task: SimTask, step: Step, at: number): Open<StoryRow> {
    this.#noteLog();
    const fact = step.fact();
    if (task.source.isCrash === true && fact.kind === "crash") return this.#crashRow(task, at);
    const pageSize = this.#program.store.params.pageSize;
    const name = this.#program.describeObject(step.objectId);
    const durableLsn = this.#program.isOpen ? this.#durableLsn : null;
    const described = { ...describeStep(fact, name, pageSize, durableLsn), fact };
    const { source } = task;
    if (!(source instanceof OperationSource)) {
      const more = { ...described, report: [], tree: [] };
      return { kind: "recovery", ...emptyRow(task.id, at), ...more } satisfies RecoveryRow;
    }
    const isGranted = this.#queued.delete(step);
    const row: Open<DurableRow> = { kind: "durable", ...emptyRow(task.id, at), ...described };
    row.operation = source.currentRecord.index;
    if (isGranted) {
      row.outcome = "granted";
      row.isQuiet = false;
    }
    return row;
  }

  /** What became of the log since the last look. */
  changes(): string[] {
    if (!this.#program.isOpen) return [];
    const [end, durable] = [this.#endLsn, this.#durableLsn];
    const isNew = !this.#wasOpen;
    this.#noteLog();
    if (isNew) return [];
    const changes: string[] = [];
    if (this.#endLsn > end) changes.push(`the log goes on to ${this.#endLsn}`);
    if (this.#durableLsn > durable)
      changes.push(`the log counts as durable to ${this.#durableLsn}`);
    return changes;
  }

  /** Adds to a row what is known only after its step. */
  settle(row: Open<StoryRow>): void {
    if (row.kind === "durable" && row.outcome === "waits") row.isQuiet = false;
    if (row.kind === "crash") this.#settleCrash(row);
    else if (row.kind === "durable" || row.kind === "recovery") this.#noteRedo(row);
    if (row.kind !== "recovery" || this.#wasOpen || !this.#program.isOpen) return;
    this.#wasOpen = true;
    row.report = describeReport(this.#program.engine.state.recovery);
  }

  /** What a write that has returned now rests on; null for what changes nothing. */
  acknowledged({ operation }: OperationRecord): Acknowledged | null {
    if (!WRITES.has(operation.kind) || !this.#program.isOpen) return null;
    const { durableLsn, endLsn } = this.#program.engine.state.log;
    return { durableLsn, endLsn };
  }

  /** Notes that the step waits in a queue. */
  queued(step: Step): void {
    this.#queued.add(step);
  }

  #noteLog(): void {
    if (!this.#program.isOpen) return;
    const { durableLsn, endLsn } = this.#program.engine.state.log;
    this.#endLsn = endLsn;
    this.#durableLsn = durableLsn;
  }

  #noteRedo(row: Open<DurableRow> | Open<RecoveryRow>): void {
    const before = this.#redoLsn;
    if (!isNewControl(row.fact)) return;
    this.#redoLsn = redoPosition(this.#program.disk);
    if (this.#redoLsn === null || this.#redoLsn === before) return;
    row.text = `${row.text}: redo begins at ${this.#redoLsn}`;
  }

  #crashRow(task: SimTask, at: number): Open<CrashRow> {
    this.#crashes++;
    this.#before = new DiskBefore(this.#program.disk);
    const survived =
      this.#program.isOpen && this.#durableLsn < this.#endLsn
        ? [`the log was durable to ${this.#durableLsn}, and went on in memory to ${this.#endLsn}`]
        : [];
    const more = { crash: this.#crashes, survived, found: [], cut: [], acknowledged: [] };
    return { kind: "crash", ...emptyRow(task.id, at), ...more };
  }

  #settleCrash(row: Open<CrashRow>): void {
    assert(this.#before !== null, "the disk was recorded before the crash");
    const { disk, store } = this.#program;
    row.survived = [...row.survived, ...this.#before.compare(disk, store.params.pageSize)];
    row.found = whatIsOnDisk(disk);
    this.#before = null;
    this.#wasOpen = false;
    this.#queued.clear();
  }
}

/** Whether a step makes a new control file count. */
function isNewControl(fact: Fact): boolean {
  return fact.kind === "file-rename" && fact.to === CONTROL_FILE;
}

const WRITES: ReadonlySet<string> = new Set(["put", "insert", "delete", "batch"]);

function describeReport(report: RecoveryReport): string[] {
  const { groupsRead, groupsApplied, pagesTouched, imagesRestored, tornTail } = report;
  const lines = [
    groupsRead === 0
      ? "there is nothing to redo"
      : `redo reads ${counted(groupsRead, "group")} to ${report.endLsn}, about ` +
        `${counted(pagesTouched, "page")}, and applies ${groupsApplied}`,
  ];
  if (imagesRestored > 0) lines.push(`${counted(imagesRestored, "page")} restored from an image`);
  if (report.droppedBatchGroups > 0) {
    lines.push(`dropped ${counted(report.droppedBatchGroups, "group")} of a batch without end`);
  }
  if (tornTail !== null) lines.push(`dropped the torn tail of ${fileText(tornTail.file)}`);
  return lines;
}
