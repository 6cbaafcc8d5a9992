import {
  ALL_REDUCTIONS,
  Budget,
  type BudgetLimits,
  type Found,
  type GivenUp,
  PartSearch,
} from "../search/index.ts";
import { type KeyPrint, type Subject, valueId } from "./claims.ts";
import { type Asked, PastValues } from "./past-values.ts";
import { FORGOTTEN, FREED, KEPT, LOOSE, trialProblem } from "./trial-problem.ts";

/** How many looks at the budget one trial may take, and how many all of them together. */
interface Looks {
  readonly ofTrial: number;
  readonly ofAll: number;
}

/** To find a core. */
const EXPLAINING: Looks = { ofTrial: 200, ofAll: 1000 };
/** The same with times forgotten: with so much left open, trials are long. */
const TIMING: Looks = { ofTrial: 10, ofAll: 60 };

/** So many events cost about as much as the search between two looks. */
const EVENTS_A_LOOK = 2000;

/**
 * A budget in looks, which are the same everywhere, besides the time and memory of a caller: an
 * explanation must be bounded, and must not depend on the machine.
 */
class TrialBudget extends Budget {
  #looks = 0;
  #ofTrial = 0;
  #max: Looks;

  constructor(limits: BudgetLimits, max: Looks) {
    super({ ...limits, onProgress: () => undefined });
    this.#max = max;
  }

  get isSpent(): boolean {
    return this.#looks >= this.#max.ofAll;
  }

  /** Begins anew, with other limits. */
  turnTo(max: Looks): void {
    this.#looks = 0;
    this.#max = max;
  }

  /** Begins a trial of so many events, which cost something by themselves. */
  begin(events: number): void {
    this.#ofTrial = 0;
    this.#looks += Math.floor(events / EVENTS_A_LOOK);
  }

  override spent(bytes: number, event: number): GivenUp | null {
    this.#looks++;
    this.#ofTrial++;
    if (this.#ofTrial > this.#max.ofTrial || this.#looks > this.#max.ofAll) return "time";
    return super.spent(bytes, event);
  }
}

/** A stretch of time, in order numbers of events; both ends belong to it. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Which forgotten claims count: all; those that ask for nothing; or all, asking for nothing. */
type How = "all" | "blind" | "freed";

const ALWAYS: Stretch = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

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
  readonly #makers: ReadonlyMap<string, readonly number[]>;
  /** Of each key, the claims that change it. */
  readonly #writers: readonly (readonly number[])[];
  readonly #search: PartSearch;
  readonly #past: PastValues;
  /** True once a trial was given up. */
  wasGivenUp = false;

  constructor(subject: Subject, limits: BudgetLimits) {
    this.#subject = subject;
    this.#budget = new TrialBudget(limits, EXPLAINING);
    this.#search = new PartSearch(this.#budget, ALL_REDUCTIONS, []);
    const makers = new Map<string, number[]>();
    const writers = subject.keys.map((): number[] => []);
    for (const [i, { forgotten }] of subject.claims.entries()) {
      for (const print of forgotten ?? []) {
        if (print.makes === undefined) continue;
        const id = valueId(print.key, print.makes);
        const list = makers.get(id);
        if (list === undefined) makers.set(id, [i]);
        else list.push(i);
        writers[print.key]?.push(i);
      }
    }
    this.#makers = makers;
    this.#past = new PastValues(subject);
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
    if (this.isSpent) return this.#giveUp();
    if (timed === null) {
      const here = this.#decideHere(kept);
      if (here === "impossible") return true;
      if (here === "possible") return false;
    }
    const chosen = this.#chosen(kept, ALWAYS).chosen;
    if (timed !== null) {
      const isTimed = new Set(timed);
      for (const [i, state] of chosen) {
        if (state === FORGOTTEN && !isTimed.has(i)) chosen.set(i, LOOSE);
      }
    }
    return this.#decide(chosen, []) === "no";
  }

  /**
   * The same, with everything forgotten that was over before the first claim in `kept` began: any
   * value that was made by then may be there at first. Allows more, and costs as little as the
   * stretch of time is short. False if the object is not one register.
   */
  isImpossibleHere(kept: readonly number[]): boolean {
    return this.#decideHere(kept) === "impossible";
  }

  /**
   * First with fewer of the forgotten, so that an order is soon found if there is one; then with
   * what the forgotten must find forgotten too, so that it is soon seen if there is none.
   */
  #decideHere(kept: readonly number[]): "impossible" | "possible" | "unclear" {
    const { claims, isRegisters, keys } = this.#subject;
    if (!isRegisters || keys.length > 1 || this.isSpent) return "unclear";
    // Not by Math.min(...): a call takes some 100,000 arguments at most, and a history has more.
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const i of kept) {
      const { begins, ends, isRequired } = claims[i] ?? NEVER;
      from = Math.min(from, begins);
      if (isRequired) to = Math.max(to, ends);
    }
    for (const how of ["blind", "freed", "all"] as const) {
      const { chosen, asked } = this.#chosen(kept, { from, to }, how);
      const past = this.#past.at(from, asked);
      const values = how === "blind" ? past.certain : past.possible;
      const answer = this.#decide(chosen, values);
      if (answer === "no" && how !== "blind") return "impossible";
      const isExact = past.certain.length === past.possible.length;
      if (answer === "yes" && (how === "blind" || (how === "all" && isExact))) return "possible";
    }
    return "unclear";
  }

  /** From now on times are forgotten too, and less is tried. */
  turnToTimes(): void {
    this.#budget.turnTo(TIMING);
    this.wasGivenUp = false;
  }

  /** Claims that count, though they are forgotten, while those in `kept` are not. */
  forgottenBeside(kept: readonly number[]): readonly number[] {
    const { chosen } = this.#chosen(kept, ALWAYS);
    return [...chosen.keys()].filter((i) => chosen.get(i) === FORGOTTEN);
  }

  /** Claims that can have made a value, forgotten or not. */
  makersOf(key: number, value: unknown): readonly number[] {
    return this.#makers.get(valueId(key, value)) ?? [];
  }

  #giveUp(): false {
    this.wasGivenUp = true;
    return false;
  }

  #decide(chosen: ReadonlyMap<number, number>, past: readonly unknown[]): Found["kind"] {
    if (this.isSpent) {
      this.#giveUp();
      return "unknown";
    }
    const problem = trialProblem(this.#subject, chosen, past);
    this.#budget.begin(problem.part.events.length);
    const { kind } = this.#search.decide(problem);
    if (kind === "unknown") this.wasGivenUp = true;
    return kind;
  }

  /** What is known of each claim that counts in a stretch, and the values that they ask for. */
  #chosen(
    kept: readonly number[],
    stretch: Stretch,
    how: How = "all",
  ): { chosen: Map<number, number>; asked: Asked } {
    const { claims, isRegisters } = this.#subject;
    const chosen = new Map<number, number>(kept.map((i) => [i, KEPT]));
    if (isRegisters) return { chosen, asked: this.#addRelevant(kept, chosen, stretch, how) };
    for (const [i, { isLook }] of claims.entries()) {
      if (!isLook && !chosen.has(i)) chosen.set(i, FORGOTTEN);
    }
    return { chosen, asked: { needed: new Map(), avoided: new Set() } };
  }

  /**
   * Of the claims that are forgotten, those count that can leave a value which is asked for; all
   * writers of a key do where a claim asks only for "not x".
   */
  #addRelevant(
    kept: readonly number[],
    chosen: Map<number, number>,
    { from, to }: Stretch,
    how: How,
  ): Asked {
    const { claims } = this.#subject;
    const needed = new Map<string, unknown>();
    const avoided = new Set<string>();
    const isAvoided = new Set<number>();
    const todo: number[] = [];
    const add = (list: readonly number[]): void => {
      for (const i of list) {
        const { begins, ends, forgotten } = claims[i] ?? NEVER;
        if (chosen.has(i) || begins > to || ends < from) continue;
        if (how === "blind" && forgotten?.some(asksForSomething) === true) continue;
        chosen.set(i, how === "freed" ? FREED : FORGOTTEN);
        if (how === "all") todo.push(i);
      }
    };
    const ask = (print: KeyPrint): void => {
      if (print.needs !== undefined) {
        const id = valueId(print.key, print.needs);
        if (!needed.has(id)) add(this.#makers.get(id) ?? []);
        needed.set(id, print.needs);
      }
      if (print.avoids !== undefined) avoided.add(valueId(print.key, print.avoids));
      if (print.avoids === undefined || isAvoided.has(print.key)) return;
      isAvoided.add(print.key);
      add(this.#writers[print.key] ?? []);
    };
    for (const i of kept) for (const print of claims[i]?.prints ?? []) ask(print);
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      for (const print of claims[at]?.forgotten ?? []) ask(print);
    }
    return { needed, avoided };
  }
}

function asksForSomething({ needs, avoids }: KeyPrint): boolean {
  return needs !== undefined || avoids !== undefined;
}

const NEVER = {
  begins: Number.POSITIVE_INFINITY,
  ends: Number.NEGATIVE_INFINITY,
  isRequired: false,
  forgotten: null,
};
