import { describe, expect, it } from "vitest";
import { replay, type Setup, simulate } from "../../../src/sim/index.ts";

/** One slot between producers and consumers; `wake` is what is called after a change. */
function slot(wake: "signal" | "broadcast", consumers: number): Setup {
  return (sim) => {
    const m = sim.mutex("m");
    const changed = sim.condition("changed");
    let full = false;
    let taken = 0;
    const turn = function* (wantsFull: boolean) {
      yield m.lock();
      while (full !== wantsFull) yield* changed.wait(m);
      full = !full;
      if (wantsFull) taken++;
      yield changed[wake]();
      m.unlock();
    };
    for (let i = 0; i < consumers; i++) sim.task(`consumer ${i}`, () => turn(true));
    for (let i = 0; i < consumers; i++) sim.task(`producer ${i}`, () => turn(false));
    return () => expect(taken).toBe(consumers);
  };
}

/** A waiter that tests the flag outside of the mutex, so that the wakeup can be lost. */
const lostWakeup: Setup = (sim) => {
  const m = sim.mutex("m");
  const ready = sim.condition("ready");
  const flag = sim.shared("flag", false);
  sim.task("waiter", function* () {
    if (yield* flag.read()) return;
    yield m.lock();
    yield* ready.wait(m);
    m.unlock();
  });
  sim.task("waker", function* () {
    yield flag.write(true);
    yield ready.signal();
  });
};

describe("condition variable", () => {
  it("wakes waiters that test their condition in a loop", () => {
    expect(simulate(slot("broadcast", 2), { runs: 2000 }).finding).toBeNull();
    expect(simulate(slot("broadcast", 2), { releaseSteps: true }).finding).toBeNull();
    expect(simulate(slot("signal", 1), { runs: 2000 }).finding).toBeNull();
  });

  it("shows that one condition for two purposes needs a broadcast", () => {
    const verdict = simulate(slot("signal", 2), { runs: 5000 });
    expect(verdict.finding?.failure.kind).toBe("stuck");
    expect(replay(slot("signal", 2), verdict.schedule ?? "").failure?.kind).toBe("stuck");
  });

  it("reports a lost wakeup as stuck", () => {
    expect(simulate(lostWakeup).finding?.failure.kind).toBe("stuck");
    const run = replay(lostWakeup, "ab2a2");
    expect(run.failure?.message).toBe(
      [
        "stuck: no task can go on (a lost wakeup?)",
        "  waiter waits for ever to be signalled on ready",
      ].join("\n"),
    );
    expect(run.story).toBe(
      [
        "   0  waiter  reads flag: false",
        "   1  waker   writes flag: true",
        "   2  waker   signals ready",
        "   3  waiter  locks m",
        "   4  waiter  waits on ready",
        "!! stuck: no task can go on (a lost wakeup?)",
        "     waiter waits for ever to be signalled on ready",
        "",
      ].join("\n"),
    );
    expect(run.drift).toBeNull();
  });

  it("lets the schedule decide which waiter a signal wakes", () => {
    const woken = new Set<string>();
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      const c = sim.condition("c");
      const waiting = sim.shared("waiting", 0);
      const order: string[] = [];
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          yield m.lock();
          yield waiting.write(waiting.peek() + 1);
          yield* c.wait(m);
          order.push(name);
          m.unlock();
        });
      }
      sim.task("waker", function* () {
        while ((yield* waiting.read()) < 2) yield sim.sleep(1);
        yield m.lock();
        yield c.signal();
        yield c.signal();
        m.unlock();
      });
      return () => {
        woken.add(order.join());
      };
    };
    expect(simulate(setup, { runs: 200 }).finding).toBeNull();
    expect([...woken].toSorted()).toEqual(["left,right", "right,left"]);
    expect(simulate(setup, { runs: 50 }).finding).toBeNull();
  });

  it("refuses to wait without the mutex", () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      const c = sim.condition("c");
      sim.task("hasty", function* () {
        yield* c.wait(m);
      });
    };
    expect(simulate(setup).finding?.failure).toMatchObject({
      kind: "latch-misuse",
      message: "hasty waits on c without holding m",
    });
  });

  it("counts a waiter that was woken as a member of a deadlock", () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      const other = sim.mutex("other");
      const c = sim.condition("c");
      sim.task("waiter", function* () {
        yield other.lock();
        yield m.lock();
        yield* c.wait(m);
      });
      sim.task("waker", function* () {
        yield m.lock();
        yield c.signal();
        yield other.lock();
      });
    };
    expect(replay(setup, "a3b2").failure?.message).toBe(
      [
        "deadlock: waker -> waiter -> waker",
        "  waker waits to lock other, behind waiter; holds m",
        "  waiter waits to lock m, behind waker; holds other",
      ].join("\n"),
    );
  });
});
