import { jsonLineOf, type WrittenEvent } from "../linearizability/index.ts";
import { realNowMs } from "../task/driver-real-time.ts";
import type { PlannedOperation } from "./planned-request.ts";

const PIECE_CHARACTERS = 64 * 1024;
const US_A_MS = 1000;

/** How an operation ended, in a history. */
export type Ending =
  | { readonly type: "ok"; readonly value: unknown }
  | { readonly type: "fail" | "info" };

/**
 * Writes what clients ask and what they are answered as a history, in the order in which it
 * happens: `invoke` before anything is sent, the answer once all of it is there. So an operation's
 * interval is never shorter than the truth, and a right server never looks wrong.
 */
export class HistoryLines {
  readonly #write: (text: string) => void;
  #text = "";
  #events = 0;

  /** @param write Takes the lines in pieces of about 64 KiB; what it throws ends the run. */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** How many lines there are. */
  get events(): number {
    return this.#events;
  }

  invoke(process: string, { f, key, value }: PlannedOperation): void {
    this.#add({ type: "invoke", process, f, key, value });
  }

  end(process: string, { f, key }: PlannedOperation, ending: Ending): void {
    const value = ending.type === "ok" ? ending.value : null;
    this.#add({ type: ending.type, process, f, key, value });
  }

  /** The server has ended at once: what is open happened before now, or never. */
  crash(): void {
    this.#add({ type: "crash", process: "", f: "", key: null, value: null });
  }

  /** Hands on what is left. */
  flush(): void {
    const text = this.#text;
    this.#text = "";
    if (text !== "") this.#write(text);
  }

  #add(event: Omit<WrittenEvent, "time">): void {
    const time = Math.round(realNowMs() * US_A_MS);
    this.#text += jsonLineOf({ ...event, time }, this.#events++);
    if (this.#text.length >= PIECE_CHARACTERS) this.flush();
  }
}
