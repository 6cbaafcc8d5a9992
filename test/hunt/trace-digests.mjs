// Digests of the traces of fixed hunts. Plain JavaScript over the compiled code, so that the test
// can run it in its own process and in another, and anybody can on another machine:
// node test/hunt/trace-digests.mjs
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { parseScenario, programOf } from "../../dist/hunt/index.js";
import { parseStrategy, Scheduler, Trace } from "../../dist/sim/index.js";
import { createPrng } from "../../dist/task/index.js";

const SPLIT = "capacity 3\ntree [10,12,20][30,40]\ntask insert 15\ntask get 20\ntask insert 17\n";
const MERGE =
  "capacity 2\ntree [10,20][30][40,50]\ntask delete 30\ntask scan\ntask scan-back\ntask insert 35\n";

/** What is run: each name says protocol, scenario and strategy. */
export const HUNTS = [
  ["crabbing, split, random", "crabbing", SPLIT, "random"],
  ["crabbing, merge, pct3", "crabbing", MERGE, "pct3"],
  ["optimistic-crabbing, split, urw", "optimistic-crabbing", SPLIT, "urw"],
  ["optimistic-crabbing, merge, dfs:1", "optimistic-crabbing", MERGE, "dfs:1"],
  ["tree-rw, merge, round-robin", "tree-rw", MERGE, "round-robin"],
  ["tree-mutex, split, swarm", "tree-mutex", SPLIT, "swarm"],
  ["crabbing, merge barging, random", "crabbing", `fairness barging\n${MERGE}`, "random"],
];

const RUNS = 60;

/** The first 16 digits of SHA-256 over the traces of up to 60 runs. */
export function digestOf([, protocol, text, strategyName]) {
  const scenario = { ...parseScenario(text).scenario, protocol };
  const scheduler = new Scheduler();
  const program = programOf(scheduler, scenario);
  const strategy = parseStrategy(strategyName, createPrng("pin"));
  const trace = new Trace();
  scheduler.trace = trace;
  const hash = createHash("sha256");
  for (let run = 0; run < RUNS && strategy.beginRun(); run++) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    hash.update(trace.toText()).update(result.failure?.message ?? "clean");
  }
  return hash.digest("hex").slice(0, 16);
}

/** All digests by name. */
export function digests() {
  return Object.fromEntries(HUNTS.map((hunt) => [hunt[0], digestOf(hunt)]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log(JSON.stringify(digests()));
}
