import type { Protocol } from "../btree/index.ts";
import {
  type ExploreOptions,
  Explorer,
  type Failure,
  type Finding,
  formatSchedule,
  linesOf,
  notAgain,
  type Program,
  type Schedule,
  Scheduler,
  type Strategy,
  type Verdict,
} from "../sim/index.ts";
import {
  createPrng,
  LatchworkError,
  mustBeFunction,
  mustBeThere,
  optionNames,
  type Prng,
  refuseUnknownOptions,
} from "../task/index.ts";
import {
  formatReplay,
  randomScenario,
  type Scenario,
  type ScenarioShape,
} from "./scenario/index.ts";
import { programOf, RepeatedProgram, replayScenario } from "./program/index.ts";
import { shrink, type ShrinkBudget, type Shrunk } from "./shrink/index.ts";
import { type Story, tellStory } from "./story/index.ts";

/** Makes fresh strategies for a seed; a hunt over many scenarios needs them anew for each. */
export type StrategyFactory = (seed: string) => Strategy[];

/** How a hunt is made. */
export interface HuntOptions extends ExploreOptions {
  readonly seed: string | number;
  readonly strategies: StrategyFactory;
  /** How long to look for a shorter story; null leaves the failure as it was found. */
  readonly shrink?: ShrinkBudget | null;
  /** Protocols of one's own that scenarios may name, beside the built-in ones. Default none. */
  readonly protocols?: readonly Protocol[];
  /** Whether every schedule is run twice and compared. Default false. */
  readonly checkDeterminism?: boolean;
}

const OPTION_NAMES = optionNames<HuntOptions>({
  runsMax: true,
  shouldStop: true,
  onProgress: true,
  keepGoing: true,
  seed: true,
  strategies: true,
  shrink: true,
  protocols: true,
  checkDeterminism: true,
});

const SHAPE_NAMES = optionNames<ScenarioShape>({
  protocol: true,
  bug: true,
  tasksMax: true,
  operationsMax: true,
  keys: true,
  skew: true,
  capacity: true,
  fairness: true,
  pageSize: true,
  crashes: true,
  faults: true,
  batching: true,
  durability: true,
});

const SHRINK_NAMES = optionNames<ShrinkBudget>({
  runsMax: true,
  runsMaxOnDisk: true,
  shouldStop: true,
});

/** A scenario, and a schedule under which it fails. */
export interface FailingRun {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
}

/** What a hunt found. */
export interface HuntResult {
  readonly verdict: Verdict;
  /** Scenarios run; 1 for a fixed one. */
  readonly scenarios: number;
  /** The scenario of the finding, as found. */
  readonly scenario: Scenario | null;
  /** The finding at its shortest, or null if there is none or it was not to be shrunk. */
  readonly shrunk: Shrunk | null;
  /** The run that failed, as reports show it: shrunk if it was. Null if nothing was found. */
  readonly run: FailingRun | null;
  /** {@link HuntResult.run} as one line, which replays it anywhere. */
  readonly replay: string | null;
}

/** The hunt itself failed, which is a bug of this package and says nothing of the scenario. */
export class HuntBroken extends Error {
  override readonly name: string = "HuntBroken";
  /** The line that replays the run in which it happened. */
  readonly replay: string;

  constructor(replay: string, options: { readonly cause: unknown }) {
    super(`a hunt broke down: ${String(options.cause)}`, options);
    this.replay = replay;
  }
}

/**
 * A hunt under way: a generator that yields the schedules run so far every few milliseconds, so
 * that whoever drives it can report progress and look whether it is to stop.
 */
export type Hunting = Generator<number, HuntResult, void>;

/** Schedules between two yields of a hunt. */
const RUNS_PER_SLICE = 200;
/** Most schedules of a scenario that is drawn. */
export const RUNS_PER_SCENARIO = 200;

/**
 * Hunts in one scenario.
 *
 * @throws LatchworkError for a scenario that cannot be run.
 */
export function huntScenario(scenario: Scenario, options: HuntOptions): HuntResult {
  return toEnd(huntingScenario(scenario, options));
}

/** {@link huntScenario} in slices. */
export function* huntingScenario(scenario: Scenario, options: HuntOptions): Hunting {
  refuseUnknown(options);
  const scheduler = new Scheduler();
  const explorer = new Explorer(scheduler);
  const program = programToHunt(scheduler, scenario, options);
  const strategies = strategiesFor(options, String(options.seed));
  let done = 0;
  for (;;) {
    const runsMax = Math.min(RUNS_PER_SLICE, options.runsMax - done);
    const verdict = guarded(scheduler, scenario, () =>
      explorer.explore(program, strategies, { ...exploring(options), runsMax }),
    );
    // Fewer runs than asked for: the hunt was stopped, found something, or has nothing left to run.
    const isOver =
      verdict.runs - done < runsMax || verdict.runs >= options.runsMax || hasRunAll(verdict);
    done = verdict.runs;
    if (isOver) return resultOf(scenario, verdict, 1, options);
    yield done;
  }
}

/** Hunts in scenarios drawn from a seed, a few hundred schedules each. */
export function huntRandom(shape: ScenarioShape, options: HuntOptions): HuntResult {
  return toEnd(huntingRandom(shape, options));
}

/** The explorer's part of the options. */
function exploring({ shouldStop, onProgress, keepGoing }: HuntOptions): Partial<ExploreOptions> {
  return {
    ...(shouldStop === undefined ? {} : { shouldStop }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
  };
}

function refuseUnknown(options: HuntOptions): void {
  refuseUnknownOptions("a hunt", options, OPTION_NAMES);
  if (options.shrink !== null) refuseUnknownOptions("shrink", options.shrink, SHRINK_NAMES);
}

/** {@link huntRandom} in slices: a scenario each. */
export function* huntingRandom(shape: ScenarioShape, options: HuntOptions): Hunting {
  refuseUnknown(options);
  const scheduler = new Scheduler();
  const explorer = new Explorer(scheduler);
  const drawn = new DrawnScenarios(shape, options.seed);
  for (let done = 0, number = 1; ; number++) {
    const scenario = drawn.next();
    const runsMax = Math.min(RUNS_PER_SCENARIO, options.runsMax - done);
    const verdict = exploreDrawn(scheduler, explorer, { scenario, number, runsMax }, options);
    done = verdict.runs;
    const isOver = done >= options.runsMax || verdict.interrupted;
    if (isOver || verdict.finding !== null) return resultOf(scenario, verdict, number, options);
    yield done;
  }
}

/** The scenarios of a hunt in random ones, one after the other. */
export class DrawnScenarios {
  readonly #shape: ScenarioShape;
  readonly #prng: Prng;

  /** @throws LatchworkError BAD_ARGUMENT for a shape with what no shape has. */
  constructor(shape: ScenarioShape, seed: string | number) {
    refuseUnknownOptions("a random scenario", shape, SHAPE_NAMES);
    this.#shape = shape;
    this.#prng = createPrng(`${seed}/scenarios`);
  }

  next(): Scenario {
    return randomScenario(this.#shape, this.#prng);
  }
}

/** One scenario of a hunt in random ones: its number, from 1, and how many schedules it gets. */
export interface DrawnScenario {
  readonly scenario: Scenario;
  readonly number: number;
  readonly runsMax: number;
}

/**
 * Explores one scenario of a hunt in random ones. What comes of it depends on nothing that came
 * before, but for the counts of the explorer.
 */
export function exploreDrawn(
  scheduler: Scheduler,
  explorer: Explorer,
  { scenario, number, runsMax }: DrawnScenario,
  options: HuntOptions,
): Verdict {
  const program = programToHunt(scheduler, scenario, options);
  const strategies = strategiesFor(options, `${options.seed}/${number}`);
  return guarded(scheduler, scenario, () =>
    explorer.explore(program, strategies, { ...exploring(options), runsMax }),
  );
}

/** Whether one strategy has run every schedule there is, so that the others have nothing to add. */
function hasRunAll({ coverage }: Verdict): boolean {
  return coverage.some((one) => one.exhausted && one.preemptionBound === null);
}

function strategiesFor({ strategies }: HuntOptions, seed: string): readonly Strategy[] {
  mustBeFunction("strategies", strategies, "a function that makes them for a seed");
  const made = strategies(seed);
  mustBeThere("strategies", made, "expected a list");
  return made;
}

/** Sees to it that what breaks the hunt itself can be replayed too. */
function guarded(scheduler: Scheduler, scenario: Scenario, explore: () => Verdict): Verdict {
  try {
    return explore();
  } catch (error) {
    // What the caller handed over was wrong, and no run has to be shown again for that.
    if (error instanceof LatchworkError && error.code === "BAD_ARGUMENT") throw error;
    const replay = formatReplay(scenario, formatSchedule(scheduler.schedule));
    throw new HuntBroken(replay, { cause: error });
  }
}

function toEnd(hunting: Hunting): HuntResult {
  for (;;) {
    const next = hunting.next();
    if (next.done === true) return next.value;
  }
}

function programToHunt(scheduler: Scheduler, scenario: Scenario, options: HuntOptions): Program {
  if (options.checkDeterminism !== true) {
    return programOf(scheduler, scenario, options.protocols);
  }
  return new RepeatedProgram(scheduler, (one) => programOf(one, scenario, options.protocols));
}

/** What a hunt found, at its shortest if it is to be shrunk. */
export function resultOf(
  scenario: Scenario,
  verdict: Verdict,
  scenarios: number,
  options: Pick<HuntOptions, "shrink" | "protocols">,
): HuntResult {
  const { finding } = verdict;
  if (finding === null) {
    return { verdict, scenarios, scenario: null, shrunk: null, run: null, replay: null };
  }
  const fault = faultOf(scenario, finding, options);
  const budget = fault === null ? (options.shrink ?? null) : null;
  const shrunk = budget === null ? null : shrink(scenario, finding, budget, options.protocols);
  const { schedule } = shrunk ?? finding;
  const run = { scenario: shrunk?.scenario ?? scenario, schedule };
  const replay = formatReplay(run.scenario, formatSchedule(schedule));
  const shown = fault === null ? finding : { ...finding, failure: fault };
  return { verdict: { ...verdict, finding: shown }, scenarios, scenario, shrunk, run, replay };
}

/** What keeps a finding from being shown again, as a failure of its own; null if nothing does. */
function faultOf(
  scenario: Scenario,
  finding: Finding,
  { protocols }: Pick<HuntOptions, "protocols">,
): Failure | null {
  if (finding.failure.kind === "nondeterminism") return finding.failure;
  const { failure } = replayScenario(scenario, finding.schedule, undefined, protocols);
  return notAgain(finding.failure, failure);
}

/**
 * The story of what a hunt found, or null. Where the run does not come again as it was, that is
 * what the story says.
 */
export function storyOfHunt(
  { run, verdict: { finding } }: HuntResult,
  protocols: readonly Protocol[] = [],
): Story | null {
  if (run === null || finding === null) return null;
  const story = tellStory(run.scenario, run.schedule, protocols);
  const { kind, message } = finding.failure;
  if (kind !== "nondeterminism") return story;
  const [title = "", ...why] = linesOf(message);
  return { ...story, kind, title, why: ["the same schedule must give the same run", ...why] };
}
