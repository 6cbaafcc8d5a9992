import type { Mutex, Simulation } from "../../../src/sim/index.ts";
import type { Task } from "../../../src/task/index.ts";
import type { BenchmarkProgram } from "./benchmark-program.ts";

/**
 * Two groups of users share a resource: the first of a group locks it for all, under the mutex of
 * the group's count. One mutex for both counts lets the one who waits keep out the one who holds.
 */
export const carter01: BenchmarkProgram = {
  name: "carter01",
  start: "spawn",
  kind: "deadlock",
  broken: (sim) => {
    const m = sim.mutex("m");
    carter(sim, m, m);
  },
  repaired: (sim) => {
    carter(sim, sim.mutex("m of A"), sim.mutex("m of B"));
  },
};

function carter(sim: Simulation, countA: Mutex, countB: Mutex): void {
  const resource = sim.mutex("l");
  sim.task("A", () => useOnce(countA, resource));
  sim.task("B", () => useOnce(countB, resource));
  sim.task("C", doNothing);
  sim.task("D", doNothing);
}

function* useOnce(count: Mutex, resource: Mutex): Task<void> {
  let users = 0;
  yield count.lock();
  users++;
  if (users === 1) yield resource.lock();
  count.unlock();
  yield count.lock();
  users--;
  if (users === 0) resource.unlock();
  count.unlock();
}

function* doNothing(): Task<void> {}
