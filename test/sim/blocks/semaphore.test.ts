import { describe, expect, it } from "vitest";
import { replay, type Setup, simulate } from "../../../src/sim/index.ts";

describe("semaphore", () => {
  it("lets as many in as it has permits", () => {
    let most = 0;
    const setup: Setup = (sim) => {
      const s = sim.semaphore("s", 2);
      let inside = 0;
      for (let i = 0; i < 4; i++) {
        sim.task(`visitor ${i}`, function* () {
          yield s.acquire();
          inside++;
          most = Math.max(most, inside);
          yield sim.sleep(1);
          inside--;
          yield s.release();
        });
      }
      return () => expect(s.peek()).toBe(2);
    };
    expect(simulate(setup, { runs: 300 }).finding).toBeNull();
    expect(most).toBe(2);
  });

  it("can be released by another task, and is stuck if nobody does", () => {
    const setup =
      (permits: number): Setup =>
      (sim) => {
        const s = sim.semaphore("s", 0);
        sim.task("waiter", function* () {
          yield s.acquire();
          yield s.acquire();
        });
        sim.task("giver", function* () {
          yield s.release(permits);
        });
      };
    expect(simulate(setup(2)).finding).toBeNull();
    expect(replay(setup(1), "ba").failure?.message).toBe(
      "stuck: no task can go on (a lost wakeup?)\n  waiter waits for ever to acquire s",
    );
  });

  it("is tried without waiting", () => {
    const setup: Setup = (sim) => {
      const s = sim.semaphore("s", 1);
      sim.task("only", function* () {
        expect(yield* s.tryAcquire()).toBe(true);
        expect(yield* s.tryAcquire()).toBe(false);
        yield s.release();
        expect(yield* s.tryAcquire()).toBe(true);
      });
    };
    expect(simulate(setup).finding).toBeNull();
  });

  it.each([-1, 0.5, Number.NaN])("refuses %s permits", (permits) => {
    const setup: Setup = (sim) => void sim.semaphore("s", permits);
    expect(() => simulate(setup)).toThrow(`semaphore s: ${permits} permits, expected 0 or more`);
  });
});
