import { optionNames, refuseUnknownOptions } from "../task/index.ts";
import { type Protocol, PROTOCOLS } from "../btree/index.ts";
import { defaultPortfolio } from "../sim/index.ts";
import { type Bug, BUGS } from "./bugs/index.ts";
import {
  type Hunting,
  huntingRandom,
  huntingScenario,
  type HuntOptions,
  type HuntResult,
} from "./hunt.ts";
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

/**
 * Hunts every bug and decoy of the bank on its scenario, and every right protocol on all of these
 * scenarios and on random ones; protocols of one's own before all else. Ends early, without the
 * rows that are left, if it is to stop.
 */
export function* survey(options: SurveyOptions): Generator<SurveyNews, void, void> {
  refuseUnknownOptions("a survey", options, OPTION_NAMES);
  const isOver = yield* surveyProtocols(options.protocols ?? [], options);
  if (isOver) return;
  for (const bug of BUGS) {
    const hunting = huntingScenario(scenarioOfBug(bug), huntOptions(options));
    const result = yield* follow(bug.id, hunting);
    if (result.verdict.interrupted) return;
    yield { kind: "row", row: rowOfBug(bug, result) };
  }
  yield* surveyProtocols(PROTOCOLS, options);
}

/** A row for each of some protocols; true if it was to stop before all were done. */
function* surveyProtocols(
  protocols: readonly Protocol[],
  options: SurveyOptions,
): Generator<SurveyNews, boolean, void> {
  for (const { name } of protocols) {
    const row = yield* surveyProtocol(name, options);
    if (row === null) return true;
    yield { kind: "row", row };
  }
  return false;
}

function* surveyProtocol(
  protocol: string,
  options: SurveyOptions,
): Generator<SurveyNews, SurveyRow | null, void> {
  const shape = { protocol, bug: null };
  const hunts = [
    ...BUGS.map((bug) => {
      const scenario = rightScenario(bug, protocol);
      return huntingScenario(scenario, huntOptions(fewerWithDisk(options, scenario)));
    }),
    huntingRandom(shape, huntOptions(options)),
  ];
  let schedules = 0;
  for (const hunting of hunts) {
    const result = yield* follow(protocol, hunting);
    if (result.verdict.interrupted) return null;
    schedules += result.verdict.runs;
    const { finding } = result.verdict;
    if (finding !== null) return { ...rowOfClean(protocol, protocol, result), schedules };
  }
  return { ...cleanRow(protocol, protocol), schedules };
}

function fewerWithDisk(options: SurveyOptions, { durability }: Scenario): SurveyOptions {
  if (durability === undefined) return options;
  return { ...options, runsMax: Math.ceil(options.runsMax / DISK_RUNS_PART) };
}

function rightScenario(bug: Bug, protocol: string): Scenario {
  return { ...scenarioOfBug(bug), protocol, bug: null };
}

function* follow(id: string, hunting: Hunting): Generator<SurveyNews, HuntResult, void> {
  for (;;) {
    const next = hunting.next();
    if (next.done === true) return next.value;
    yield { kind: "progress", id, runs: next.value };
  }
}

function huntOptions(options: SurveyOptions): HuntOptions {
  const { seed, runsMax, shouldStop, protocols = [] } = options;
  const stop = shouldStop === undefined ? {} : { shouldStop };
  const shrink = { ...SHRINK_BUDGET, ...stop };
  return { seed, runsMax, strategies: defaultPortfolio, shrink, protocols, ...stop };
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
