import { Scheduler } from "../../../src/sim/scheduler.ts";
import type { Program } from "../../../src/sim/scheduler.ts";
import { formatSchedule } from "../../../src/sim/schedule.ts";
import type { Strategy } from "../../../src/sim/strategy.ts";

/** One run, as far as the tests look at it. */
export interface Recorded {
  readonly schedule: string;
  readonly preemptions: number;
  readonly failed: boolean;
}

/** Runs a program until the strategy has nothing left, or `runsMax` times, and notes each run. */
export function record(program: Program, strategy: Strategy, runsMax: number): Recorded[] {
  const scheduler = new Scheduler({ releaseSteps: true });
  const runs: Recorded[] = [];
  while (runs.length < runsMax && strategy.beginRun()) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    runs.push({
      schedule: formatSchedule(scheduler.schedule),
      preemptions: result.preemptions,
      failed: result.failed,
    });
  }
  return runs;
}
