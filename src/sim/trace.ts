import { type Fact, labelOf } from "../task/index.ts";
import { taskToken } from "./schedule.ts";

/** How a step ended; `failed` is a fault of the world, thrown into the task. */
export type StepOutcome = "taken" | "queued" | "refused" | "released" | "failed";
const OUTCOMES: readonly StepOutcome[] = ["taken", "queued", "refused", "released", "failed"];

/** One event of a run: a step, and how it ended. */
export interface TraceEvent {
  readonly task: number;
  /** What the step did. */
  readonly fact: Fact;
  readonly objectId: number;
  readonly outcome: StepOutcome;
}

const COLUMNS = 4;
/** To divide by that without a fraction. */
const COLUMNS_SHIFT = 2;
const REPORTED_COLUMN = 3;

/**
 * The event log of one run: what each step did and how it ended, and the facts reported by the
 * code that ran in between. From it come the story, the pinned hashes and the trace files.
 */
export class Trace {
  #events = new Int32Array(COLUMNS * 256);
  #length = 0;
  /** Of the event at the same index. Longer runs have left some behind, which count no more. */
  readonly #facts: Fact[] = [];
  readonly #reported: Fact[] = [];
  #reportedCount = 0;
  /** How many steps have begun: one more than there are events while a step is being taken. */
  #begun = 0;

  /** How many events there are. */
  get length(): number {
    return this.#length / COLUMNS;
  }

  /** Starts a new run. */
  reset(): void {
    this.#length = 0;
    this.#reportedCount = 0;
    this.#begun = 0;
  }

  /** A step is being taken: what is reported from now on belongs to it. */
  begin(): void {
    const at = this.#begun * COLUMNS;
    if (at === this.#events.length) this.#grow();
    this.#events[at + REPORTED_COLUMN] = this.#reportedCount;
    this.#begun++;
  }

  /** Adds the event of the step that was begun last; amortised O(1). */
  add(task: number, fact: Fact, objectId: number, outcome: StepOutcome): void {
    const events = this.#events;
    const at = this.#length;
    events[at] = task;
    events[at + 1] = objectId;
    events[at + 2] = outcomeCode(outcome);
    this.#facts[at >> COLUMNS_SHIFT] = fact;
    this.#length = at + COLUMNS;
  }

  /** Adds what happened in the code that runs now. Amortised O(1). */
  tell(fact: Fact): void {
    this.#reported[this.#reportedCount++] = fact;
  }

  /** The event at a position. Requires: `0 <= index < length`. */
  at(index: number): TraceEvent {
    const base = index * COLUMNS;
    return {
      task: this.#events[base] ?? -1,
      fact: this.#facts[index] ?? NOTHING,
      objectId: this.#events[base + 1] ?? -1,
      outcome: OUTCOMES[this.#events[base + 2] ?? 0] ?? "taken",
    };
  }

  /**
   * The facts reported while a step was taken and in the code after it, oldest first; for -1,
   * before the first step. Those of a step that broke a rule, and so left no event, are at the
   * index after the last.
   */
  reportedBy(index: number): readonly Fact[] {
    const from = index < 0 ? 0 : this.#reportedBefore(index);
    return this.#reported.slice(from, this.#reportedBefore(index + 1));
  }

  /** One line an event, `12 b latch S #6 taken`: the same bytes for the same run everywhere. */
  toText(): string {
    const lines: string[] = [];
    for (let i = 0; i < this.length; i++) {
      const { task, fact, objectId, outcome } = this.at(i);
      lines.push(`${i} ${taskToken(task)} ${labelOf(fact)} #${objectId} ${outcome}\n`);
    }
    return lines.join("");
  }

  /** How many facts were reported before the step of an event began; all, if it has not. */
  #reportedBefore(index: number): number {
    if (index >= this.#begun) return this.#reportedCount;
    return this.#events[index * COLUMNS + REPORTED_COLUMN] ?? 0;
  }

  #grow(): void {
    const larger = new Int32Array(this.#events.length * 2);
    larger.set(this.#events);
    this.#events = larger;
  }
}

const NOTHING: Fact = { kind: "custom", label: "" };

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
