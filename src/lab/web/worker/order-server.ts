import type { Protocol } from "../../../btree/index.ts";
import { carryingOut, type FromWorker, type Order, type ToWorker } from "../../index.ts";
import { faultText } from "./fault-text.ts";

/** Carries out the orders that come to a worker, one after the other, and can be stopped. */
export class OrderServer {
  readonly #protocols: readonly Protocol[];
  readonly #tell: (message: FromWorker) => void;
  readonly #stopped = new Set<number>();
  readonly #turns = new Turns();
  #last: Promise<void> = Promise.resolve();

  /** @param protocols Those of the reader's own. */
  constructor(protocols: readonly Protocol[], tell: (message: FromWorker) => void) {
    this.#protocols = protocols;
    this.#tell = tell;
  }

  hear(message: ToWorker): void {
    if (message.kind === "stop") this.#stopped.add(message.id);
    else this.#last = this.#last.then(() => this.#carryOut(message.id, message.order));
  }

  async #carryOut(id: number, order: Order): Promise<void> {
    try {
      const shouldStop = (): boolean => this.#stopped.has(id);
      if (shouldStop()) {
        this.#tell({ kind: "fault", id, message: "It was stopped before it began." });
        return;
      }
      const work = carryingOut(order, { protocols: this.#protocols, shouldStop });
      for (let next = work.next(); ; next = work.next()) {
        if (next.done === true) {
          this.#tell({ kind: "answer", id, answer: next.value });
          return;
        }
        this.#tell({ kind: "pace", id, pace: next.value });
        // oxlint-disable-next-line no-await-in-loop -- what was sent meanwhile is heard now
        await this.#turns.next();
      }
    } catch (error) {
      this.#tell({ kind: "fault", id, message: faultText(error) });
    } finally {
      this.#stopped.delete(id);
    }
  }
}

/** Lets the worker hear what was sent to it: a timer would wait some milliseconds each time. */
class Turns {
  readonly #channel = new MessageChannel();
  #goOn: () => void = () => {};

  constructor() {
    this.#channel.port1.addEventListener("message", () => this.#goOn());
    this.#channel.port1.start();
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
      this.#channel.port2.postMessage(null);
    });
  }
}
