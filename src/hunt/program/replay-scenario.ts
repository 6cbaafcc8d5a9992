import { mustBeThere } from "../../task/index.ts";
import type { Protocol } from "../../btree/index.ts";
import {
  type Failure,
  hiddenFailure,
  LooseReplayStrategy,
  parseSchedule,
  ReplayStrategy,
  type Schedule,
  Scheduler,
} from "../../sim/index.ts";
import { programOf } from "./program-of.ts";
import type { Scenario } from "../scenario/index.ts";
import type { ScenarioProgram } from "./scenario-program.ts";

/**
 * How a schedule is followed: `exact`, as that of this very scenario; `loose`, as one that was
 * recorded of another, under another protocol perhaps (see LooseReplayStrategy).
 */
export type ReplayRule = "exact" | "loose";

/** One run of a scenario under a schedule, looked at afterwards. */
export interface Replayed {
  readonly failure: Failure | null;
  readonly scheduler: Scheduler;
  readonly program: ScenarioProgram;
  /** The first step at which the schedule did not fit the scenario, or null. */
  readonly drift: number | null;
}

/**
 * Runs a scenario once under a schedule.
 *
 * @param schedule As a text or as parsed.
 * @param prepare Called before the run, to set a trace or listeners.
 * @param own Protocols of one's own that the scenario may name.
 * @param rule What becomes of a schedule that does not fit.
 * @throws LatchworkError for a scenario or schedule that cannot be read.
 */
export function replayScenario(
  scenario: Scenario,
  schedule: string | Schedule,
  prepare?: (scheduler: Scheduler, program: ScenarioProgram) => void,
  own: readonly Protocol[] = [],
  rule: ReplayRule = "exact",
): Replayed {
  const steps = typeof schedule === "string" ? parseSchedule(schedule) : schedule;
  const scheduler = new Scheduler();
  const strategy =
    rule === "exact"
      ? new ReplayStrategy(steps)
      : new LooseReplayStrategy(steps, () => scheduler.schedule);
  const program = programOf(scheduler, scenario, own);
  const given: unknown = prepare?.(scheduler, program);
  mustBeThere("prepare", given, "it has to be done before the run");
  strategy.beginRun();
  const result = scheduler.run(program, strategy);
  strategy.endRun();
  const failure = result.failure ?? hiddenFailure(scheduler);
  const drift =
    strategy instanceof ReplayStrategy ? strategy.driftOf(scheduler.schedule) : strategy.drift;
  return { failure, scheduler, program, drift };
}
