import type { Failure, FailureKind, Finding, Schedule } from "../sim/index.ts";
import type { Scenario } from "./scenario.ts";

/** How much work shrinking may do. */
export interface ShrinkBudget {
  /** Most schedules to run while shrinking. */
  readonly runsMax: number;
  /** Asked between runs; true ends the shrinking with the best so far. */
  readonly shouldStop?: () => boolean;
}

/** A failure at its shortest: fewest tasks, then fewest operations, then fewest preemptions. */
export interface Shrunk {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  readonly failure: Failure;
  readonly kind: FailureKind;
  readonly tasks: number;
  readonly operations: number;
  readonly preemptions: number;
  /** Schedules run to get here. */
  readonly runs: number;
}

/** Makes a finding as short as the budget allows, keeping the kind of its failure. */
export function shrink(scenario: Scenario, finding: Finding, _budget: ShrinkBudget): Shrunk {
  return {
    scenario,
    schedule: finding.schedule,
    failure: finding.failure,
    kind: finding.failure.kind,
    tasks: scenario.tasks.length,
    operations: scenario.tasks.flat().length,
    preemptions: finding.preemptions,
    runs: 0,
  };
}
