import { mustBeThere, optionNames, refuseUnknownOptions } from "../task/index.ts";
import type { OrderBreach } from "../latch/index.ts";
import { describeBreach } from "./blocked.ts";
import type { Failure } from "./failure.ts";
import { OrderCensus } from "./order-census.ts";
import type { PredictedDeadlock } from "./order-graph.ts";
import type { Schedule } from "./schedule.ts";
import type { Program, RunResult, Scheduler } from "./scheduler.ts";
import { coverageOf, mustBeStrategies, mustHaveRunsLeft } from "./own-strategy.ts";
import type { Coverage, Strategy } from "./strategy.ts";
import { Turns } from "./turns.ts";

/** A run that shows a failure, or at least a broken rule. */
export interface Finding {
  readonly failure: Failure;
  readonly schedule: Schedule;
  /** The strategy that found it. */
  readonly strategy: string;
  /** How many schedules had been run when it was found, this one included. */
  readonly runs: number;
  readonly steps: number;
  readonly preemptions: number;
}

/** What an exploration found, and how far it got. */
export interface Verdict {
  /** The failure, or null. A broken rule or a predicted deadlock counts if nothing worse was. */
  readonly finding: Finding | null;
  /** Schedules run. */
  readonly runs: number;
  /** Runs that their strategy abandoned, and that say nothing; not among {@link runs}. */
  readonly abandoned: number;
  /** Steps taken over all runs, the abandoned ones included. */
  readonly steps: number;
  /** Distinct happens-before orders among the runs: interleavings that really differ. */
  readonly distinctOrders: number;
  /** Of these, how many were seen in one run only: see `unseenOrders`. */
  readonly ordersSeenOnce: number;
  /** And how many in two. */
  readonly ordersSeenTwice: number;
  readonly coverage: readonly Coverage[];
  /** Whether it was stopped from outside before its budget was used. */
  readonly interrupted: boolean;
}

/** How much to explore. */
export interface ExploreOptions {
  /** Most schedules to run, over all strategies together, those abandoned included. */
  readonly runsMax: number;
  /** Asked between runs; true ends the exploration with a partial verdict. */
  readonly shouldStop?: () => boolean;
  /** Called now and then, between two rounds of turns, with how many are done. */
  readonly onProgress?: (runs: number) => void;
  /** Keep going after a failure, to count; the first finding is kept. Default false. */
  readonly keepGoing?: boolean;
}

const OPTION_NAMES = optionNames<ExploreOptions>({
  runsMax: true,
  shouldStop: true,
  onProgress: true,
  keepGoing: true,
});

/** How many orders were seen, and how many of them once and twice. */
interface SeenOrders {
  readonly distinct: number;
  readonly once: number;
  readonly twice: number;
}

/**
 * Runs a program under a portfolio of strategies until one finds a failure, all are exhausted, or
 * the budget is used. The strategies take turns: see {@link Turns}. They go on where they were if
 * the same list of them is given again.
 */
export class Explorer {
  readonly #scheduler: Scheduler;
  /** The orders seen of the program run last; equal orders of two programs are two. */
  #orders = new OrderCensus();
  /** Of the programs before. */
  #ordersBefore: SeenOrders = { distinct: 0, once: 0, twice: 0 };
  #program: Program | null = null;
  #strategies: readonly Strategy[] = [];
  #turns = new Turns([]);
  #finding: Finding | null = null;
  #warning: Finding | null = null;
  #runs = 0;
  #abandoned = 0;
  #steps = 0;
  #interrupted = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Explores one program; counts add up over calls, so that many programs make one verdict. */
  explore(program: Program, strategies: readonly Strategy[], options: ExploreOptions): Verdict {
    return this.exploreBy(
      (strategy) => this.#scheduler.run(program, strategy),
      strategies,
      options,
    );
  }

  /** Explores with a run function of one's own. Requires: it runs this explorer's scheduler. */
  exploreBy(
    run: (strategy: Strategy) => RunResult,
    strategies: readonly Strategy[],
    options: ExploreOptions,
  ): Verdict {
    for (const strategy of this.#toRun(strategies, options)) {
      const result = run(strategy);
      // Asked of a run function of somebody else's, not of our own thousands of times a second.
      if (result !== this.#scheduler) mustBeThere("run", result, "exploreAsync awaits it");
      this.#note(strategy, result);
    }
    return this.#verdict(strategies);
  }

  /** The same with a run function that is asynchronous; runs do not overlap. */
  async exploreAsync(
    run: (strategy: Strategy) => Promise<RunResult>,
    strategies: readonly Strategy[],
    options: ExploreOptions,
  ): Promise<Verdict> {
    for (const strategy of this.#toRun(strategies, options)) {
      this.#note(strategy, await run(strategy));
    }
    return this.#verdict(strategies);
  }

  /** Says which strategy makes the next run, again and again; a run is to be made for each. */
  *#toRun(strategies: readonly Strategy[], options: ExploreOptions): Generator<Strategy> {
    mustBeStrategies(strategies);
    refuseUnknownOptions("an exploration", options, OPTION_NAMES);
    const last = this.#made + options.runsMax;
    if (this.#strategies !== strategies) {
      mustHaveRunsLeft(strategies);
      this.#turns = new Turns(strategies);
    }
    this.#strategies = strategies;
    const turns = this.#turns;
    for (let rounds = turns.rounds; this.#made < last && !this.#isOver(options);) {
      const strategy = turns.next();
      if (strategy !== null) yield strategy;
      if (strategy !== null && turns.rounds === rounds) continue;
      rounds = turns.rounds;
      const given: unknown = options.onProgress?.(this.#runs);
      mustBeThere("onProgress", given, "nobody awaits it; expected a plain function");
      if (strategy === null) return;
    }
  }

  /** Runs made, abandoned or not. */
  get #made(): number {
    return this.#runs + this.#abandoned;
  }

  #noteOrder(hash: number): boolean {
    const { program } = this.#scheduler;
    if (program !== this.#program) {
      this.#program = program;
      this.#ordersBefore = this.#ordersSoFar();
      this.#orders = new OrderCensus();
    }
    return this.#orders.add(hash);
  }

  #ordersSoFar(): SeenOrders {
    const { distinct, once, twice } = this.#ordersBefore;
    const { size, once: seenOnce, twice: seenTwice } = this.#orders;
    return { distinct: distinct + size, once: once + seenOnce, twice: twice + seenTwice };
  }

  #isOver(options: ExploreOptions): boolean {
    const shouldStop = options.shouldStop?.() ?? false;
    mustBeThere("shouldStop", shouldStop, "expected true or false");
    if (shouldStop) this.#interrupted = true;
    return this.#interrupted || (this.#finding !== null && options.keepGoing !== true);
  }

  #note(strategy: Strategy, result: RunResult): void {
    const given: unknown = strategy.endRun(result);
    if (given !== undefined) {
      mustBeThere(`strategy ${strategy.name}: endRun`, given, "it learns at once");
    }
    this.#steps += result.steps;
    if (result.abandoned) {
      this.#abandoned++;
      return;
    }
    this.#runs++;
    const isNew = this.#noteOrder(result.orderHash);
    this.#turns.ran(isNew);
    if (result.failure !== null) {
      this.#finding ??= this.#found(result.failure, strategy);
    } else if (this.#warning === null && isNew) {
      const failure = hiddenFailure(this.#scheduler);
      if (failure !== null) this.#warning = this.#found(failure, strategy);
    }
  }

  #found(failure: Failure, strategy: Strategy): Finding {
    const { schedule, steps, preemptions } = this.#scheduler;
    return {
      failure,
      schedule: [...schedule],
      strategy: strategy.name,
      runs: this.#runs,
      steps,
      preemptions,
    };
  }

  #verdict(strategies: readonly Strategy[]): Verdict {
    const { distinct, once, twice } = this.#ordersSoFar();
    return {
      finding: this.#finding ?? this.#warning,
      runs: this.#runs,
      abandoned: this.#abandoned,
      steps: this.#steps,
      distinctOrders: distinct,
      ordersSeenOnce: once,
      ordersSeenTwice: twice,
      coverage: strategies.map(coverageOf),
      interrupted: this.#interrupted,
    };
  }
}

/**
 * What a run that ended well still shows: a latch order that was broken without harm this time, or
 * a cycle of acquires that another interleaving would close.
 */
export function hiddenFailure(scheduler: Scheduler): Failure | null {
  const breach = scheduler.breaches[0];
  if (breach !== undefined) return breachFailure(scheduler, breach);
  const predicted = scheduler.orderGraph.predict();
  return predicted === null ? null : predictionFailure(scheduler, predicted);
}

function breachFailure(scheduler: Scheduler, breach: OrderBreach): Failure {
  return {
    kind: "latch-order",
    message: describeBreach(scheduler, breach),
    task: null,
    breaches: [...scheduler.breaches],
  };
}

function predictionFailure(scheduler: Scheduler, predicted: PredictedDeadlock): Failure {
  const name = (object: number): string => scheduler.program.describeObject(object);
  const lines = predicted.members.map((member) => {
    const task = scheduler.tasks[member.task]?.source.name ?? `task ${member.task}`;
    const wanted = name(member.wantedObject);
    return `  ${task} asked for ${wanted} while it held ${name(member.heldObject)}`;
  });
  const title = "potential deadlock: this run went well, but its acquires could close a cycle";
  const message = [title, ...lines].join("\n");
  return { kind: "potential-deadlock", message, task: null };
}
