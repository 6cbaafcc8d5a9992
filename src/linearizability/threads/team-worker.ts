import { getHeapStatistics } from "node:v8";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { transferables } from "../search/index.ts";
import type { PartAnswer, PartOrder, WorkerStart } from "./messages.ts";

const MB = 1024 * 1024;

/**
 * A worker, seen from the thread that checks. It begins and answers while that thread is busy; only
 * the news that it died takes a turn of the event loop.
 */
export class TeamWorker {
  readonly thread: number;
  isIdle = true;
  readonly #worker: Worker;
  readonly #channel = new MessageChannel();
  #fault: Error | null = null;

  constructor(file: URL, start: Omit<WorkerStart, "port">) {
    const { port1, port2 } = this.#channel;
    this.thread = start.thread;
    this.#worker = new Worker(file, {
      workerData: { ...start, port: port2 } satisfies WorkerStart,
      transferList: [port2],
      // What the process was given, such as --input-type, is for its own file.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: getHeapStatistics().heap_size_limit / MB },
    });
    this.#worker.on("error", (error: Error) => {
      this.#fault = error;
    });
    this.#worker.on("exit", (code) => {
      this.#fault ??= new Error(`a worker ended by itself, with ${code}`);
    });
    port1.unref();
  }

  send(order: PartOrder): void {
    this.isIdle = false;
    this.#worker.postMessage(order, transferables(order.plain));
  }

  /** What it has found, if that is news. */
  answer(): PartAnswer | null {
    if (this.isIdle) return null;
    const received = receiveMessageOnPort(this.#channel.port1);
    if (received === undefined) return null;
    this.isIdle = true;
    return received.message as PartAnswer;
  }

  /** @throws what ended it. */
  throwFault(): void {
    if (this.#fault !== null) throw this.#fault;
  }

  async close(): Promise<void> {
    this.#channel.port1.close();
    await this.#worker.terminate();
  }
}
