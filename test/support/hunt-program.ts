import {
  type Failure,
  formatSchedule,
  parseStrategy,
  type Program,
  Scheduler,
  type Strategy,
} from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";

/** What came of some schedules. */
export interface Hunted {
  readonly runs: number;
  readonly failure: Failure | null;
  /** Of the run that failed. */
  readonly schedule: string;
}

/** Runs schedules of a program until one fails, or as many as are wanted or there are. */
export function huntProgram(
  makeProgram: (scheduler: Scheduler) => Program,
  strategy: Strategy,
  runsMax: number,
): Hunted {
  const scheduler = new Scheduler();
  const program = makeProgram(scheduler);
  let runs = 0;
  while (runs < runsMax && strategy.beginRun()) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    runs++;
    const schedule = formatSchedule(scheduler.schedule);
    if (result.failure !== null) return { runs, failure: result.failure, schedule };
  }
  return { runs, failure: null, schedule: "" };
}

/** The strategy of a name, with the seed that these tests share. */
export function strategyOf(text: string): Strategy {
  return parseStrategy(text, createPrng(1));
}
