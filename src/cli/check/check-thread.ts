import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { realNowMs } from "../../task/driver-real-time.ts";
import {
  type CheckMessage,
  type CheckOrder,
  type CheckReport,
  type CheckRequest,
  emptyReport,
} from "./report.ts";
import { Interrupt } from "../drive.ts";
import { nameOf, STANDARD_INPUT } from "../files.ts";
import { Progress } from "../progress.ts";

const MB = 1024 * 1024;

/** Checks files in a thread, one after the other, so that this one is free for Ctrl-C. */
export class CheckThread {
  readonly #progress = new Progress();
  readonly #flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #interrupt = new Interrupt(() => this.#stop());
  readonly #heapMb = Math.floor(getHeapStatistics().heap_size_limit / MB);
  #worker: Worker | null = null;
  #readsInput = false;

  get isInterrupted(): boolean {
    return this.#interrupt.isRequested;
  }

  /** @throws what the thread threw, which is a bug of ours. */
  async check(request: CheckRequest): Promise<CheckReport> {
    const worker = (this.#worker ??= this.#start());
    if (request.path === STANDARD_INPUT && worker.stdin !== null) {
      process.stdin.pipe(worker.stdin);
      this.#readsInput = true;
    }
    const startedAt = realNowMs();
    try {
      return await new Promise<CheckReport>((resolve, reject) => {
        worker.removeAllListeners();
        worker.on("message", (message: CheckMessage) => {
          if (message.kind === "report") resolve(message.report);
          else this.#progress.show(message);
        });
        worker.on("error", (error: NodeJS.ErrnoException) => {
          this.#worker = null;
          if (error.code === "ERR_WORKER_OUT_OF_MEMORY") {
            resolve(this.#outOfHeap(request, (realNowMs() - startedAt) / 1000));
          } else reject(error);
        });
        worker.on("exit", (code) => reject(new Error(`the thread that checks ended: ${code}`)));
        this.#send({ kind: "check", request });
      });
    } finally {
      this.#progress.clear();
    }
  }

  async close(): Promise<void> {
    if (this.#readsInput) process.stdin.destroy();
    await this.#worker?.terminate();
  }

  #start(): Worker {
    return new Worker(new URL("./check-worker.js", import.meta.url), {
      workerData: this.#flag.buffer,
      stdin: true,
      // A socket closes its descriptor itself, which the tracker would take for a leak.
      trackUnmanagedFds: false,
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMb },
    });
  }

  #send(order: CheckOrder): void {
    this.#worker?.postMessage(order);
  }

  /** A check looks at the flag; a reading that waits for more needs a message. */
  #stop(): void {
    Atomics.store(this.#flag, 0, 1);
    this.#send({ kind: "interrupt" });
  }

  #outOfHeap({ path, model }: CheckRequest, readSeconds: number): CheckReport {
    const lines = [`out of memory: the history does not fit into a heap of ${this.#heapMb} MB`];
    const megabytes = this.#heapMb * 4;
    return {
      ...emptyReport(nameOf(path), model),
      readSeconds,
      reason: "memory",
      lines,
      notes: [`for a larger heap set NODE_OPTIONS=--max-old-space-size=${megabytes}`],
      noteFacts: [{ kind: "larger-heap", megabytes }],
    };
  }
}
