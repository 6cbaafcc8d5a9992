/**
 * The thread in which `latchwork check` reads and checks. A check is one synchronous loop, so the
 * thread that runs it sees no Ctrl-C: the main thread does, and raises a flag in shared memory.
 */
import { parentPort, workerData } from "node:worker_threads";
import {
  checkHistory,
  type History,
  type HistoryFormat,
  HistoryReader,
  type Model,
  MODEL_NAMES,
  operationText,
  type Verdict,
  verdictText,
} from "../linearizability/index.ts";
import { assert, LatchworkError } from "../task/index.ts";
import { CheckInput } from "./check-input.ts";
import { isPerKey, modelFor, notesOn } from "./check-models.ts";
import {
  type CheckMessage,
  type CheckOrder,
  type CheckReport,
  type CheckRequest,
  type Cited,
  type Counts,
  emptyReport,
} from "./check-report.ts";
import { BadInput } from "./exit.ts";
import { nameOf } from "./files.ts";

const TOLD_EVERY_MS = 100;

assert(parentPort !== null, "this file runs in a thread of its own");
const port = parentPort;
const interrupted = new Int32Array(workerData as SharedArrayBuffer);
let input: CheckInput | null = null;

port.on("message", (order: CheckOrder) => {
  if (order.kind === "interrupt") input?.stop();
  else void report(order.request).then((told) => send({ kind: "report", report: told }));
});

function send(message: CheckMessage): void {
  port.postMessage(message);
}

function isInterrupted(): boolean {
  return Atomics.load(interrupted, 0) !== 0;
}

/** Sends how far it is, but not more often than anybody can read. */
class Teller {
  readonly #label: string;
  readonly #noun: string;
  #toldAt = performance.now();

  constructor(label: string, noun: string) {
    this.#label = label;
    this.#noun = noun;
  }

  tell(runs: number, runsMax: number | null): void {
    const now = performance.now();
    if (now < this.#toldAt + TOLD_EVERY_MS) return;
    this.#toldAt = now;
    send({ kind: "pace", label: this.#label, noun: this.#noun, runs, runsMax });
  }
}

/** Reads and checks one file. What is wrong with it is in the report; our own bugs are thrown. */
async function report(request: CheckRequest): Promise<CheckReport> {
  const begun = emptyReport(nameOf(request.path), request.model);
  try {
    const startedAt = performance.now();
    const read = await readFile(request);
    const readSeconds = (performance.now() - startedAt) / 1000;
    if (read.history === null) return { ...begun, ...stopped(read.far), readSeconds };
    const { history, format } = read;
    const told = checked(history, request);
    const isNo = told.verdict === "not-linearizable";
    const notes = isNo ? notesOn(history, format, request) : [];
    return { ...begun, ...told, format, notes, readSeconds };
  } catch (error) {
    if (!(error instanceof LatchworkError || error instanceof BadInput)) throw error;
    return { ...begun, verdict: "bad-input", problem: error.message };
  }
}

interface ReadFile {
  /** Null if the reading was broken off. */
  readonly history: History | null;
  readonly format: HistoryFormat | null;
  readonly far: string;
}

async function readFile({ path, format, independent }: CheckRequest): Promise<ReadFile> {
  const file = nameOf(path);
  const reader = new HistoryReader({ file, format, independent });
  const teller = new Teller(`reading ${file}`, "bytes");
  const source = new CheckInput(path);
  input = source;
  try {
    for await (const piece of source.pieces()) {
      if (isInterrupted()) break;
      reader.push(piece);
      const { bytesRead, bytesTotal } = source;
      teller.tell(bytesRead, bytesTotal === null ? null : Math.max(bytesRead, bytesTotal));
    }
  } catch (error) {
    // A stream that is destroyed while somebody waits for it throws.
    if (!isInterrupted()) throw error;
  } finally {
    input = null;
  }
  const { bytesRead, bytesTotal } = source;
  const far = `${bytesRead} ${bytesTotal === null ? "" : `of ${bytesTotal} `}bytes`;
  const history = isInterrupted() ? null : reader.end();
  return { history, format: reader.format, far };
}

function stopped(far: string): Partial<CheckReport> {
  return { verdict: "unknown", reason: "interrupted", text: `interrupted after reading ${far}` };
}

function checked(history: History, request: CheckRequest): Partial<CheckReport> {
  const { timeMs, memoryBytes, scan, crash, partition } = request;
  const model = modelFor(request, history);
  const teller = new Teller(`checking ${nameOf(request.path)}`, "events");
  const startedAt = performance.now();
  const verdict = explained(history, request, () =>
    checkHistory(history, model, {
      scan,
      crash,
      partition,
      memoryBytes,
      ...(timeMs === null ? {} : { timeMs }),
      clock: { nowMs: () => performance.now() },
      isCancelled: isInterrupted,
      onProgress: (events, eventsTotal) => teller.tell(events, eventsTotal),
    }),
  );
  const checkSeconds = (performance.now() - startedAt) / 1000;
  const counts = countsOf(history);
  const perKey = isPerKey(request.model, history);
  return { ...verdictReport(verdict, history, request), perKey, counts, checkSeconds };
}

/** Where the model cannot read an operation, the error says which models can read all of them. */
function explained(history: History, request: CheckRequest, check: () => Verdict): Verdict {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== "BAD_HISTORY") throw error;
    const right = MODEL_NAMES.filter((name) =>
      canRead(modelFor({ ...request, model: name, initial: undefined }, history), history),
    );
    if (right.length === 0) throw error;
    throw new BadInput(`${error.message}; --model ${right.join(" or ")} can read all of it`);
  }
}

function canRead(model: Model, { operations }: History): boolean {
  return operations.every((operation) => (model.fault?.(operation) ?? null) === null);
}

function countsOf({ operations, events, crashes }: History): Counts {
  const clients = new Set<string>();
  const keys = new Set<string>();
  for (const { process, key } of operations) {
    clients.add(process);
    if (key !== null) keys.add(key);
  }
  return {
    operations: operations.length,
    clients: clients.size,
    keys: keys.size,
    events,
    crashes: crashes.length,
  };
}

function verdictReport(
  verdict: Verdict,
  history: History,
  request: CheckRequest,
): Partial<CheckReport> {
  const { kind, explored } = verdict;
  if (kind === "linearizable") {
    const order = request.witness ? verdict.witness : null;
    const witness = order?.flatMap((id) => cited(history, id) ?? []) ?? null;
    return { verdict: kind, explored, witness };
  }
  const { keys, event } = verdict;
  const text = verdictText(verdict, history).replace(/^[a-z ]+: /, "");
  if (kind === "unknown")
    return { verdict: kind, explored, keys, event, reason: verdict.reason, text };
  const operation = cited(history, verdict.operation);
  const open = verdict.open.flatMap((id) => cited(history, id) ?? []);
  return { verdict: kind, explored, keys, event, operation, open, text };
}

function cited(history: History, id: number): Cited | null {
  const operation = history.operations[id];
  if (operation === undefined) return null;
  return { id, line: operation.place.line, text: operationText(operation) };
}
