import { jsonKey, type Call, type Model } from "../models/index.ts";
import type { ConfigSet } from "./config-set.ts";
import { ILLEGAL, type Steps } from "./steps.ts";

/** About what one state and its steps take, for the memory budget. */
const BYTES_A_STEP = 150;

/** A Map holds 2 ** 24 entries, and no more. What one look at the budget may add is left free. */
const STEPS_MAX = 2 ** 24 - 2 ** 21;

/**
 * Any model: states are interned by their keys, calls by what they say, and each step that was ever
 * taken is remembered, so that the model is asked once about each state and call.
 *
 * Under buffered durability a state is a pair: the live one, and the one that a crash would keep,
 * which is any state that was live since the last crash, or what that one kept.
 */
export class TableSteps implements Steps {
  readonly initialState: number;
  isBranching: boolean;
  readonly footprints = null;
  readonly isDue = false;
  readonly #model: Model;
  readonly #labels: Int32Array;
  readonly #calls: Call[] = [];
  readonly #isBuffered: boolean;
  readonly #states: unknown[] = [];
  readonly #kept: number[] = [];
  readonly #live: number[] = [];
  readonly #numbers = new Map<unknown, number>();
  readonly #pairs = new Map<number, number>();
  readonly #steps = new Map<number, number | readonly number[]>();

  constructor(model: Model, calls: readonly Call[], isBuffered: boolean) {
    this.#model = model;
    this.#isBuffered = isBuffered;
    this.isBranching = isBuffered;
    const labels = new Map<string, number>();
    this.#labels = Int32Array.from(calls, (call) => {
      const answer = call.outcome === "ok" ? [call.output] : [];
      const text = JSON.stringify([call.f, call.key, call.input, ...answer]);
      let label = labels.get(text);
      if (label === undefined) {
        label = labels.size;
        labels.set(text, label);
        this.#calls.push(call);
      }
      return label;
    });
    const first = this.#stateNumber(model.initial);
    this.initialState = isBuffered ? this.#pairNumber(first, first) : first;
  }

  get bytes(): number {
    if (this.#steps.size > STEPS_MAX) return Number.POSITIVE_INFINITY;
    return (this.#steps.size + this.#states.length) * BYTES_A_STEP;
  }

  next(state: number, operation: number, branch: number): number {
    const label = this.#labels[operation] ?? 0;
    const at = state * this.#calls.length + label;
    let found = this.#steps.get(at);
    if (found === undefined) {
      found = this.#ask(state, label);
      this.#steps.set(at, found);
    }
    if (typeof found === "number") return branch === 0 ? found : ILLEGAL;
    return found[branch] ?? ILLEGAL;
  }

  isSame(a: number, b: number): boolean {
    return this.#labels[a] === this.#labels[b];
  }

  crash(state: number): number {
    if (!this.#isBuffered) return state;
    const kept = this.#kept[state] ?? 0;
    return this.#pairNumber(kept, kept);
  }

  collect(_sets: readonly ConfigSet[]): void {}

  retire(_operation: number): void {}

  unretire(_operation: number): void {}

  #ask(state: number, label: number): number | readonly number[] {
    const call = this.#calls[label];
    if (call === undefined) return ILLEGAL;
    const live = this.#isBuffered ? (this.#live[state] ?? 0) : state;
    const kept = this.#kept[state] ?? 0;
    const next = new Set<number>();
    for (const value of this.#model.step(this.#states[live], call)) {
      const number = this.#stateNumber(value);
      if (!this.#isBuffered) next.add(number);
      else {
        next.add(this.#pairNumber(number, kept));
        // To keep the state that is live already was a choice when it came about.
        if (number !== live) next.add(this.#pairNumber(number, number));
      }
    }
    if (next.size > 1) this.isBranching = true;
    const [only] = next;
    return next.size > 1 ? [...next] : (only ?? ILLEGAL);
  }

  #stateNumber(state: unknown): number {
    const key = this.#model.stateKey === undefined ? jsonKey(state) : this.#model.stateKey(state);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#states.length;
      this.#states.push(state);
      this.#numbers.set(key, number);
    }
    return number;
  }

  #pairNumber(live: number, kept: number): number {
    const key = live * 0x4000000 + kept;
    let number = this.#pairs.get(key);
    if (number === undefined) {
      number = this.#live.length;
      this.#live.push(live);
      this.#kept.push(kept);
      this.#pairs.set(key, number);
    }
    return number;
  }
}
