/**
 * The thread in which `latchwork check` reads and checks. A check is one synchronous loop, so the
 * thread that runs it sees no Ctrl-C: the main thread does, and raises a flag in shared memory.
 */
import { parentPort, workerData } from "node:worker_threads";
import { realNowMs } from "../../task/driver-real-time.ts";
import { type History, type HistoryFormat, HistoryReader } from "../../linearizability/index.ts";
import { assert, LatchworkError } from "../../task/index.ts";
import { CheckInput } from "./input.ts";
import { type Attention, judge } from "./judge.ts";
import {
  type CheckMessage,
  type CheckOrder,
  type CheckReport,
  type CheckRequest,
  emptyReport,
} from "./report.ts";
import { BadInput } from "../exit.ts";
import { nameOf } from "../files.ts";
import { grouped } from "../output.ts";

const MB = 1e6;
const PROGRESS_EVERY_MS = 100;

assert(parentPort !== null, "this file runs in a thread of its own");
const port = parentPort;
const interrupted = new Int32Array(workerData as SharedArrayBuffer);
let input: CheckInput | null = null;

port.on("message", (order: CheckOrder) => {
  if (order.kind === "interrupt") input?.stop();
  else void report(order.request).then((done) => send({ kind: "report", report: done }));
});

function send(message: CheckMessage): void {
  port.postMessage(message);
}

const attention: Attention = {
  isInterrupted: () => Atomics.load(interrupted, 0) !== 0,
  progressOf: (label, noun) => {
    let shownAt = realNowMs();
    return (runs, runsMax) => {
      // Not more often than anybody can read.
      const now = realNowMs();
      if (now < shownAt + PROGRESS_EVERY_MS) return;
      shownAt = now;
      send({ kind: "pace", label, noun, runs, runsMax });
    };
  },
};

/** Reads and checks one file. What is wrong with it is in the report; our own bugs are thrown. */
async function report(request: CheckRequest): Promise<CheckReport> {
  const begun = emptyReport(nameOf(request.path), request.model);
  try {
    const startedAt = realNowMs();
    const { history, format, far } = await readFile(request);
    const readSeconds = (realNowMs() - startedAt) / 1000;
    if (history !== null) {
      return { ...begun, ...(await judge(history, format, request, attention)), readSeconds };
    }
    const lines = [`interrupted after reading ${far}`];
    return { ...begun, format, reason: "interrupted", lines, readSeconds };
  } catch (error) {
    if (!(error instanceof LatchworkError || error instanceof BadInput)) throw error;
    return { ...begun, verdict: "bad-input", problem: error.message };
  }
}

interface ReadFile {
  /** Null if the reading was broken off. */
  readonly history: History | null;
  readonly format: HistoryFormat | null;
  /** How many bytes were read. */
  readonly far: string;
}

async function readFile({ path, format, independent }: CheckRequest): Promise<ReadFile> {
  const file = nameOf(path);
  const reader = new HistoryReader({ file, format, independent });
  const progress = attention.progressOf(`reading ${file}`, "MB");
  const source = new CheckInput(path);
  input = source;
  try {
    for await (const piece of source.pieces()) {
      if (attention.isInterrupted()) break;
      reader.push(piece);
      const { bytesRead, bytesTotal } = source;
      progress(bytesRead / MB, bytesTotal === null ? null : Math.max(bytesRead, bytesTotal) / MB);
    }
  } catch (error) {
    // A stream that is destroyed during a read throws.
    if (!attention.isInterrupted()) throw error;
  } finally {
    input = null;
  }
  const { bytesRead, bytesTotal } = source;
  const total = bytesTotal === null ? "" : `of ${grouped(bytesTotal)} `;
  const far = `${grouped(bytesRead)} ${total}bytes`;
  const history = attention.isInterrupted() ? null : reader.end();
  return { history, format: reader.format, far };
}
