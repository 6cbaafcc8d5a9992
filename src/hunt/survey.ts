import { assert, optionNames, refuseUnknownOptions } from "../task/index.ts";
import { type Protocol, PROTOCOLS } from "../btree/index.ts";
import { type Bug, BUGS } from "./bugs/index.ts";
import type { Hunting, HuntResult } from "./hunt.ts";
import { huntingPlan, type HuntPlan, type HuntSetting } from "./plan.ts";
import { SHRINK_BUDGET } from "./shrink/index.ts";
import { scenarioOfBug } from "./program/index.ts";
import type { Scenario } from "./scenario/index.ts";

/** How a survey is made. */
export interface SurveyOptions {
  readonly seed: string | number;
  /**
   * Most schedules for each bug, and for each scenario of a right protocol; there only a twentieth
   * for one with a disk, whose runs take ten times as long.
   */
  readonly runsMax: number;
  /** Protocols of one's own, which should be as right as the built-in ones. Default none. */
  readonly protocols?: readonly Protocol[];
  readonly shouldStop?: () => boolean;
}

const OPTION_NAMES = optionNames<SurveyOptions>({
  seed: true,
  runsMax: true,
  protocols: true,
  shouldStop: true,
});

/** What a survey says of one bug, decoy or right protocol. */
export interface SurveyRow {
  /** The bug's id, or the name of a right protocol. */
  readonly id: string;
  readonly protocol: string;
  readonly expect: "found" | "clean";
  /** Whether a failure was found. */
  readonly found: boolean;
  /** The strategy that found it. */
  readonly strategy: string | null;
  /** Schedules run until it was found, or in all. */
  readonly schedules: number;
  /** Length of the shrunk story. */
  readonly tasks: number | null;
  readonly operations: number | null;
  readonly preemptions: number | null;
  /** The most preemptions that the shrunk story may have. */
  readonly limit: number | null;
  /** Whether all is as expected. */
  readonly ok: boolean;
  /** The line that replays what was found. */
  readonly replay: string | null;
}

/** How a survey gets on: the schedules run for the row under way, and each row once done. */
export type SurveyNews =
  | { readonly kind: "progress"; readonly id: string; readonly runs: number }
  | { readonly kind: "row"; readonly row: SurveyRow };

const TASKS_MAX = 4;
const DISK_RUNS_PART = 20;
const PREEMPTIONS_TO_SPARE = 1;

/** One row of a survey to be: its hunts, and what they come to. */
export interface SurveyPlan {
  readonly id: string;
  /** In this order; those after the first that found something say nothing. */
  readonly hunts: readonly HuntPlan[];
  /** The row, by the results up to the first that found something. */
  readonly rowOf: (results: readonly HuntResult[]) => SurveyRow;
}

/**
 * Plans a survey: every bug and decoy of the bank on its scenario, and every right protocol on all
 * of these scenarios and on random ones; protocols of one's own before all else.
 */
export function surveyPlans(options: SurveyOptions): SurveyPlan[] {
  refuseUnknownOptions("a survey", options, OPTION_NAMES);
  const setting = settingOf(options);
  const own = (options.protocols ?? []).map(({ name }) => protocolPlan(name, setting));
  const bugs = BUGS.map((bug) => bugPlan(bug, setting));
  return [...own, ...bugs, ...PROTOCOLS.map(({ name }) => protocolPlan(name, setting))];
}

/**
 * Makes the survey that {@link surveyPlans} plans. Ends early, without the rows that are left, if
 * it is to stop.
 */
export function* survey(options: SurveyOptions): Generator<SurveyNews, void, void> {
  const { protocols = [], shouldStop } = options;
  const help = { protocols, ...(shouldStop === undefined ? {} : { shouldStop }) };
  for (const { id, hunts, rowOf } of surveyPlans(options)) {
    const results: HuntResult[] = [];
    for (const hunt of hunts) {
      const result = yield* follow(id, huntingPlan(hunt, help));
      if (result.verdict.interrupted) return;
      results.push(result);
      if (result.verdict.finding !== null) break;
    }
    yield { kind: "row", row: rowOf(results) };
  }
}

function bugPlan(bug: Bug, setting: HuntSetting): SurveyPlan {
  const scenario = scenarioOfBug(bug);
  const hunts = [{ kind: "scenario", scenario, setting } as const];
  const rowOf = ([result]: readonly HuntResult[]): SurveyRow => {
    assert(result !== undefined, "the hunt for a bug has a result");
    return rowOfBug(bug, result);
  };
  return { id: bug.id, hunts, rowOf };
}

function protocolPlan(protocol: string, setting: HuntSetting): SurveyPlan {
  const ofBugs = BUGS.map((bug): HuntPlan => {
    const scenario = { ...scenarioOfBug(bug), protocol, bug: null };
    return { kind: "scenario", scenario, setting: fewerWithDisk(setting, scenario) };
  });
  const hunts: HuntPlan[] = [
    ...ofBugs,
    { kind: "random", shape: { protocol, bug: null }, setting },
  ];
  const rowOf = (results: readonly HuntResult[]): SurveyRow => {
    const schedules = results.reduce((sum, { verdict }) => sum + verdict.runs, 0);
    const last = results.at(-1);
    const isClean = last === undefined || last.verdict.finding === null;
    const row = isClean ? cleanRow(protocol, protocol) : rowOfClean(protocol, protocol, last);
    return { ...row, schedules };
  };
  return { id: protocol, hunts, rowOf };
}

function fewerWithDisk(setting: HuntSetting, { durability }: Scenario): HuntSetting {
  if (durability === undefined) return setting;
  return { ...setting, runsMax: Math.ceil(setting.runsMax / DISK_RUNS_PART) };
}

function settingOf({ seed, runsMax }: SurveyOptions): HuntSetting {
  const strategies = ["portfolio"];
  return { seed, runsMax, strategies, shrink: SHRINK_BUDGET, checkDeterminism: false };
}

function* follow(id: string, hunting: Hunting): Generator<SurveyNews, HuntResult, void> {
  for (;;) {
    const next = hunting.next();
    if (next.done === true) return next.value;
    yield { kind: "progress", id, runs: next.value };
  }
}

function rowOfBug(bug: Bug, result: HuntResult): SurveyRow {
  if (bug.kind === "decoy") return rowOfClean(bug.id, bug.protocol, result);
  const limit = (bug.preemptions ?? 0) + PREEMPTIONS_TO_SPARE;
  const { shrunk } = result;
  const isShort = shrunk !== null && shrunk.preemptions <= limit && shrunk.tasks <= TASKS_MAX;
  return { ...rowOfClean(bug.id, bug.protocol, result), expect: "found", limit, ok: isShort };
}

/** The row of something right, whatever was found. */
function rowOfClean(id: string, protocol: string, result: HuntResult): SurveyRow {
  const { verdict, shrunk, replay } = result;
  const { finding } = verdict;
  const schedules = finding?.runs ?? verdict.runs;
  if (finding === null) return { ...cleanRow(id, protocol), schedules };
  return {
    ...cleanRow(id, protocol),
    found: true,
    strategy: finding.strategy,
    schedules,
    tasks: shrunk?.tasks ?? null,
    operations: shrunk?.operations ?? null,
    preemptions: shrunk?.preemptions ?? null,
    ok: false,
    replay,
  };
}

function cleanRow(id: string, protocol: string): SurveyRow {
  return {
    id,
    protocol,
    expect: "clean",
    found: false,
    strategy: null,
    schedules: 0,
    tasks: null,
    operations: null,
    preemptions: null,
    limit: null,
    ok: true,
    replay: null,
  };
}
