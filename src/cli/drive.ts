import { nextTurn } from "../task/driver-real-time.ts";
import { print } from "./output.ts";
import { type Pace, Progress } from "./progress.ts";

/** Whether Ctrl-C was pressed; hunts look at it between schedules. */
export class Interrupt {
  #isRequested = false;
  readonly #told: (() => void)[] = [];

  /** Listens for Ctrl-C; a second one ends the process at once, as without us. */
  constructor(onRequest?: () => void) {
    if (onRequest !== undefined) this.#told.push(onRequest);
    process.once("SIGINT", () => {
      this.#isRequested = true;
      for (const tell of this.#told) tell();
    });
  }

  /** Calls back when Ctrl-C is pressed. */
  onRequest(tell: () => void): void {
    this.#told.push(tell);
  }

  get isRequested(): boolean {
    return this.#isRequested;
  }

  readonly shouldStop = (): boolean => this.#isRequested;
}

/**
 * Runs something that works in slices, yielding to the event loop between them so that Ctrl-C is
 * seen. What comes of a slice is shown as its progress, or printed if it is a text.
 */
export async function drive<News, Result>(
  work: Generator<News, Result, void>,
  report: (news: News) => Pace | string | null,
): Promise<Result> {
  const progress = new Progress();
  try {
    for (;;) {
      const next = work.next();
      if (next.done === true) return next.value;
      const reported = report(next.value);
      if (typeof reported === "string") {
        progress.clear();
        print(reported);
      } else if (reported !== null) progress.show(reported);
      await nextTurn();
    }
  } finally {
    progress.clear();
  }
}
