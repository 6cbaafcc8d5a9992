import type { Protocol } from "../../btree/index.ts";
import { programOf, type Scenario } from "../../hunt/index.ts";
import {
  hiddenFailure,
  parseStrategy,
  type Schedule,
  Scheduler,
  type Strategy,
} from "../../sim/index.ts";
import { createPrng } from "../../task/index.ts";
import { ContinuationStrategy } from "./continuation.ts";
import { foundText, knownText, noneText, overText, strayedText } from "./hint-text.ts";

/** What is asked for: what to decide next, so that the run fails. */
export interface HintOrder {
  readonly kind: "hint";
  readonly scenario: Scenario;
  /** The decisions so far. */
  readonly schedule: Schedule;
  /** A schedule of this scenario that fails, the shortest that is known; null if none is. */
  readonly failing: Schedule | null;
  /** Most runs of the search, where the schedule so far is not the beginning of `failing`. */
  readonly runsMax: number;
  readonly seed: string;
}

/** What to decide next. */
export interface Hint {
  /**
   * `known`: as the failing schedule goes on that was given; `found`: as one goes on that was found
   * from here; `none`: none was found; `over`: nothing is left to decide.
   */
  readonly kind: "known" | "found" | "none" | "over";
  /** A task, or `~value`, as schedules have it; null where there is nothing to be said. */
  readonly decision: number | null;
  /**
   * Where in the schedule it stands: behind its last decision, or in the place of a value that has
   * been drawn already and is to be another one.
   */
  readonly at: number;
  /** The failing schedule that it is a part of. */
  readonly failing: Schedule | null;
  /** Runs made to find it. */
  readonly runs: number;
  /** All of it in a line or two. */
  readonly text: string;
}

/** A hint under way: yields the runs so far. */
export type Hinting = Generator<number, Hint, void>;

/** What is enough for a tree of a few pages, in a fraction of a second. */
export const HINT_RUNS_MAX = 2000;
const RUNS_PER_SLICE = 100;
/** In turn: what meets the fewest preemptions first, and ends once all was run; and the odd. */
const STRATEGIES: readonly string[] = ["dfs:999", "random"];

/**
 * Says what to decide next, so that the run fails.
 *
 * @param own Protocols of one's own that the scenario may name.
 * @throws LatchworkError for a scenario that cannot be run.
 */
export function* hinting(order: HintOrder, own: readonly Protocol[] = []): Hinting {
  const known = knownHint(order);
  if (known !== null) return known;
  return yield* new Search(order, own).run();
}

/** {@link hinting} to its end. */
export function nextHint(order: HintOrder, own: readonly Protocol[] = []): Hint {
  const work = hinting(order, own);
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
  }
}

/** As the failing schedule that is known goes on; null if the run has left it. */
function knownHint({ schedule, failing }: HintOrder): Hint | null {
  if (failing === null) return null;
  const at = schedule.findIndex((decision, i) => decision !== failing[i]);
  const decision = failing[at < 0 ? schedule.length : at];
  if (decision === undefined) return null;
  // A value that was drawn by the step just taken can still be another one.
  const isOpen = at < 0 || [...schedule.slice(at), decision].every((one) => one < 0);
  if (!isOpen) return null;
  const place = at < 0 ? schedule.length : at;
  return { kind: "known", decision, at: place, failing, runs: 0, text: knownText(decision) };
}

/** A run that begins as it was decided, and fails. */
interface Failing {
  readonly schedule: Schedule;
  /** Whether it ends well, and only shows that another would not. */
  readonly isHidden: boolean;
  readonly preemptions: number;
  readonly steps: number;
}

class Search {
  readonly #order: HintOrder;
  readonly #scheduler = new Scheduler();
  readonly #run: (strategy: Strategy) => void;
  readonly #strategies: readonly Strategy[];
  #best: Failing | null = null;
  #runs = 0;
  #hasStrayed = false;

  constructor(order: HintOrder, own: readonly Protocol[]) {
    this.#order = order;
    const program = programOf(this.#scheduler, order.scenario, own);
    this.#run = (strategy) => strategy.endRun(this.#scheduler.run(program, strategy));
    this.#strategies = STRATEGIES.map((name) => {
      const rest = parseStrategy(name, createPrng(`${order.seed}/${name}`));
      return new ContinuationStrategy(order.schedule, rest);
    });
  }

  *run(): Hinting {
    let isOver = false;
    while (!isOver) {
      isOver = this.#slice();
      if (!isOver) yield this.#runs;
    }
    return this.#hint();
  }

  /** Makes some runs; true if there are no more to make. */
  #slice(): boolean {
    for (let i = 0; i < RUNS_PER_SLICE; i++) {
      const strategy = this.#strategies[this.#runs % this.#strategies.length];
      if (strategy === undefined || this.#runs >= this.#order.runsMax) return true;
      if (!strategy.beginRun()) return true;
      this.#run(strategy);
      this.#runs++;
      if (!this.#followed()) {
        this.#hasStrayed = true;
        return true;
      }
      const found = this.#found();
      if (found === null || !isBetter(found, this.#best)) continue;
      this.#best = found;
      if (strategy === this.#strategies[0] && !found.isHidden) return true;
    }
    return false;
  }

  #followed(): boolean {
    const { abandoned, schedule } = this.#scheduler;
    return !abandoned && this.#order.schedule.every((decision, i) => schedule[i] === decision);
  }

  #found(): Failing | null {
    const { failure, preemptions, steps, schedule } = this.#scheduler;
    const isHidden = failure === null;
    if (isHidden && hiddenFailure(this.#scheduler) === null) return null;
    return { schedule, isHidden, preemptions, steps };
  }

  #hint(): Hint {
    const at = this.#order.schedule.length;
    const runs = this.#runs;
    const nothing = { decision: null, at, failing: null, runs };
    if (this.#hasStrayed) return { kind: "over", ...nothing, text: strayedText() };
    if (this.#isOver()) return { kind: "over", ...nothing, text: overText(this.#best !== null) };
    if (this.#best === null) {
      return { kind: "none", ...nothing, text: noneText(runs, this.#hasRunAll()) };
    }
    const { schedule: failing } = this.#best;
    const decision = failing[at] ?? null;
    return { kind: "found", decision, at, failing, runs, text: foundText(decision, runs) };
  }

  /** Whether the last run made no decision beyond those that there were. */
  #isOver(): boolean {
    return this.#scheduler.schedule.length <= this.#order.schedule.length;
  }

  #hasRunAll(): boolean {
    const coverage = this.#strategies[0]?.coverage();
    return coverage?.exhausted === true && coverage.preemptionBound === null;
  }
}

function isBetter(one: Failing, best: Failing | null): boolean {
  if (best === null) return true;
  if (one.isHidden !== best.isHidden) return best.isHidden;
  return (one.preemptions - best.preemptions || one.steps - best.steps) < 0;
}
