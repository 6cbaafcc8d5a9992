import type { Prng } from "../../task/index.ts";
import type { ChoicePoint, RunSummary } from "../strategy.ts";

/**
 * When a strategy that samples takes a crash: at a moment drawn before, each as likely as any
 * other.
 *
 * To treat the crash as one task among n would take it with probability 1/n at each step, so that
 * hardly a run got beyond its first steps. The moments of a run are its choices with a crash among
 * the options, and one more once nothing else is left. How many there are is learned from runs in
 * which no crash came before the end, the first of which is made for that; after a longer run the
 * number goes up to its length, after a shorter one it goes down a little. A second crash in one
 * run, as during a recovery, has a count of its own. Draws nothing where there is no crash.
 */
export class CrashMoment {
  readonly #prng: Prng;
  /** By how many crashes came before: choices seen until the end, or -1 while not known. */
  readonly #lengths: number[] = [];
  #ordinal = -1;
  #task = -1;
  #moment = 0;
  #passed = 0;
  #wasTaken = false;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** Lower bound on the chance that a run crashes at given moments; 1 if there is no crash. */
  get probability(): number {
    return this.#lengths.reduce((product, length) => product / (length + 1), 1);
  }

  /** Prepares the next run. */
  beginRun(): void {
    this.#ordinal = -1;
    this.#task = -1;
  }

  /** Whether to crash now. To be asked at each choice between tasks, once. */
  isNow(point: ChoicePoint): boolean {
    if (point.crashIndex < 0) return false;
    const task = point.taskAt(point.crashIndex);
    if (task !== this.#task) this.#beginNext(task);
    this.#wasTaken = this.#passed++ === this.#moment;
    return this.#wasTaken;
  }

  /** Learns how the run ended. */
  endRun({ failed }: Pick<RunSummary, "failed">): void {
    this.#learn(failed);
  }

  #beginNext(task: number): void {
    this.#learn(false);
    this.#task = task;
    this.#ordinal++;
    this.#passed = 0;
    this.#wasTaken = false;
    const length = this.#lengths[this.#ordinal] ?? -1;
    this.#moment = length < 0 ? Number.POSITIVE_INFINITY : this.#prng.below(length + 1);
  }

  #learn(wasCut: boolean): void {
    if (this.#ordinal < 0 || this.#wasTaken) return;
    const known = this.#lengths[this.#ordinal] ?? -1;
    const isShorter = this.#passed < known;
    if (isShorter && wasCut) return;
    this.#lengths[this.#ordinal] = isShorter
      ? known - Math.ceil((known - this.#passed) / 8)
      : this.#passed;
  }
}

/** The option at a place among those that are no crash. */
export function withoutCrash(point: ChoicePoint, place: number): number {
  return point.crashIndex >= 0 && place >= point.crashIndex ? place + 1 : place;
}

/** How many options are no crash. */
export function othersCount(point: ChoicePoint): number {
  return point.crashIndex < 0 ? point.count : point.count - 1;
}
