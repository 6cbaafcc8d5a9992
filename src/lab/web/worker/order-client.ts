import type { Answer, AnswerTo, FromWorker, Order, Pace } from "../../index.ts";
import type { Endpoint, Listener } from "./endpoint.ts";
import { isAnswerTo, readMessage, UNHEARD_OF } from "./heard.ts";

/** An order that is being carried out. */
export interface Doing<T> {
  readonly answer: Promise<T>;
  /** Asks for what there is so far. */
  stop(): void;
}

interface Waiting {
  readonly kind: Order["kind"];
  readonly answered: (answer: Answer) => void;
  readonly failed: (why: Error) => void;
  readonly onPace: (pace: Pace) => void;
}

interface ClientOptions {
  /** Starts the worker. */
  readonly open: (listener: Listener) => Endpoint;
  /** How long it may be silent while something is asked of it; null for as long as it likes. */
  readonly silenceMsMax: number | null;
  /** Is told what a worker says beside its answers. */
  readonly onNews: (message: FromWorker) => void;
  /** Is told that the worker is no more, and why. */
  readonly onEnd: (why: string) => void;
}

/** What a worker says of an order. */
type OfOrder = Extract<FromWorker, { id: number }>;

/** How long an order may go on after it was told to stop; then its worker is ended. */
const STOP_MS_MAX = 3000;

/** Sends orders to a worker, which is started for the first of them, and gives the answers. */
export class OrderClient {
  readonly #options: ClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  #endpoint: Endpoint | null = null;
  #silence: ReturnType<typeof setTimeout> | null = null;
  #orders = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  do<O extends Order>(order: O, onPace: (pace: Pace) => void = () => {}): Doing<AnswerTo<O>> {
    const id = this.#orders++;
    const answer = new Promise<Answer>((answered, failed) => {
      this.#waiting.set(id, { kind: order.kind, answered, failed, onPace });
      this.start().post({ kind: "do", id, order });
    }) as Promise<AnswerTo<O>>;
    return { answer, stop: () => this.#stop(id) };
  }

  /** Starts the worker, if none runs. */
  start(): Endpoint {
    this.#endpoint ??= this.#options.open({
      hear: (message) => this.#hear(message),
      died: (why) => this.end(why),
    });
    this.#watch();
    return this.#endpoint;
  }

  /** Ends the worker and all that is asked of it. */
  end(why: string): void {
    if (this.#endpoint === null) return;
    this.#endpoint.end();
    this.#endpoint = null;
    this.#unwatch();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { failed } of waiting) failed(new Error(why));
    this.#options.onEnd(why);
  }

  #stop(id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#endpoint?.post({ kind: "stop", id });
    // Orders are carried out one after the other: only the first of them has begun.
    const [running] = this.#waiting.keys();
    if (running !== id) {
      this.#waiting.delete(id);
      waiting.failed(new Error("It was stopped before it began."));
      return;
    }
    setTimeout(() => {
      if (this.#waiting.has(id)) this.end("It was stopped.");
    }, STOP_MS_MAX);
  }

  #hear(data: unknown): void {
    if (this.#endpoint === null) return;
    const message = readMessage(data);
    if (message === null || !this.#isAnswer(message)) {
      this.end(UNHEARD_OF);
      return;
    }
    if (message.kind === "protocols" || message.kind === "refused") this.#options.onNews(message);
    else this.#settle(message, this.#waiting.get(message.id));
    if (this.#endpoint !== null && this.#waiting.size > 0) this.#watch();
    else this.#unwatch();
  }

  /** Of an answer, whether it is one to what was asked. */
  #isAnswer(message: FromWorker): boolean {
    if (message.kind !== "answer") return true;
    const waiting = this.#waiting.get(message.id);
    return waiting === undefined || isAnswerTo(waiting.kind, message.answer);
  }

  #settle(message: OfOrder, waiting: Waiting | undefined): void {
    if (message.kind === "pace") {
      waiting?.onPace(message.pace);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === "answer") waiting?.answered(message.answer);
    else waiting?.failed(new Error(message.message));
  }

  /** From now on the worker has to be heard of before long. */
  #watch(): void {
    this.#unwatch();
    const { silenceMsMax } = this.#options;
    if (silenceMsMax === null) return;
    const why =
      `Your protocol was ended: for ${silenceMsMax / 1000} s nothing was heard of it. Is there a ` +
      "loop in it that never ends? Or has it closed its worker, or changed what all code needs, " +
      "as Array.prototype?";
    this.#silence = setTimeout(() => this.end(why), silenceMsMax);
  }

  #unwatch(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = null;
  }
}
