import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import type { AnswerTo, NewsOf, Order, ProtocolModule, Report, WorkerStart } from "./messages.ts";
import { errorOf } from "./thrown.ts";
import { WorkerDied } from "./worker-died.ts";

/** How a crew works. */
export interface CrewOptions {
  /** How many workers, 1 or more. */
  readonly workers: number;
  /** Protocols of the user's own. Default none. */
  readonly protocols?: ProtocolModule | null;
  /** The file that a worker runs. Default: the one beside this. */
  readonly worker?: URL;
}

interface Errand {
  readonly order: Order;
  readonly priority: number;
  /** Takes the news of its order. */
  readonly tell: (news: never) => void;
  readonly answered: (answer: unknown) => void;
  readonly failed: (error: Error) => void;
}

const MB = 1024 * 1024;
const WORKER = new URL("./worker.js", import.meta.url);

/**
 * Threads that carry out orders, one each at a time. They start when there is something to do for
 * them, and whoever asks last waits for nothing but its own answer.
 */
export class Crew {
  /** How many workers there may be. */
  readonly size: number;
  readonly #start: WorkerStart;
  readonly #file: URL;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #idle: Worker[] = [];
  readonly #busy: Map<Worker, Errand> = new Map();
  /** Those that wait for a worker; of the same priority in the order in which they came. */
  readonly #waiting: Errand[] = [];
  /** What ended a worker that nobody has ended: nothing more is carried out. */
  #death: WorkerDied | null = null;

  constructor({ workers, protocols = null, worker = WORKER }: CrewOptions) {
    this.size = workers;
    this.#file = worker;
    this.#start = { stop: this.#stop.buffer, protocols };
  }

  /**
   * Has an order carried out.
   *
   * @param priority Of those that wait, the lowest comes first.
   * @param tell Is told how far it is; must not throw.
   * @throws what the order throws; {@link WorkerDied} if a worker ended before its work.
   */
  ask<O extends Order>(
    order: O,
    priority: number,
    tell: (news: NewsOf<O>) => void = () => undefined,
  ): Promise<AnswerTo<O>> {
    return new Promise<AnswerTo<O>>((resolve, reject) => {
      if (this.#death !== null) {
        reject(this.#death);
        return;
      }
      const answered = (answer: unknown): void => resolve(answer as AnswerTo<O>);
      this.#add({ order, priority, tell, answered, failed: reject });
      this.#handOut();
    });
  }

  /** Ends what is under way with what was found so far, and all that follows at its beginning. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /** Ends the workers, whatever they do. */
  async close(): Promise<void> {
    const workers = [...this.#idle, ...this.#busy.keys()];
    this.#idle.length = 0;
    this.#busy.clear();
    this.#waiting.length = 0;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #add(errand: Errand): void {
    if ((this.#waiting.at(-1)?.priority ?? -Infinity) <= errand.priority) {
      this.#waiting.push(errand);
      return;
    }
    const at = this.#waiting.findIndex(({ priority }) => priority > errand.priority);
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, errand);
  }

  #handOut(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? this.#another();
      if (worker === null) return;
      const errand = this.#waiting.shift();
      if (errand === undefined) return;
      this.#busy.set(worker, errand);
      worker.postMessage(errand.order, []);
    }
  }

  #another(): Worker | null {
    if (this.#busy.size + this.#idle.length >= this.size) return null;
    const worker = new Worker(this.#file, {
      workerData: this.#start,
      // What the process was given, such as --input-type, is for its own file.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: getHeapStatistics().heap_size_limit / MB },
    });
    worker.on("message", (report: Report) => this.#hear(worker, report));
    worker.on("error", (error: unknown) => this.#mourn(worker, reasonOf(error)));
    worker.on("exit", (code) => this.#mourn(worker, `it ended by itself, with ${code}`));
    return worker;
  }

  #hear(worker: Worker, report: Report): void {
    const errand = this.#busy.get(worker);
    if (errand === undefined) return;
    if (report.kind === "news") {
      errand.tell(report.news as never);
      return;
    }
    this.#busy.delete(worker);
    this.#idle.push(worker);
    this.#handOut();
    if (report.kind === "answer") errand.answered(report.answer);
    else errand.failed(errorOf(report.thrown));
  }

  /** A worker has ended that should not have: all that is asked for fails, now and later. */
  #mourn(worker: Worker, reason: string): void {
    const isExpected = !this.#busy.has(worker) && !this.#idle.includes(worker);
    if (isExpected || this.#death !== null) return;
    this.#death = new WorkerDied(reason);
    const errands = [...this.#busy.values(), ...this.#waiting];
    this.#busy.delete(worker);
    this.#waiting.length = 0;
    this.stop();
    for (const errand of errands) errand.failed(this.#death);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return "it ran out of memory";
  }
  return error instanceof Error ? error.message : String(error);
}
