import { realNowMs } from "../task/driver-real-time.ts";
import { grouped } from "./output.ts";

/** What a hunt reports between its slices: how many schedules are done, out of at most how many. */
export interface Pace {
  readonly label: string;
  /** What is counted. Default: schedules. */
  readonly noun?: string;
  readonly runs: number;
  /** Null if nobody knows how many there will be. */
  readonly runsMax: number | null;
}

const FIRST_SHOWN_AFTER_MS = 2000;
const REDRAWN_EVERY_MS = 200;

/** A line on standard error with rate and time left, on a terminal and only for what takes long. */
export class Progress {
  readonly #startedAt = realNowMs();
  #labelStartedAt = this.#startedAt;
  #label = "";
  #shownAt = 0;
  #isShown = false;

  show(pace: Pace): void {
    if (!process.stderr.isTTY) return;
    const now = realNowMs();
    if (pace.label !== this.#label) {
      this.#label = pace.label;
      this.#labelStartedAt = now;
    }
    if (now - this.#startedAt < FIRST_SHOWN_AFTER_MS) return;
    if (now - this.#shownAt < REDRAWN_EVERY_MS) return;
    this.#shownAt = now;
    this.#isShown = true;
    const line = describe(pace, (now - this.#labelStartedAt) / 1000);
    // A line that the terminal breaks could not be taken away again.
    process.stderr.write(`\r\u001b[K${line.slice(0, Math.max(0, process.stderr.columns - 1))}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isShown) process.stderr.write("\r\u001b[K");
    this.#isShown = false;
  }
}

function describe({ label, noun = "schedules", runs, runsMax }: Pace, seconds: number): string {
  const rate = seconds > 0 ? runs / seconds : 0;
  const speed = `${grouped(rate)} ${noun}/s`;
  if (runsMax === null || rate === 0) return `${label}: ${grouped(runs)} ${noun}, ${speed}`;
  const left = Math.ceil((runsMax - runs) / rate);
  return `${label}: ${grouped(runs)} of ${grouped(runsMax)} ${noun}, ${speed}, ${left} s left`;
}
