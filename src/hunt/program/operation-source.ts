import type { RowSink, ScanRange } from "../../btree/index.ts";
import type { BatchWrite } from "../../engine/index.ts";
import type { TaskSource } from "../../sim/index.ts";
import {
  assert,
  broken,
  type ErrorCode,
  inWords,
  LatchworkError,
  mustHaveRun,
  type Task,
} from "../../task/index.ts";
import type { History, OperationRecord } from "../judge/index.ts";
import {
  bytesOf,
  formatOperation,
  NUMBER_BYTES,
  numberOf,
  type NumberRange,
  type ScenarioWrite,
} from "../scenario/index.ts";
import type { Executor } from "./executor.ts";

/** An operation with its arguments in bytes, made once and run in every schedule. */
interface Prepared {
  readonly record: OperationRecord;
  readonly text: string;
  /** Of what type its answer is; null for what only an engine does. */
  readonly outcomeType: OutcomeType | null;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly range: ScanRange;
  readonly writes: readonly BatchWrite[];
}

/** The operations of one scenario task, as the scheduler runs them, one generator each. */
export class OperationSource implements TaskSource {
  readonly name: string;
  readonly isRecorded = true;
  readonly #executor: Executor;
  readonly #history: History;
  readonly #prepared: readonly Prepared[];
  readonly #sink: RowSink;
  readonly #hasFault: () => boolean;
  #next = 0;

  /** @param hasFault Whether the disk has done something wrong in this run. */
  constructor(
    name: string,
    executor: Executor,
    history: History,
    records: readonly OperationRecord[],
    hasFault: () => boolean,
  ) {
    this.name = name;
    this.#executor = executor;
    this.#history = history;
    this.#hasFault = hasFault;
    this.#prepared = records.map(prepare);
    this.#sink = { row: (key, row) => this.#keepRow(key, row) };
  }

  /** Goes back to the first operation. */
  reset(): void {
    this.#executor.reset();
    this.#next = 0;
  }

  next(): Task<unknown> | null {
    const prepared = this.#prepared[this.#next];
    if (prepared === undefined) return null;
    this.#next++;
    return this.#start(prepared);
  }

  begun(): void {
    this.#history.invoked(this.#current.record.index);
  }

  ended(value: unknown): void {
    const { record, outcomeType, text } = this.#current;
    if (outcomeType !== null && typeof value !== outcomeType) {
      throw noOutcome(`${this.name} (${text})`, outcomeType, value);
    }
    this.#executor.ended();
    this.#history.returned(record.index);
    record.outcome = value === true;
    if (record.operation.kind === "scan") record.rowsCounted = Number(value);
    if (record.operation.kind === "get" && value === true) {
      const { valueLength, valueBytes } = this.#executor.session;
      if (valueLength !== NUMBER_BYTES) {
        const found = `${valueLength} bytes kept, of a scenario's ${NUMBER_BYTES}`;
        broken("a get that gives true has called op.keepValue(leaf, index)", found);
      }
      record.valueRead = numberOf(valueBytes);
    }
  }

  /**
   * A fault that the disk was made to have ends an operation with an unknown outcome. As long as it
   * has made none, an operation that meets one has asked for what there is not, and is to blame.
   */
  failed(error: LatchworkError): boolean {
    if (!FAULTS_OF_DISK.has(error.code) || !this.#hasFault()) return false;
    this.#executor.ended();
    this.#history.failed(this.#current.record.index, error.code);
    return true;
  }

  describe(): string {
    return this.#prepared[this.#next - 1]?.text ?? "nothing yet";
  }

  /** The record of the operation that runs, or ran last. */
  get currentRecord(): OperationRecord {
    return this.#current.record;
  }

  get #current(): Prepared {
    const prepared = this.#prepared[this.#next - 1];
    assert(prepared !== undefined, "an operation has been started");
    return prepared;
  }

  #start(prepared: Prepared): Task<unknown> {
    const { record, key, value } = prepared;
    switch (record.operation.kind) {
      case "get":
        return this.#executor.get(key);
      case "put":
        return this.#executor.put(key, value);
      case "insert":
        return this.#executor.insert(key, value);
      case "delete":
        return this.#executor.delete(key);
      case "scan":
        record.keys.length = 0;
        record.values.length = 0;
        if (record.operation.atOnce !== true)
          return this.#executor.scan(prepared.range, this.#sink);
        return this.#only(this.#executor.scanAtOnce?.(prepared.range, this.#sink));
      case "batch":
        return this.#only(this.#executor.batch?.(prepared.writes));
      case "checkpoint":
        return this.#only(this.#executor.checkpoint?.());
      case "clean":
        return this.#only(this.#executor.cleanOne?.());
    }
  }

  #only(task: Task<unknown> | undefined): Task<unknown> {
    if (task !== undefined) return task;
    const { kind } = this.#current.record.operation;
    throw new LatchworkError("BAD_SCENARIO", `${kind} needs a scenario with a disk: add crashes 0`);
  }

  #keepRow(key: Uint8Array, value: Uint8Array): void {
    const { keys, values } = this.#current.record;
    assert(key.length === NUMBER_BYTES, "a scenario's keys have four bytes");
    assert(value.length === NUMBER_BYTES, "a scenario's values have four bytes");
    keys.push(numberOf(key));
    values.push(numberOf(value));
  }
}

/** What may end an operation and is nobody's mistake. */
const FAULTS_OF_DISK: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "DISK_ERROR",
  "NO_SPACE",
  "NO_SUCH_FILE",
  "BAD_PAGE",
  "BAD_LOG",
  "BAD_RUN",
  "LOG_FAILED",
]);

type OutcomeType = "boolean" | "number";

/** What each operation of a protocol gives; the others are the engine's own. */
const OUTCOMES: ReadonlyMap<string, OutcomeType> = new Map<string, OutcomeType>([
  ["get", "boolean"],
  ["put", "boolean"],
  ["insert", "boolean"],
  ["delete", "boolean"],
  ["scan", "number"],
]);

/** What is wrong with a protocol of one's own that gives no answer. */
function noOutcome(name: string, expected: OutcomeType, value: unknown): TypeError {
  mustHaveRun(name, value);
  const what = expected === "boolean" ? "true or false" : "how many rows there were";
  return new TypeError(`${name} returns ${inWords(value)}, expected ${what}`);
}

const NO_BYTES = new Uint8Array(0);

function prepare(record: OperationRecord): Prepared {
  const { operation } = record;
  return {
    record,
    text: formatOperation(operation),
    outcomeType: OUTCOMES.get(operation.kind) ?? null,
    key: "key" in operation ? bytesOf(operation.key) : NO_BYTES,
    value: bytesOf(record.value),
    range: operation.kind === "scan" ? scanRange(operation.range, operation.reverse) : {},
    writes:
      operation.kind === "batch"
        ? operation.writes.map((write) => bytesOfWrite(write, record))
        : [],
  };
}

function bytesOfWrite(write: ScenarioWrite, record: OperationRecord): BatchWrite {
  const key = bytesOf(write.key);
  if (write.kind === "delete") return { kind: "delete", key };
  return { kind: "put", key, value: bytesOf(write.value ?? record.value) };
}

function scanRange(range: NumberRange, reverse: boolean): ScanRange {
  const { start, end, limit, startInclusive, endInclusive } = range;
  return {
    reverse,
    ...(start === null ? {} : { start: bytesOf(start), startInclusive }),
    ...(end === null ? {} : { end: bytesOf(end), endInclusive }),
    ...(limit === null ? {} : { limit }),
  };
}
