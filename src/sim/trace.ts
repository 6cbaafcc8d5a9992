import { taskToken } from "./schedule.ts";

/** How a step ended; `failed` is a fault of the world, thrown into the task. */
export type StepOutcome = "taken" | "queued" | "refused" | "released" | "failed";
const OUTCOMES: readonly StepOutcome[] = ["taken", "queued", "refused", "released", "failed"];

/** One event of a run. */
export interface TraceEvent {
  readonly task: number;
  readonly label: string;
  readonly objectId: number;
  readonly outcome: StepOutcome;
}

const COLUMNS = 4;

/**
 * The event log of one run, in typed columns so that full tracing costs little. From it come the
 * story, the pinned hashes and the order graph.
 */
export class Trace {
  #events = new Int32Array(COLUMNS * 256);
  #length = 0;
  readonly #labels: string[] = [];
  readonly #codes = new Map<string, number>();

  /** How many events there are. */
  get length(): number {
    return this.#length / COLUMNS;
  }

  /** Starts a new run. */
  reset(): void {
    this.#length = 0;
  }

  /** Adds an event; amortised O(1). */
  add(task: number, label: string, objectId: number, outcome: StepOutcome): void {
    if (this.#length === this.#events.length) this.#grow();
    const events = this.#events;
    const at = this.#length;
    events[at] = task;
    events[at + 1] = this.#codes.get(label) ?? this.#intern(label);
    events[at + 2] = objectId;
    events[at + 3] = outcomeCode(outcome);
    this.#length = at + COLUMNS;
  }

  /** The event at a position. Requires: `0 <= index < length`. */
  at(index: number): TraceEvent {
    const base = index * COLUMNS;
    return {
      task: this.#events[base] ?? -1,
      label: this.#labels[this.#events[base + 1] ?? -1] ?? "",
      objectId: this.#events[base + 2] ?? -1,
      outcome: OUTCOMES[this.#events[base + 3] ?? 0] ?? "taken",
    };
  }

  /** One line an event, `12 b latch S #6 taken`: the same bytes for the same run everywhere. */
  toText(): string {
    const lines: string[] = [];
    for (let i = 0; i < this.length; i++) {
      const { task, label, objectId, outcome } = this.at(i);
      lines.push(`${i} ${taskToken(task)} ${label} #${objectId} ${outcome}\n`);
    }
    return lines.join("");
  }

  #intern(label: string): number {
    const code = this.#labels.length;
    this.#labels.push(label);
    this.#codes.set(label, code);
    return code;
  }

  #grow(): void {
    const larger = new Int32Array(this.#events.length * 2);
    larger.set(this.#events);
    this.#events = larger;
  }
}

function outcomeCode(outcome: StepOutcome): number {
  switch (outcome) {
    case "taken":
      return 0;
    case "queued":
      return 1;
    case "refused":
      return 2;
    case "released":
      return 3;
    case "failed":
      return 4;
  }
}
