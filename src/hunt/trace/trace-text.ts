import type { Protocol } from "../../btree/index.ts";
import { formatSchedule, type Schedule, type Scheduler, taskToken } from "../../sim/index.ts";
import { assert } from "../../task/index.ts";
import {
  type Replayed,
  type ReplayRule,
  replayScenario,
  type ScenarioProgram,
} from "../program/index.ts";
import { formatOperation, formatReplay, formatSettings, type Scenario } from "../scenario/index.ts";
import { failureJson, type JsonFields } from "./fact-json.ts";
import { TraceRecorder } from "./trace-recorder.ts";

const FORMAT = "latchwork-trace";
const VERSION = 1;

/**
 * Runs a scenario once under a schedule and gives its trace, one line of JSON each, as
 * docs/trace-format.md has it: the header, the pages, the steps with what they left, the verdict.
 *
 * @param own Protocols of one's own that the scenario may name.
 * @param rule What becomes of a schedule that does not fit.
 * @throws LatchworkError for a scenario or schedule that cannot be read.
 */
export function traceText(
  scenario: Scenario,
  schedule: string | Schedule,
  own: readonly Protocol[] = [],
  rule: ReplayRule = "exact",
): string {
  const listener: { recorder: TraceRecorder | null } = { recorder: null };
  const prepare = (scheduler: Scheduler, program: ScenarioProgram): void => {
    listener.recorder = new TraceRecorder(scheduler, program);
  };
  const run = replayScenario(scenario, schedule, prepare, own, rule);
  const { recorder } = listener;
  assert(recorder !== null, "a replay calls its prepare function");
  recorder.end();
  const lines = [headerOf(scenario, run), ...recorder.lines, verdictOf(run)];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function headerOf(scenario: Scenario, { scheduler, program }: Replayed): JsonFields {
  const { protocol, bug, capacity, fairness, pageSize, durability } = scenario;
  const tasks = scheduler.tasks.map(({ id, source }) => ({
    task: id,
    name: taskToken(id),
    role: source.name,
    operations: program.history.records
      .filter(({ task }) => task === id)
      .map(({ index, operation }) => ({ index, operation: formatOperation(operation) })),
  }));
  return {
    format: FORMAT,
    version: VERSION,
    protocol,
    bug,
    capacity,
    fairness,
    pageSize,
    disk: durability === undefined ? null : formatSettings(durability),
    tasks,
    replay: formatReplay(scenario, formatSchedule(scheduler.schedule)),
  };
}

function verdictOf({ failure, scheduler, drift }: Replayed): JsonFields {
  return {
    kind: "verdict",
    steps: scheduler.steps,
    failure: failure === null ? null : failureJson(failure),
    drift,
  };
}
