import { assert } from "../../task/index.ts";
import type { HuntResult } from "../hunt.ts";
import type { HuntPlan } from "../plan.ts";
import type { Crew } from "./crew.ts";
import { RandomHunt } from "./random-hunt.ts";

/**
 * Makes a hunt by a crew, with the result that `huntingPlan` has in one thread.
 *
 * One scenario is hunted in by one worker, for a strategy learns from its own runs and cannot be
 * in two places; several hunts, and random scenarios, go to as many workers as there are.
 *
 * @param priority As of {@link Crew.ask}.
 * @param tell Is told how many schedules have been run so far.
 * @throws what a hunt throws, and WorkerDied.
 */
export async function huntInThreads(
  crew: Crew,
  plan: HuntPlan,
  priority: number,
  tell: (runs: number) => void,
): Promise<HuntResult> {
  if (plan.kind === "scenario") return crew.ask({ kind: "hunt", plan }, priority, tell);
  assert(plan.kind === "random", "a hunt is in one scenario or in random ones");
  return new RandomHunt(crew, plan, priority, tell).run();
}
