import {
  ALL_REDUCTIONS,
  Budget,
  type BudgetLimits,
  CRASH,
  EXPIRE,
  FootprintColumns,
  FootprintSteps,
  type GivenUp,
  INVOKE,
  type Part,
  PartBuilder,
  PartSearch,
  RETURN,
  type Steps,
  TableSteps,
} from "../search/index.ts";
import { type KeyPrint, type Subject, UNKNOWN, valueId } from "./subject.ts";

/** What is known of a claim in a trial. */
const ABSENT = 0;
/** Whether it happened and what it answered are forgotten; when it can have happened is not. */
const FORGOTTEN = 1;
/** As forgotten, and when it can have happened is forgotten too. */
const LOOSE = 2;
const KEPT = 3;

/** Looks at the budget that one trial may take, and that all of them may take together. */
const TRIAL_LOOKS_MAX = 200;
const LOOKS_MAX = 1000;
/** The same for trials in which times are forgotten: with so much left open they are long. */
const TIMED_TRIAL_LOOKS_MAX = 10;
const TIMED_LOOKS_MAX = 60;

/**
 * A budget in looks, which are the same everywhere, besides the time and memory of a caller: an
 * explanation must not take for ever, and must not depend on the machine either.
 */
class TrialBudget extends Budget {
  #looks = 0;
  #ofTrial = 0;
  #trialMax = TRIAL_LOOKS_MAX;
  #max = LOOKS_MAX;

  get isSpent(): boolean {
    return this.#looks >= this.#max;
  }

  /** Begins anew, with less. */
  turnToTimes(): void {
    this.#looks = 0;
    this.#trialMax = TIMED_TRIAL_LOOKS_MAX;
    this.#max = TIMED_LOOKS_MAX;
  }

  begin(): void {
    this.#ofTrial = 0;
  }

  override spent(bytes: number, event: number): GivenUp | null {
    this.#looks++;
    this.#ofTrial++;
    if (this.#ofTrial > this.#trialMax || this.#looks > this.#max) return "time";
    return super.spent(bytes, event);
  }
}

/**
 * Tries whether part of what a history says cannot be explained already.
 *
 * A trial keeps some claims as they are and forgets the rest: a claim that is forgotten may have
 * happened, at some moment between its two events, or not, and what it answered is unknown. So a
 * trial that keeps less allows more, and if it is impossible then so is the whole history.
 */
export class Trial {
  readonly #subject: Subject;
  readonly #budget: TrialBudget;
  /** Events of all claims in order: order number, claim, and whether it is the end. */
  readonly #events: readonly (readonly [order: number, claim: number, isEnd: boolean])[];
  readonly #makers: ReadonlyMap<string, readonly number[]>;
  /** Of each key, who changes it. */
  readonly #writers: readonly (readonly number[])[];
  readonly #search: PartSearch;
  /** True once a trial was given up. */
  wasGivenUp = false;

  constructor(subject: Subject, limits: BudgetLimits) {
    this.#subject = subject;
    this.#budget = new TrialBudget(limits);
    this.#search = new PartSearch(this.#budget, ALL_REDUCTIONS, []);
    const events: [number, number, boolean][] = [];
    const makers = new Map<string, number[]>();
    const writers = subject.keys.map((): number[] => []);
    for (const [i, { begins, ends, forgotten }] of subject.claims.entries()) {
      events.push([begins, i, false]);
      if (Number.isFinite(ends)) events.push([ends, i, true]);
      for (const print of forgotten ?? []) {
        if (print.makes === undefined) continue;
        const id = valueId(print.key, print.makes);
        const list = makers.get(id);
        if (list === undefined) makers.set(id, [i]);
        else list.push(i);
        writers[print.key]?.push(i);
      }
    }
    // The ends that one crash sets stay in the order of invocation: the sort is stable.
    this.#events = events.toSorted((a, b) => a[0] - b[0]);
    this.#makers = makers;
    this.#writers = writers;
  }

  /** True once there is nothing left to try with. */
  get isSpent(): boolean {
    return this.#budget.isSpent;
  }

  /**
   * True if no order explains the claims in `kept`; false also if that could not be found out.
   *
   * @param timed Of the forgotten claims, those whose times count; all of them if null.
   */
  isImpossible(kept: readonly number[], timed: readonly number[] | null = null): boolean {
    if (this.isSpent) {
      this.wasGivenUp = true;
      return false;
    }
    const states = this.#statesOf(kept);
    if (timed !== null) {
      const isTimed = new Set(timed);
      for (const i of states.keys()) {
        if (states[i] === FORGOTTEN && !isTimed.has(i)) states[i] = LOOSE;
      }
    }
    const { part, chosen } = this.#partOf(states);
    const problem = { part, steps: this.#stepsOf(part, chosen, states) };
    this.#budget.begin();
    const found = this.#search.decide(problem);
    if (found.kind === "unknown") this.wasGivenUp = true;
    return found.kind === "no";
  }

  /** From now on times are forgotten too, and less is tried. */
  turnToTimes(): void {
    this.#budget.turnToTimes();
    this.wasGivenUp = false;
  }

  /** Claims that count, though they are forgotten, while those in `kept` are not. */
  forgottenBeside(kept: readonly number[]): readonly number[] {
    const states = this.#statesOf(kept);
    return [...states.keys()].filter((i) => states[i] === FORGOTTEN);
  }

  /** Who can have made a value, forgotten or not. */
  makersOf(key: number, value: unknown): readonly number[] {
    return this.#makers.get(valueId(key, value)) ?? [];
  }

  #statesOf(kept: readonly number[]): Uint8Array {
    const { claims, isRegisters } = this.#subject;
    const states = new Uint8Array(claims.length);
    if (isRegisters) this.#forgetRelevant(kept, states);
    else for (const [i, { isLook }] of claims.entries()) if (!isLook) states[i] = FORGOTTEN;
    for (const i of kept) states[i] = KEPT;
    return states;
  }

  /**
   * Of the claims that are forgotten, those count that can leave a value which is asked for; all
   * writers of a key do where somebody asks only that it be not some value.
   */
  #forgetRelevant(kept: readonly number[], states: Uint8Array): void {
    const { claims } = this.#subject;
    const asked = new Set<string>();
    const isAvoided = new Set<number>();
    const todo: number[] = [];
    const add = (list: readonly number[]): void => {
      for (const i of list) {
        if (states[i] !== ABSENT) continue;
        states[i] = FORGOTTEN;
        todo.push(i);
      }
    };
    const ask = (print: KeyPrint): void => {
      if (print.needs !== undefined) {
        const id = valueId(print.key, print.needs);
        if (!asked.has(id)) add(this.#makers.get(id) ?? []);
        asked.add(id);
      }
      if (print.avoids === undefined || isAvoided.has(print.key)) return;
      isAvoided.add(print.key);
      add(this.#writers[print.key] ?? []);
    };
    for (const i of kept) for (const print of claims[i]?.prints ?? []) ask(print);
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      for (const print of claims[at]?.forgotten ?? []) ask(print);
    }
  }

  /** The part, and which claim each of its operations is. */
  #partOf(states: Uint8Array): { part: Part; chosen: readonly number[] } {
    const { claims, crashes } = this.#subject;
    const builder = new PartBuilder();
    const chosen: number[] = [];
    const locals = new Int32Array(claims.length).fill(-1);
    for (const [i, { isRequired, isObserver }] of claims.entries()) {
      if (states[i] === ABSENT) continue;
      const isKept = states[i] === KEPT;
      locals[i] = builder.addOperation(i, isKept && isRequired, isKept && isObserver);
      chosen.push(i);
    }
    for (const [i, local] of locals.entries()) {
      if (states[i] === LOOSE) builder.addEvent(local, INVOKE, 0);
    }
    let crash = 0;
    for (const [order, claim, isEnd] of this.#events) {
      for (; (crashes[crash] ?? Number.POSITIVE_INFINITY) < order; crash++) {
        builder.addEvent(0, CRASH, crashes[crash] ?? 0);
      }
      const local = locals[claim] ?? -1;
      if (local < 0 || states[claim] === LOOSE) continue;
      const isReturn = states[claim] === KEPT && claims[claim]?.isRequired === true;
      builder.addEvent(local, isEnd ? (isReturn ? RETURN : EXPIRE) : INVOKE, order);
    }
    for (; crash < crashes.length; crash++) builder.addEvent(0, CRASH, crashes[crash] ?? 0);
    return { part: builder.finish(), chosen };
  }

  #stepsOf(part: Part, chosen: readonly number[], states: Uint8Array): Steps {
    const { claims, isRegisters, keys, initial, model, crashes } = this.#subject;
    if (!isRegisters) {
      const calls = chosen.flatMap((i) => {
        const call = claims[i]?.call;
        if (call === undefined) return [];
        return [states[i] === KEPT ? call : { ...call, ...UNKNOWN }];
      });
      return new TableSteps(model, calls, crashes.length > 0);
    }
    const columns = new FootprintColumns();
    for (let key = 0; key < keys.length; key++) columns.numberOf(key, initial);
    for (const i of chosen) {
      const claim = claims[i];
      const prints = (states[i] === KEPT ? claim?.prints : claim?.forgotten) ?? [];
      const [only] = prints;
      if (only !== undefined && (prints.length === 1 || only.makes !== undefined)) {
        columns.add(only.key, only);
      } else {
        columns.addScan(
          prints.flatMap(({ key, needs }) => (needs === undefined ? [] : [[key, needs] as const])),
        );
      }
    }
    const { isRequired } = part;
    return new FootprintSteps({
      columns,
      keys: keys.length,
      initial,
      isRequired,
      mergesDead: true,
    });
  }
}
