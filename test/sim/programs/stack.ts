import type { Setup } from "../../../src/sim/index.ts";
import { type BenchmarkProgram, expectThat } from "./benchmark-program.ts";

const SIZE = 10;

/** A flag says that something was pushed, but a pop does not take it back. */
export const stack: BenchmarkProgram = {
  name: "stack",
  start: "spawn",
  kind: "exception",
  broken: stackOf(false),
  repaired: stackOf(true),
};

function stackOf(isFlagReset: boolean): Setup {
  return (sim) => {
    const m = sim.mutex("m");
    let top = 0;
    let isFilled = false;
    sim.task("push", function* () {
      for (let i = 0; i < SIZE; i++) {
        yield m.lock();
        expectThat(top !== SIZE, "stack overflow");
        top++;
        isFilled = true;
        m.unlock();
      }
    });
    sim.task("pop", function* () {
      for (let i = 0; i < SIZE; i++) {
        yield m.lock();
        if (isFilled) {
          expectThat(top !== 0, "stack underflow");
          top--;
          if (isFlagReset) isFilled = top > 0;
        }
        m.unlock();
      }
    });
  };
}
