import {
  BoundedReductionStrategy,
  type Estimate,
  Estimator,
  type Finding,
  formatSchedule,
  hiddenFailure,
  type ReductionCounts,
  type ReductionObserver,
  ReductionStrategy,
  type RunResult,
  type SavedSearch,
  Scheduler,
  type Strategy,
  type Verdict,
} from "../sim/index.ts";
import {
  createPrng,
  LatchworkError,
  optionNames,
  refuseUnknownOptions,
  type TaskId,
} from "../task/index.ts";
import type { Protocol } from "../btree/index.ts";
import { HuntBroken, type HuntResult, resultOf } from "./hunt.ts";
import { programOf } from "./program/index.ts";
import { formatReplay, type Scenario } from "./scenario/index.ts";
import type { ShrinkBudget } from "./shrink/index.ts";
import { twinsOf } from "./twins.ts";

/** How a scenario is explored to its end. */
export interface ProveOptions {
  /** Most runs; those of a search that is resumed count. */
  readonly runsMax: number;
  /** What the probes of the estimate are drawn from. */
  readonly seed: string | number;
  /** How many probes. Default 200; 0 for no estimate. */
  readonly probes?: number;
  /**
   * Most preemptions of a schedule. With a bound every interleaving is run that a schedule within
   * it has, and some more than once: see docs/exploration.md.
   */
  readonly preemptionsMax?: number | null;
  /**
   * Whether interleavings that are the same but for an exchange of tasks that do the same count
   * once: see {@link twinsOf}. Default true. Never with a bound of preemptions.
   */
  readonly exchanges?: boolean;
  /** How long to look for a shorter story; null leaves the failure as it was found. */
  readonly shrink?: ShrinkBudget | null;
  /** Protocols of one's own that scenarios may name, beside the built-in ones. Default none. */
  readonly protocols?: readonly Protocol[];
  /** A search of the same scenario that was interrupted. */
  readonly resumed?: SavedProof | null;
  /**
   * Called every hundred runs, and when the search ends, with what resumes it; no longer valid once
   * the call has returned.
   */
  readonly onSave?: (saved: SavedProof, isLast: boolean) => void;
  /** Asked between runs; true ends the search. */
  readonly shouldStop?: () => boolean;
  /** Shown every decision of the reduction. */
  readonly observer?: ReductionObserver;
}

const OPTION_NAMES = optionNames<ProveOptions>({
  runsMax: true,
  seed: true,
  probes: true,
  preemptionsMax: true,
  exchanges: true,
  shrink: true,
  protocols: true,
  resumed: true,
  onSave: true,
  shouldStop: true,
  observer: true,
});

/** What resumes a search: plain data. */
export interface SavedProof {
  readonly search: SavedSearch;
  readonly estimate: Estimate | null;
  readonly steps: number;
  /** A run that ended well and still shows something; a failure is not kept, but found again. */
  readonly warning: Finding | null;
}

/** How far a proof is. */
export interface ProofPace {
  readonly runs: number;
  readonly estimate: Estimate | null;
  readonly isEstimating: boolean;
}

/** What came of a proof. */
export interface Proof {
  /**
   * `proved`: every interleaving was run, and none fails. `failed`: one does. `unfinished`: the
   * search ended before, or {@link doubt} says why it stands for less than all.
   */
  readonly state: "proved" | "failed" | "unfinished";
  /** Interleavings run: happens-before orders, or with a bound, schedules that stand for them. */
  readonly interleavings: number;
  readonly steps: number;
  readonly counts: ReductionCounts | null;
  /** The sets of tasks that do the same; interleavings are counted up to exchanges of them. */
  readonly twins: readonly (readonly TaskId[])[];
  readonly estimate: Estimate | null;
  /** Why an exhausted search proves nothing; null if it does. */
  readonly doubt: string | null;
  /** The same as a hunt has it, with the finding if there is one. */
  readonly result: HuntResult;
}

/** A proof under way: yields its pace every few milliseconds. */
export type Proving = Generator<ProofPace, Proof, void>;

const PROBES_DEFAULT = 200;
const RUNS_PER_SLICE = 100;

/**
 * Runs every interleaving of a scenario, one schedule of each happens-before order.
 *
 * @throws LatchworkError for a scenario that cannot be run, or a search that does not fit it.
 */
export function* proving(scenario: Scenario, options: ProveOptions): Proving {
  refuseUnknownOptions("a proof", options, OPTION_NAMES);
  return yield* new ProofRun(scenario, options).run();
}

/** {@link proving} to its end. */
export function prove(scenario: Scenario, options: ProveOptions): Proof {
  const work = proving(scenario, options);
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
  }
}

class ProofRun {
  readonly #scenario: Scenario;
  readonly #options: ProveOptions;
  readonly #scheduler = new Scheduler();
  readonly #twins: readonly (readonly TaskId[])[];
  readonly #reduction: ReductionStrategy | null;
  readonly #bounded: BoundedReductionStrategy | null;
  readonly #strategy: Strategy;
  readonly #run: (strategy: Strategy) => RunResult;
  #estimate: Estimate | null = null;
  #runs = 0;
  #abandoned = 0;
  #steps = 0;
  #finding: Finding | null = null;
  #warning: Finding | null = null;
  #isInterrupted = false;
  /** Whether the search has begun, all probes having been made. */
  #isSearching = false;

  constructor(scenario: Scenario, options: ProveOptions) {
    this.#scenario = scenario;
    this.#options = options;
    const { preemptionsMax = null, exchanges = true, observer, resumed = null } = options;
    const isReduced = preemptionsMax === null;
    this.#twins = isReduced && exchanges ? twinsOf(scenario, options.protocols) : [];
    const twins = this.#twins;
    this.#reduction = isReduced ? new ReductionStrategy(observer, { twins }) : null;
    const bounded = new BoundedReductionStrategy(preemptionsMax ?? 0);
    this.#bounded = isReduced ? null : bounded;
    this.#strategy = this.#reduction ?? bounded;
    const program = programOf(this.#scheduler, scenario, options.protocols);
    this.#run = (strategy) => this.#scheduler.run(program, strategy);
    if (resumed !== null) this.#resume(resumed);
  }

  *run(): Proving {
    if ((this.#options.resumed ?? null) === null) yield* this.#probe();
    this.#isSearching = !this.#isInterrupted;
    yield this.#pace(false);
    let isOver = false;
    while (!isOver) {
      isOver = this.#slice();
      this.#save(isOver);
      if (!isOver) yield this.#pace(false);
    }
    return this.#proof();
  }

  get #made(): number {
    return this.#runs + this.#abandoned;
  }

  *#probe(): Generator<ProofPace, void, void> {
    const { probes = PROBES_DEFAULT, seed } = this.#options;
    if (this.#reduction === null) return;
    const estimator = new Estimator(createPrng(`${seed}/probes`), this.#twins);
    for (let i = 1; i <= probes && !this.#mustStop(); i++) {
      estimator.beginRun();
      estimator.endRun(this.#guarded(estimator));
      if (i % RUNS_PER_SLICE === 0) yield this.#pace(true);
    }
    // By fewer probes it would be another one, and the search is to end as if it were not stopped.
    this.#estimate = this.#isInterrupted ? null : estimator.estimate();
  }

  /** Makes a few runs; true if there is nothing more to do. */
  #slice(): boolean {
    for (let i = 0; i < RUNS_PER_SLICE; i++) {
      if (this.#finding !== null || this.#mustStop()) return true;
      if (this.#made >= this.#options.runsMax || !this.#strategy.beginRun()) return true;
      this.#note(this.#guarded(this.#strategy));
    }
    return false;
  }

  #mustStop(): boolean {
    this.#isInterrupted ||= this.#options.shouldStop?.() === true;
    return this.#isInterrupted;
  }

  /** Sees to it that what breaks the search itself can be replayed too. */
  #guarded(strategy: Strategy): RunResult {
    try {
      return this.#run(strategy);
    } catch (error) {
      const replay = formatReplay(this.#scenario, formatSchedule(this.#scheduler.schedule));
      throw new HuntBroken(replay, { cause: error });
    }
  }

  #note(result: RunResult): void {
    this.#strategy.endRun(result);
    this.#steps += result.steps;
    if (result.abandoned) {
      this.#abandoned++;
      return;
    }
    this.#runs++;
    const { failure } = result;
    if (failure !== null) this.#finding = this.#found(failure);
    else if (this.#warning === null) {
      const hidden = hiddenFailure(this.#scheduler);
      if (hidden !== null) this.#warning = this.#found(hidden);
    }
  }

  #found(failure: Finding["failure"]): Finding {
    const { schedule, steps, preemptions } = this.#scheduler;
    const strategy = this.#strategy.name;
    return { failure, schedule: [...schedule], strategy, runs: this.#runs, steps, preemptions };
  }

  #pace(isEstimating: boolean): ProofPace {
    return { runs: this.#runs, estimate: this.#estimate, isEstimating };
  }

  #save(isLast: boolean): void {
    const { onSave } = this.#options;
    if (onSave === undefined || this.#reduction === null || !this.#isSearching) return;
    // A failure is told, and found again soon enough.
    if (this.#finding !== null) return;
    const search = this.#reduction.save();
    const [estimate, steps, warning] = [this.#estimate, this.#steps, this.#warning];
    onSave({ search, estimate, steps, warning }, isLast);
  }

  #resume({ search, estimate, steps, warning }: SavedProof): void {
    if (this.#reduction === null) {
      const message = "a search within a bound of preemptions cannot be resumed";
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    this.#reduction.resume(search);
    const { runs, asleep, impossible, strayed, unlike } = search.counts;
    this.#runs = runs;
    this.#abandoned = asleep + impossible + strayed + unlike;
    this.#estimate = estimate;
    this.#steps = steps;
    this.#warning = warning;
  }

  #proof(): Proof {
    const finding = this.#finding ?? this.#warning;
    const coverage = this.#strategy.coverage();
    const verdict: Verdict = {
      finding,
      runs: this.#runs,
      abandoned: this.#abandoned,
      steps: this.#steps,
      distinctOrders: this.#runs,
      ordersSeenOnce: this.#runs,
      ordersSeenTwice: 0,
      coverage: [coverage],
      interrupted: this.#isInterrupted,
    };
    const doubt = doubtOf(this.#reduction?.counts ?? null, this.#bounded?.counts.hurried ?? 0);
    const unfinished = coverage.exhausted && doubt === null ? "proved" : "unfinished";
    return {
      state: finding === null ? unfinished : "failed",
      interleavings: this.#runs,
      steps: this.#steps,
      counts: this.#reduction?.counts ?? null,
      twins: this.#twins,
      estimate: this.#estimate,
      doubt,
      result: resultOf(this.#scenario, verdict, 1, this.#options),
    };
  }
}

function doubtOf(counts: ReductionCounts | null, hurried: number): string | null {
  if (counts !== null && counts.strayed > 0) {
    return (
      "an event that was repeated did something else, so some shared access is not declared " +
      "and what was left out may matter"
    );
  }
  if (counts !== null && counts.unlike > 0) {
    return (
      "tasks with the same operations did not do the same, so it matters which of them is which; " +
      "what was left out may matter"
    );
  }
  if ((counts?.hurried ?? hurried) === 0) return null;
  return (
    "some runs went on so long that time passed although tasks could go on, or that their steps " +
    "were shared out; not all that could happen then was run"
  );
}
