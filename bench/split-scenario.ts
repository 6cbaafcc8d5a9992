/**
 * The smallest split, three tasks on two leaves, random schedules, all detectors on: the tree is put
 * back, run, checked, and its history judged, for every schedule. Trace off.
 *
 * A script of its own, which prints its rates as JSON: code that another benchmark has made
 * polymorphic in the same process would be measured with it.
 */
import { parseScenario, programOf } from "../src/hunt/index.ts";
import { createPrng, Explorer, RandomStrategy, Scheduler } from "../src/sim/index.ts";

const SCENARIO = `
  protocol crabbing
  capacity 3
  tree [10,12,20][30,40]
  task insert 15
  task get 20
  task insert 17`;
const SEED = 7;
const RUNS = 20_000;
const REPEATS = 15;
const WARM_UPS = 4;

const scheduler = new Scheduler();
const program = programOf(scheduler, parseScenario(SCENARIO).scenario);
const explorer = new Explorer(scheduler);
const strategies = [new RandomStrategy(createPrng(SEED))];
const rates: number[] = [];
for (let repeat = -WARM_UPS; repeat < REPEATS; repeat++) {
  const start = performance.now();
  const { finding } = explorer.explore(program, strategies, { runsMax: RUNS });
  if (finding !== null) throw new Error(finding.failure.message);
  if (repeat >= 0) rates.push((RUNS / (performance.now() - start)) * 1000);
}
console.log(JSON.stringify(rates));
