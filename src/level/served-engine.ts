import { LatchworkError } from "../task/index.ts";
import type { EventLoop } from "../drivers/index.ts";
import { Background, type Errands } from "./background.ts";
import type { LevelEngine } from "./level-engine.ts";
import { contradiction, levelError } from "./level-error.ts";
import { closeTask } from "./operations.ts";

/** An open engine with its background work, from its opening to its close. */
export class ServedEngine<Stats> {
  readonly engine: LevelEngine<Stats>;
  readonly #loop: EventLoop;
  readonly #background: Background;

  /** Begins the background work. */
  constructor(loop: EventLoop, engine: LevelEngine<Stats>, errands: Errands) {
    this.engine = engine;
    this.#loop = loop;
    this.#background = new Background(loop, engine, errands);
    this.#background.start();
  }

  /** What went wrong last in the background, in one line; null if nothing has. */
  get lastFault(): string | null {
    return this.#background.lastFault;
  }

  /**
   * Ends the background work, closes the engine, and calls `release`, each of them whatever went
   * wrong before. Requires: no operation is in flight.
   *
   * @returns The first fault that the next open does not make good, or null. Does not reject.
   */
  async close(release: () => Promise<void>): Promise<Error | null> {
    const stopping = await faultOf(() => this.#background.stop());
    const closing = await faultOf(() => this.#loop.run(closeTask(this.engine)));
    const leaving = await faultOf(release);
    const fault = levelError(stopping ?? (isMadeGood(closing) ? leaving : closing));
    return fault instanceof Error ? fault : null;
  }
}

async function faultOf(act: () => Promise<void>): Promise<Error | null> {
  try {
    await act();
    return null;
  } catch (error) {
    return error instanceof Error ? error : contradiction(error);
  }
}

/**
 * Whether the next open repairs a fault of closing, as one of the last checkpoint: what was
 * acknowledged is in the log. One with a cause is no such fault, see {@link contradiction}; nor is
 * one that says that the files are not there to be opened.
 */
function isMadeGood(fault: unknown): boolean {
  if (fault === null) return true;
  if (!(fault instanceof LatchworkError) || fault.cause !== undefined) return false;
  return fault.code !== "DIRECTORY_CHANGED";
}
