import { bugNamed, type FailingRun, huntScenario, scenarioOfBug } from "../../src/hunt/index.ts";
import { defaultPortfolio } from "../../src/sim/index.ts";

/** A failing run of a planted bug, made somewhat shorter. */
export function failingRun(id: string): FailingRun {
  const { run } = huntScenario(scenarioOfBug(bugNamed(id)), {
    seed: 1,
    runsMax: 5000,
    strategies: defaultPortfolio,
    shrink: { runsMax: 500 },
  });
  if (run === null) throw new Error(`${id} was not found`);
  return run;
}
