import { type Scheduler, type SimTask, Trace } from "../../sim/index.ts";
import { assert, type Fact, type Step } from "../../task/index.ts";
import { describeOutcome, type OperationRecord } from "../judge/index.ts";
import type { ScenarioProgram } from "../program/index.ts";
import { formatOperation } from "../scenario/index.ts";
import { BlockedTasks } from "./blocked-tasks.ts";
import { factJson, type JsonFields } from "./fact-json.ts";
import { PageStates } from "./page-states.ts";

/** A step that is being taken, as it looked before. */
interface Begun {
  readonly number: number;
  readonly task: number;
  readonly objectId: number;
  readonly name: string;
  readonly intent: Fact;
  /** The index of its event, should it leave one. */
  readonly event: number;
}

/** Listens to one run, and writes down what each step did and left. */
export class TraceRecorder {
  /** The lines so far, but for the header and the verdict: see docs/trace-format.md. */
  readonly lines: JsonFields[] = [];
  readonly #scheduler: Scheduler;
  readonly #program: ScenarioProgram;
  readonly #trace = new Trace();
  readonly #pages: PageStates;
  readonly #blocked: BlockedTasks;
  /** By operation: whether its beginning and its end are written down. */
  readonly #begun = new Set<number>();
  readonly #returned = new Set<number>();
  #step: Begun | null = null;
  #isBegun = false;

  /** Begins to listen. Requires: the run has not begun. */
  constructor(scheduler: Scheduler, program: ScenarioProgram) {
    this.#scheduler = scheduler;
    this.#program = program;
    this.#pages = new PageStates(program);
    this.#blocked = new BlockedTasks(scheduler);
    scheduler.trace = this.#trace;
    scheduler.onStep = (task, step) => this.#stepping(task, step);
  }

  /** Ends the recording, with what the last step left. Requires: the run is over. */
  end(): void {
    this.#settle();
    this.#scheduler.onStep = null;
  }

  #stepping(task: SimTask, step: Step | null): void {
    this.#settle();
    const release = task.releases[0];
    const objectId = step?.objectId ?? release?.objectId ?? -1;
    this.#step = {
      number: this.#scheduler.steps,
      task: task.id,
      objectId,
      name: this.#program.describeObject(objectId),
      intent: step?.fact() ?? { kind: "release" },
      event: this.#trace.length,
    };
  }

  /** Writes down the step that was taken last, or, before the first, how everything begins. */
  #settle(): void {
    const step = this.#step;
    const [number, task] = [step?.number ?? 0, step?.task ?? null];
    if (step !== null) this.#writeStep(step);
    else if (this.#isBegun) return;
    this.#isBegun = true;
    this.#writeOperations(number, false);
    for (const fact of this.#trace.reportedBy(step?.event ?? -1)) {
      this.lines.push({ step: number, task, ...factJson(fact) });
    }
    for (const fact of this.#blocked.since()) {
      this.lines.push({ step: number, task, ...factJson(fact) });
    }
    for (const page of this.#pages.changed()) {
      this.lines.push({ step: number, task, kind: "page", ...page });
    }
    this.#writeOperations(number, true);
    this.#step = null;
  }

  #writeStep({ number, task, objectId, name, intent, event }: Begun): void {
    // A step that broke a rule while it was taken leaves no event.
    const found = event < this.#trace.length ? this.#trace.at(event) : null;
    const { kind, ...fields } = factJson(found?.fact ?? intent);
    this.lines.push({
      step: number,
      task,
      kind,
      outcome: found?.outcome ?? "broken",
      object: objectId < 0 ? null : { id: objectId, name },
      ...fields,
    });
  }

  /** Operations that have begun, or ended, since the last look; on whatever task they are. */
  #writeOperations(step: number, ended: boolean): void {
    const { history } = this.#program;
    const known = ended ? this.#returned : this.#begun;
    for (const record of history.records) {
      const { index } = record;
      const isSo = ended ? history.hasReturned(index) || record.isCut : history.wasInvoked(index);
      if (!isSo || known.has(index)) continue;
      known.add(index);
      const fact = ended ? returned(record) : begun(record);
      this.lines.push({ step, task: record.task, ...factJson(fact), index });
    }
  }
}

function begun({ operation }: OperationRecord): Fact {
  return { kind: "operation-begun", operation: formatOperation(operation) };
}

function returned(record: OperationRecord): Fact {
  const operation = formatOperation(record.operation);
  return { kind: "operation-returned", operation, result: resultOf(record, operation) };
}

/** What came of an operation, without its name: `-> value 1002 added`. */
function resultOf(record: OperationRecord, operation: string): string {
  const outcome = describeOutcome(record);
  assert(outcome.length > operation.length, "an outcome follows its operation");
  return outcome.slice(operation.length + 1);
}
