import { bugNamed, type FailingRun, huntScenario, scenarioOfBug } from "../../src/hunt/index.ts";
import { defaultPortfolio } from "../../src/sim/index.ts";

const found = new Map<string, FailingRun>();

/** A failing run of a planted bug, made somewhat shorter; it is hunted once. */
export function failingRun(id: string): FailingRun {
  const run = found.get(id) ?? hunted(id);
  found.set(id, run);
  return run;
}

function hunted(id: string): FailingRun {
  const { run } = huntScenario(scenarioOfBug(bugNamed(id)), {
    seed: 1,
    runsMax: 5000,
    strategies: defaultPortfolio,
    shrink: { runsMax: 500 },
  });
  if (run === null) throw new Error(`${id} was not found`);
  return run;
}
