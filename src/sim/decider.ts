import { disown, inWords, LatchworkError } from "../task/index.ts";
import type { LiveChoicePoint } from "./choice-point.ts";
import type { Decisions } from "./decisions.ts";
import type { Segment } from "./segment.ts";
import { ABANDON, type ChoicePoint, type Strategy } from "./strategy.ts";

/** Asks the strategy of a run which option is taken, and which value is drawn. */
export class Decider {
  /** Whether the strategy has given the run up. */
  abandoned = false;
  readonly #point: LiveChoicePoint;
  readonly #decisions: Decisions;
  #strategy: Strategy | null = null;

  /** @param decisions Those of the run so far; values that are drawn are added. */
  constructor(point: LiveChoicePoint, decisions: Decisions) {
    this.#point = point;
    this.#decisions = decisions;
  }

  /** Starts a new run. */
  begin(strategy: Strategy): void {
    this.#strategy = strategy;
    this.abandoned = false;
    this.#decisions.reset();
  }

  /** Which strategy decides. Requires: a run has begun. */
  get strategy(): Strategy {
    if (this.#strategy === null) throw new RangeError("a run has a strategy");
    return this.#strategy;
  }

  /**
   * Which option is taken. Requires: there are two or more.
   *
   * @param steps Steps taken so far.
   * @throws LatchworkError BAD_ARGUMENT if the strategy gives what is no option.
   */
  ask(steps: number): number {
    const point = this.#point;
    const strategy = this.#strategy ?? this.strategy;
    point.stepIndex = steps;
    point.decisionIndex = this.#decisions.length;
    const index = strategy.choose(point);
    if (isOption(index, point.count)) return index;
    return this.#giveUp(index);
  }

  /** Draws a value below `count`, which becomes an entry of the schedule. */
  draw(count: number, steps: number): number {
    const point = this.#point;
    point.kind = "value";
    point.count = count;
    point.currentIndex = -1;
    point.crashIndex = -1;
    const value = count > 1 ? this.ask(steps) : 0;
    point.kind = "task";
    this.#decisions.add(~value);
    return value;
  }

  /** Shows the strategy a segment, after which it may give the run up. */
  segmentRan(segment: Segment): void {
    const given: unknown = this.strategy.segmentRan?.(segment);
    if (given === ABANDON) this.abandoned = true;
    else if (given !== undefined) throw notAnAnswer(this.strategy, given);
  }

  /** The strategy has chosen no option: it gives the run up, or is wrong. */
  #giveUp(chosen: unknown): number {
    if (chosen !== ABANDON) throw notAnOption(this.strategy, chosen, this.#point);
    this.abandoned = true;
    return 0;
  }
}

/** Whatever code without types has given, only a whole number is what it is as 32 bits. */
function isOption(chosen: unknown, count: number): chosen is number {
  return typeof chosen === "number" && (chosen | 0) === chosen && chosen >= 0 && chosen < count;
}

function notAnAnswer({ name }: Strategy, given: unknown): LatchworkError {
  disown(given);
  const found = inWords(given);
  const message = `strategy ${name}: segmentRan gave ${found}, expected nothing or ABANDON`;
  return new LatchworkError("BAD_ARGUMENT", message);
}

function notAnOption({ name }: Strategy, chosen: unknown, { count }: ChoicePoint): LatchworkError {
  const message =
    `strategy ${name}: choose gave ${inWords(chosen)}, ` +
    `expected a whole number from 0 to ${count - 1}, or ABANDON`;
  return new LatchworkError("BAD_ARGUMENT", message);
}
