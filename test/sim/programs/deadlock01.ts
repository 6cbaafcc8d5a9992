import type { Setup } from "../../../src/sim/index.ts";
import type { BenchmarkProgram } from "./benchmark-program.ts";

/** Two tasks lock two mutexes in opposite orders; in the same order once repaired. */
export const deadlock01: BenchmarkProgram = {
  name: "deadlock01",
  start: "spawn",
  kind: "deadlock",
  broken: deadlock01Of(true),
  repaired: deadlock01Of(false),
};

function deadlock01Of(isOpposite: boolean): Setup {
  return (sim) => {
    const a = sim.mutex("a");
    const b = sim.mutex("b");
    let counter = 0;
    sim.task("up", function* () {
      yield a.lock();
      yield b.lock();
      counter++;
      b.unlock();
      a.unlock();
    });
    sim.task("down", function* () {
      const [outer, inner] = isOpposite ? [b, a] : [a, b];
      yield outer.lock();
      yield inner.lock();
      counter--;
      inner.unlock();
      outer.unlock();
    });
    return () => {
      if (counter !== 0) throw new Error(`counter is ${counter}`);
    };
  };
}
