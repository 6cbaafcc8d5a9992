import { LatchworkError, type Session, type Task } from "../task/index.ts";
import type { EventLoop, TimerStep } from "../drivers/index.ts";
import type { LevelEngine } from "./level-engine.ts";
import { contradiction } from "./level-error.ts";

/** How often the background looks whether there is something to do. */
const PAUSE_MS = 50;
/** How long it waits after a fault of the disk. */
const PAUSE_AFTER_FAULT_MS = 1_000;

/** What the background asks its database, at every turn. */
export interface Errands {
  /** Whether pages should be written now. */
  wantsCleaning(): boolean;
  /** Throws a LatchworkError if something is wrong with the files. */
  lookAfter(): void;
}

/**
 * The background work of a database: checkpoints when enough log has gathered, pages written before
 * the pool has no clean one left, and a look whether the directory is still there. One task, which
 * ends when it is stopped.
 *
 * A fault here ends no operation. It is kept for whoever asks; a full disk is tried again later,
 * and a log that has failed ends the task, since every operation reports that anyway.
 */
export class Background {
  /** What went wrong last, in one line; null if nothing has. */
  lastFault: string | null = null;
  readonly #loop: EventLoop;
  readonly #engine: LevelEngine<unknown>;
  readonly #errands: Errands;
  #pause: TimerStep | null = null;
  #isStopping = false;
  #ended: Promise<void> | null = null;

  constructor(loop: EventLoop, engine: LevelEngine<unknown>, errands: Errands) {
    this.#loop = loop;
    this.#engine = engine;
    this.#errands = errands;
  }

  start(): void {
    this.#ended = this.#loop.run(this.#work(), { background: true });
  }

  /** Lets a checkpoint under way come to its end, and no other begin. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#pause?.cut();
    await this.#ended;
  }

  *#work(): Task<void> {
    for (;;) {
      const pauseMs = (yield* this.#round()) ? PAUSE_MS : PAUSE_AFTER_FAULT_MS;
      if (this.#isStopping) return;
      this.#pause = this.#loop.sleep(pauseMs);
      yield this.#pause;
      if (this.#isStopping) return;
    }
  }

  /** Does what there is to do now; false after a fault of the disk. */
  *#round(): Task<boolean> {
    const session = this.#engine.borrow();
    try {
      this.#errands.lookAfter();
      while (!this.#isStopping && this.#errands.wantsCleaning()) {
        if (!(yield* this.#engine.cleanOne(session))) break;
      }
      if (!this.#isStopping && this.#engine.wantsCheckpoint)
        yield* this.#engine.checkpoint(session, true);
      this.#engine.giveBack(session);
      return true;
    } catch (error) {
      if (!(error instanceof LatchworkError)) return this.#breakDown(session, error);
      this.#engine.giveBack(session);
      this.lastFault = `${error.code}: ${error.message}`;
      const isTheEnd = error.code === "LOG_FAILED" || error.code === "DIRECTORY_CHANGED";
      if (isTheEnd) this.#isStopping = true;
      return false;
    }
  }

  /** Pages contradict each other: every operation reports that from now on. */
  #breakDown(session: Session, reason: unknown): false {
    this.#engine.breakDown(session, reason);
    this.lastFault = contradiction(reason).message;
    this.#isStopping = true;
    return false;
  }
}
