import { type Protocol, PROTOCOLS } from "../btree/index.ts";
import {
  bugNamed,
  type HuntHelp,
  type Hunting,
  huntingPlan,
  type HuntPlan,
  type HuntResult,
  type HuntSetting,
  programOf,
  type Scenario,
  scenarioOfBug,
  type ScenarioShape,
  type Story,
  storyOfHunt,
  SHRINK_BUDGET,
} from "../hunt/index.ts";
import type { Fairness } from "../latch/index.ts";
import { parseStrategy, Scheduler, STRATEGY_NAMES } from "../sim/index.ts";
import { createPrng, LatchworkError } from "../task/index.ts";
import {
  crashesAsked,
  type DiskFlags,
  diskSettings,
  onDisk,
  refuseSettings,
  wantsDisk,
} from "./disk-flags.ts";
import { BadInput } from "./exit.ts";
import { nameOf } from "./files.ts";
import { refuseUnknown } from "./protocol-file.ts";
import { inFile, readScenario } from "./scenario-file.ts";

/** The options of `hunt` as commander gives them. */
export interface HuntFlags extends DiskFlags {
  readonly protocol?: string;
  readonly protocolFile?: string;
  readonly bug?: string;
  readonly strategy?: readonly string[];
  readonly runs?: number;
  readonly seed: string;
  readonly exhaustive?: boolean;
  readonly preemptions?: number;
  readonly random?: boolean;
  readonly tasks?: number;
  readonly operations?: number;
  readonly keys?: number;
  readonly skew?: number;
  readonly capacity?: number;
  readonly fairness?: Fairness;
  readonly pageSize?: number;
  readonly workers?: number;
  readonly shrink: boolean;
  readonly checkDeterminism?: boolean;
  readonly trace?: string;
  readonly save?: string;
  readonly json?: boolean;
}

/** One hunt to be made: a scenario, or random ones, under one protocol. */
export interface Job {
  /** What is hunted in: a file's name, `random scenarios`. */
  readonly source: string;
  readonly protocol: string;
  readonly bug: string | null;
  readonly label: string;
  /** What the user may want to know of the scenario before it is hunted in, or null. */
  readonly note: string | null;
  /** Most schedules, or null if the hunt goes on until everything has been run. */
  readonly runsMax: number | null;
  readonly plan: HuntPlan;
  readonly start: () => Hunting;
  /** The story of what the hunt found, or null. */
  readonly storyOf: (result: HuntResult) => Story | null;
}

/** What all hunts of a command line have in common. */
interface HuntWish {
  readonly setting: HuntSetting;
  readonly help: HuntHelp;
}

const RUNS_DEFAULT = 10_000;
const RANDOM_ONLY = ["tasks", "operations", "keys", "skew"] as const;

/**
 * Says what a command line asks for, one hunt after another.
 *
 * @param own Protocols of the user's own; without another protocol they are the ones that run.
 * @throws BadInput or LatchworkError for what cannot be, before anything is run.
 */
export function jobsOf(
  paths: readonly string[],
  flags: HuntFlags,
  own: readonly Protocol[],
  shouldStop: () => boolean,
): Job[] {
  refuseContradictions(paths, flags);
  if (flags.protocol !== undefined) refuseUnknown(flags.protocol, own);
  const options = { setting: settingOf(flags), help: { protocols: own, shouldStop } };
  refuseStrategies(flags);
  const isRandom = flags.random === true || (paths.length === 0 && flags.bug === undefined);
  if (isRandom) {
    return protocolsOf(flags, own, null).map((name) =>
      randomJob(shapeOf(name, flags), options, flags),
    );
  }
  if (paths.length === 0 && flags.bug !== undefined) {
    const { source, scenario } = subjectOfBug(flags.bug, flags);
    return [scenarioJob(source, scenario, options, flags)];
  }
  return paths.flatMap((path) => fileJobs(path, options, flags));
}

function refuseContradictions(paths: readonly string[], flags: HuntFlags): void {
  const isFixed = flags.random !== true && (paths.length > 0 || flags.bug !== undefined);
  if (flags.random === true && paths.length > 0) {
    throw new BadInput(
      `--random draws scenarios, so ${paths[0]} would not be used; give one of them`,
    );
  }
  if (!isFixed && !wantsDisk(flags)) refuseSettings(flags);
  if (!isFixed && crashesAsked(flags) === 0) {
    throw new BadInput("--crashes 0 with random scenarios; expected 1 to 3, or a scenario file");
  }
  if (flags.exhaustive === true && !isFixed) {
    throw new BadInput("--exhaustive needs a scenario file or --bug: random scenarios have no end");
  }
  if (flags.exhaustive === true && flags.strategy !== undefined) {
    throw new BadInput("--exhaustive is a strategy of its own; give it or --strategy");
  }
  if (flags.preemptions !== undefined && flags.exhaustive !== true) {
    throw new BadInput("--preemptions bounds --exhaustive; give both, or --strategy dfs:C");
  }
  const unused = RANDOM_ONLY.find((name) => flags[name] !== undefined);
  if (isFixed && unused !== undefined) {
    throw new BadInput(`--${unused} shapes random scenarios; leave it out, or give --random`);
  }
  if (paths.filter((path) => path === "-").length > 1) {
    throw new BadInput("standard input can be read only once; give - once");
  }
}

function settingOf(flags: HuntFlags): HuntSetting {
  return {
    seed: flags.seed,
    runsMax: runsMaxOf(flags) ?? Number.MAX_SAFE_INTEGER,
    strategies: strategiesOf(flags),
    shrink: flags.shrink ? SHRINK_BUDGET : null,
    checkDeterminism: flags.checkDeterminism ?? false,
  };
}

function runsMaxOf(flags: HuntFlags): number | null {
  return flags.runs ?? (flags.exhaustive === true ? null : RUNS_DEFAULT);
}

function strategiesOf({ exhaustive, preemptions, strategy }: HuntFlags): readonly string[] {
  if (exhaustive !== true) return strategy ?? ["portfolio"];
  return [preemptions === undefined ? "dfs" : `dfs:${preemptions}`];
}

/** Rejects wrong names before anything is run. */
function refuseStrategies(flags: HuntFlags): void {
  for (const name of strategiesOf(flags)) {
    if (name !== "portfolio") refuseStrategy(name, flags.seed);
  }
}

function refuseStrategy(name: string, seed: string): void {
  try {
    parseStrategy(name, createPrng(seed));
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    const right = `portfolio, ${STRATEGY_NAMES.join(", ")} (as pct3, dfs:2)`;
    throw new BadInput(`no strategy ${JSON.stringify(name)}; expected ${right}`);
  }
}

/** The protocols to run; those of one's own and --protocol override what a scenario names. */
export function protocolsOf(
  flags: ScenarioFlags,
  own: readonly Protocol[],
  named: string | null,
): readonly string[] {
  if (flags.protocol !== undefined) return [flags.protocol];
  if (flags.bug !== undefined) return [bugNamed(flags.bug).protocol];
  const names = (own.length > 0 ? own : PROTOCOLS).map(({ name }) => name);
  if (named === null || (own.length > 0 && !names.includes(named))) return names;
  return [named];
}

function fileJobs(path: string, wish: HuntWish, flags: HuntFlags): Job[] {
  return subjectsOf(path, flags, wish.help.protocols).map(({ source, scenario, hasSchedule }) => {
    const job = scenarioJob(source, scenario, wish, flags);
    return hasSchedule ? { ...job, note: noteOfSchedule(path) } : job;
  });
}

/** What of a command line says how a scenario is run. */
export type ScenarioFlags = DiskFlags &
  Pick<HuntFlags, "protocol" | "bug" | "capacity" | "fairness" | "pageSize">;

/** A scenario under one protocol, as a command line asks for it. */
export interface Subject {
  /** Where it comes from: a file's name. */
  readonly source: string;
  readonly scenario: Scenario;
  /** Whether the file has a schedule, which is one run. */
  readonly hasSchedule: boolean;
}

/**
 * The scenario of a file, under each protocol that it is to run under.
 *
 * @throws BadInput for what cannot be run.
 */
export function subjectsOf(
  path: string,
  flags: ScenarioFlags,
  protocols: readonly Protocol[],
): Subject[] {
  const { scenario, hasProtocol, schedule } = readScenario(path);
  const hasOwn = hasProtocol || scenario.bug !== null;
  return protocolsOf(flags, protocols, hasOwn ? scenario.protocol : null).map((protocol) => {
    const bug = flags.bug === undefined ? scenario.bug : bugNamed(flags.bug).id;
    const changed = adjusted({ ...scenario, protocol, bug }, flags);
    inFile(path, () => {
      refuseUnknown(protocol, protocols);
      programOf(new Scheduler(), changed, protocols); // Refuses what cannot be run.
    });
    return { source: nameOf(path), scenario: changed, hasSchedule: schedule !== null };
  });
}

/** The smallest scenario that shows a planted bug, as a command line asks for it. */
export function subjectOfBug(id: string, flags: ScenarioFlags): Subject {
  const bug = bugNamed(id);
  const protocol = flags.protocol ?? bug.protocol;
  const scenario = adjusted({ ...scenarioOfBug(bug), protocol }, flags);
  return { source: "its smallest scenario", scenario, hasSchedule: false };
}

/** What reports call a scenario that is run. */
export function labelOf({ source, scenario: { protocol, bug } }: Subject): string {
  return `${bug === null ? protocol : `${protocol} with bug ${bug}`}, ${source}`;
}

function noteOfSchedule(path: string): string {
  return (
    `${nameOf(path)}: its line "schedule ..." is one run, and a hunt looks for others; ` +
    `latchwork replay ${path} shows it`
  );
}

function adjusted(scenario: Scenario, flags: ScenarioFlags): Scenario {
  const { capacity, fairness, pageSize } = flags;
  return {
    ...onDisk(scenario, flags),
    ...(capacity === undefined ? {} : { capacity }),
    ...(fairness === undefined ? {} : { fairness }),
    ...(pageSize === undefined ? {} : { pageSize }),
  };
}

function shapeOf(protocol: string, flags: HuntFlags): ScenarioShape {
  const { tasks, operations, keys, skew, capacity, fairness, pageSize } = flags;
  return {
    protocol,
    bug: flags.bug === undefined ? null : bugNamed(flags.bug).id,
    ...(wantsDisk(flags)
      ? { crashes: crashesAsked(flags) ?? 1, durability: diskSettings(flags) }
      : {}),
    ...(tasks === undefined ? {} : { tasksMax: tasks }),
    ...(operations === undefined ? {} : { operationsMax: operations }),
    ...(keys === undefined ? {} : { keys }),
    ...(skew === undefined ? {} : { skew }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(fairness === undefined ? {} : { fairness }),
    ...(pageSize === undefined ? {} : { pageSize }),
  };
}

function scenarioJob(source: string, scenario: Scenario, wish: HuntWish, flags: HuntFlags): Job {
  const { setting } = wish;
  return jobOf(source, scenario, { kind: "scenario", scenario, setting }, wish, flags);
}

function randomJob(shape: ScenarioShape, wish: HuntWish, flags: HuntFlags): Job {
  const source = shape.crashes === undefined ? "random scenarios" : "random scenarios on a disk";
  return jobOf(source, shape, { kind: "random", shape, setting: wish.setting }, wish, flags);
}

function jobOf(
  source: string,
  { protocol, bug }: { readonly protocol: string; readonly bug: string | null },
  plan: HuntPlan,
  { help }: HuntWish,
  flags: HuntFlags,
): Job {
  const start = (): Hunting => huntingPlan(plan, help);
  const storyOf = (result: HuntResult): Story | null => storyOfHunt(result, help.protocols);
  const label = `${bug === null ? protocol : `${protocol} with bug ${bug}`}, ${source}`;
  const runsMax = runsMaxOf(flags);
  return { source, protocol, bug, label, note: null, runsMax, plan, start, storyOf };
}
