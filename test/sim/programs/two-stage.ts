import type { Setup } from "../../../src/sim/index.ts";
import { type BenchmarkProgram, expectThat } from "./benchmark-program.ts";

/**
 * Writers set a, and then b to one more, each under a mutex of its own; one reader looks at them in
 * that order, and returns after the first if it is not set yet. All writers write the same, so the
 * reader must come after one of them has set a, and before any has set b.
 *
 * @param size As in the program's name: how many tasks there are, one of them the reader.
 */
export function twoStage(size: number): BenchmarkProgram {
  return {
    name: `twostage_${size}`,
    start: "spawn",
    kind: "exception",
    broken: twoStageOf(size - 1, false),
    repaired: twoStageOf(size - 1, true),
  };
}

/** @param isOneStage Whether the first mutex is held to the end. */
function twoStageOf(writers: number, isOneStage: boolean): Setup {
  return (sim) => {
    const first = sim.mutex("first");
    const second = sim.mutex("second");
    let a = 0;
    let b = 0;
    const write = function* () {
      yield first.lock();
      a = 1;
      if (!isOneStage) first.unlock();
      yield second.lock();
      b = a + 1;
      second.unlock();
      if (isOneStage) first.unlock();
    };
    const read = function* () {
      yield first.lock();
      const seen = a;
      if (!isOneStage || seen === 0) first.unlock();
      if (seen === 0) return;
      yield second.lock();
      expectThat(b === seen + 1, "b is not a + 1");
      second.unlock();
      if (isOneStage) first.unlock();
    };
    for (let i = 0; i < writers; i++) sim.task(`write ${i}`, write);
    sim.task("read", read);
  };
}
