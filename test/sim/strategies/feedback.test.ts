import { describe, expect, it } from "vitest";
import { Scheduler } from "../../../src/sim/scheduler.ts";
import { parseStrategy } from "../../../src/sim/strategies/index.ts";
import { ACCESS_READ, ACCESS_WRITE, createPrng } from "../../../src/task/index.ts";
import { BareProgram, type BareTask } from "../anchors/bare.ts";
import { record } from "./record.ts";

/**
 * A lock with a combination: a reader that looks `stages` times must come each time right after one
 * more write, or it gives up. How far it came shows in which class the run is.
 */
function combination(stages: number): BareProgram {
  let x = 0;
  let isOpen = false;
  const writes: BareTask = function* (bare) {
    for (let i = 0; i < stages; i++) {
      yield bare.touch(0, ACCESS_WRITE);
      x++;
    }
  };
  const reads: BareTask = function* (bare) {
    for (let i = 1; i <= stages; i++) {
      yield bare.touch(0, ACCESS_READ);
      if (x !== i) return;
    }
    isOpen = true;
  };
  return new BareProgram(
    [writes, reads],
    () => {
      x = 0;
      isOpen = false;
    },
    () => (isOpen ? { kind: "wrong-result", message: "open", task: null } : null),
  );
}

function meanToOpen(name: string, stages: number, seeds: number): number {
  let runs = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const strategy = parseStrategy(name, createPrng(`${name} ${seed}`));
    const scheduler = new Scheduler();
    const program = combination(stages);
    for (let isOpen = false; !isOpen; runs++) {
      strategy.beginRun();
      const result = scheduler.run(program, strategy);
      strategy.endRun(result);
      isOpen = result.failed;
    }
  }
  return runs / seeds;
}

describe("feedback", () => {
  it("climbs to what takes many steps in a row to be right, one new class after another", () => {
    const walk = meanToOpen("random", 6, 20);
    const climb = meanToOpen("feedback", 6, 20);
    expect(climb).toBeLessThan(walk / 2);
  });

  it("makes each run one that there is, and all of a small program", () => {
    const body: BareTask = function* (bare) {
      yield bare.touch(0, ACCESS_WRITE);
      yield bare.touch(0, ACCESS_WRITE);
    };
    const runs = record(
      new BareProgram([body, body]),
      parseStrategy("feedback", createPrng(1)),
      500,
    );
    expect(new Set(runs.map(({ schedule }) => schedule)).size).toBe(6);
  });
});
