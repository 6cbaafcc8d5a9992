import type { SimTask } from "../../sim/index.ts";
import { assert, type Step } from "../../task/index.ts";
import { CONTROL_FILE, type RecoveryReport } from "../../wal/index.ts";
import { type CrashProgram, fileText, OperationSource } from "../program/index.ts";
import type { OperationRecord } from "../judge/index.ts";
import type { ScenarioOperation } from "../scenario/index.ts";
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
  /** By partition; one where there are none. */
  #logs: readonly LogState[] = [];
  /** Where redo begins, by the directory of the control file that says so. */
  readonly #redoLsns = new Map<string, number | null>();
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
    const { pageSize } = this.#program.scenario;
    const name = this.#program.describeObject(step.objectId);
    const durableLsn = this.#program.isOpen ? this.#durableLsnOf(name) : null;
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
    const before = this.#logs;
    const isNew = !this.#wasOpen;
    this.#noteLog();
    if (isNew) return [];
    return this.#logs.flatMap((log, i) => changesOf(log, before[i] ?? log));
  }

  /** Adds to a row what is known only after its step. */
  settle(row: Open<StoryRow>): void {
    if (row.kind === "durable" && row.outcome === "waits") row.isQuiet = false;
    if (row.kind === "crash") this.#settleCrash(row);
    else if (row.kind === "durable" || row.kind === "recovery") this.#noteRedo(row);
    if (row.kind !== "recovery" || this.#wasOpen || !this.#program.isOpen) return;
    this.#wasOpen = true;
    row.report = this.#program.places.flatMap(({ partition, engine }) =>
      ofPartition(partition, describeReport(engine.state.recovery)),
    );
  }

  /** What a write that has returned now rests on; null for what changes nothing. */
  acknowledged({ operation }: OperationRecord): Acknowledged | null {
    if (!WRITES.has(operation.kind) || !this.#program.isOpen) return null;
    const key = "key" in operation ? operation.key : keyOfBatch(operation);
    const { durableLsn, endLsn } = this.#program.placeOf(key).engine.state.log;
    return { durableLsn, endLsn };
  }

  /** Notes that the step waits in a queue. */
  queued(step: Step): void {
    this.#queued.add(step);
  }

  #noteLog(): void {
    if (!this.#program.isOpen) return;
    this.#logs = this.#program.places.map(({ partition, engine }) => {
      const { durableLsn, endLsn } = engine.state.log;
      return { name: logName(partition), durableLsn, endLsn };
    });
  }

  /** Up to where the log of this name is durable; null if it is no log's. */
  #durableLsnOf(name: string): number | null {
    return this.#logs.find((log) => log.name === name)?.durableLsn ?? null;
  }

  #noteRedo(row: Open<DurableRow> | Open<RecoveryRow>): void {
    const { fact } = row;
    if (fact.kind !== "file-rename" || fact.to !== CONTROL_FILE) return;
    const before = this.#redoLsns.get(fact.directory) ?? null;
    const redoLsn = redoPosition(this.#program.disk, fact.directory);
    this.#redoLsns.set(fact.directory, redoLsn);
    if (redoLsn === null || redoLsn === before) return;
    row.text = `${row.text}: redo begins at ${redoLsn}`;
  }

  #crashRow(task: SimTask, at: number): Open<CrashRow> {
    this.#crashes++;
    this.#before = new DiskBefore(this.#program.disk);
    const lagging = this.#logs.filter(({ durableLsn, endLsn }) => durableLsn < endLsn);
    const survived = (this.#program.isOpen ? lagging : []).map(({ name, durableLsn, endLsn }) => {
      return `${name} was durable to ${durableLsn}, and went on in memory to ${endLsn}`;
    });
    const more = { crash: this.#crashes, survived, found: [], cut: [], acknowledged: [] };
    return { kind: "crash", ...emptyRow(task.id, at), ...more };
  }

  #settleCrash(row: Open<CrashRow>): void {
    assert(this.#before !== null, "the disk was recorded before the crash");
    const { disk, scenario, directories } = this.#program;
    row.survived = [...row.survived, ...this.#before.compare(disk, scenario.pageSize)];
    row.found = directories.flatMap((directory, i) =>
      ofPartition(directories.length === 1 ? null : i, whatIsOnDisk(disk, directory)),
    );
    this.#before = null;
    this.#wasOpen = false;
    this.#queued.clear();
  }
}

interface LogState {
  readonly name: string;
  readonly durableLsn: number;
  readonly endLsn: number;
}

function logName(partition: number | null): string {
  return partition === null ? "the log" : `the log of partition ${partition}`;
}

function changesOf({ name, durableLsn, endLsn }: LogState, before: LogState): string[] {
  const changes: string[] = [];
  if (endLsn > before.endLsn) changes.push(`${name} goes on to ${endLsn}`);
  if (durableLsn > before.durableLsn) changes.push(`${name} counts as durable to ${durableLsn}`);
  return changes;
}

/** Lines about one partition, named in each where there are several. */
function ofPartition(partition: number | null, lines: readonly string[]): readonly string[] {
  return partition === null ? lines : lines.map((line) => `partition ${partition}: ${line}`);
}

/** The first key of a batch; it has one, or it does nothing. */
function keyOfBatch(operation: ScenarioOperation): number {
  return (operation.kind === "batch" ? operation.writes[0]?.key : null) ?? 0;
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
