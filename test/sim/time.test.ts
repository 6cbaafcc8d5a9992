import { describe, expect, it } from "vitest";
import {
  replay,
  replayAsync,
  type Setup,
  simulate,
  simulateAsync,
  type Simulation,
  ValueStep,
} from "../../src/sim/index.ts";
import { budget } from "../campaign.ts";

const ALL = [
  "round-robin",
  "dfs:1",
  "random",
  "pct2",
  "pct3",
  "pos",
  "urw",
  "surw",
  "surw:writes",
  "swarm",
  "feedback",
];
const STRATEGIES = budget({ short: ["dfs:1", "random", "pct3", "surw"], campaign: ALL });
const RUNS = budget({ short: 2, campaign: 10 });
const FOR_EVER = budget({
  short: ["dfs:1"],
  campaign: ["round-robin", "dfs:1", "random", "pct3"],
});

/** A step of one's own that waits for a moment and does not say so. */
class Alarm extends ValueStep<number> {
  readonly #sim: Simulation;
  readonly #atMs: number;

  constructor(sim: Simulation, atMs: number) {
    super();
    this.#sim = sim;
    this.#atMs = atMs;
  }

  override isEnabled(): boolean {
    return this.#sim.nowMs() >= this.#atMs;
  }

  override take(): boolean {
    return true;
  }

  override result(): number {
    return this.#sim.nowMs();
  }
}

/** A flag that a task sets after it has slept. */
function sleeper(sim: Simulation, ms: number, times = 1) {
  const done = sim.shared("done", false);
  sim.task("worker", function* () {
    for (let i = 0; i < times; i++) yield sim.sleep(ms);
    yield done.write(true);
  });
  return done;
}

const ending: readonly (readonly [string, Setup])[] = [
  [
    "yields with sleep(0) until another, which sleeps, is done",
    (sim) => {
      const done = sleeper(sim, 10);
      sim.task("waiter", function* () {
        while (!(yield* done.read())) yield sim.sleep(0);
      });
      return () => expect(sim.nowMs()).toBe(10);
    },
  ],
  [
    "reads a flag again and again, before the worker in the list",
    (sim) => {
      const done = sim.shared("done", false);
      sim.task("waiter", function* () {
        while (!(yield* done.read()));
      });
      sim.task("worker", function* () {
        yield sim.sleep(3_600_000);
        yield done.write(true);
      });
    },
  ],
  [
    "tries for a mutex that another holds while it sleeps",
    (sim) => {
      const m = sim.mutex("m");
      sim.task("holder", function* () {
        yield m.lock();
        yield sim.sleep(5);
        m.unlock();
      });
      sim.task("trier", function* () {
        while (!(yield* m.tryLock()));
        m.unlock();
      });
    },
  ],
  [
    "compares the clock with a deadline, and nobody sleeps",
    (sim) => {
      const x = sim.shared("x", 0);
      sim.task("waits", function* () {
        while (sim.nowMs() < 5000) yield x.write(1);
      });
      return () => expect(sim.nowMs()).toBeGreaterThanOrEqual(5000);
    },
  ],
  [
    "compares the clock with a deadline a year away",
    (sim) => {
      const x = sim.shared("x", 0);
      sim.task("waits", function* () {
        while (sim.nowMs() < 365 * 86_400_000) yield* x.read();
      });
    },
  ],
  [
    "gives up at its deadline, before the worker is done",
    (sim) => {
      const done = sleeper(sim, 50);
      let ranOut = false;
      sim.task("waiter", function* () {
        const deadlineMs = sim.nowMs() + 20;
        while (!(yield* done.read()) && !ranOut) ranOut = sim.nowMs() >= deadlineMs;
      });
      return () => expect(ranOut).toBe(true);
    },
  ],
  [
    "sees the worker done before its deadline",
    (sim) => {
      const done = sleeper(sim, 20);
      let ranOut = false;
      sim.task("waiter", function* () {
        while (!(yield* done.read()) && !ranOut) ranOut = sim.nowMs() >= 10_000;
      });
      return () => expect(ranOut).toBe(false);
    },
  ],
  [
    "polls beside several sleepers, which wake in order",
    (sim) => {
      const woken = sim.atomic("woken", 0);
      const order: number[] = [];
      for (const ms of [30, 10, 20]) {
        sim.task(`sleeps ${ms}`, function* () {
          yield sim.sleep(ms);
          order.push(sim.nowMs() >= ms ? ms : -1);
          yield woken.add(1);
        });
      }
      for (const name of ["polls", "polls too"]) {
        sim.task(name, function* () {
          while ((yield* woken.load()) < 3) yield sim.sleep(0);
        });
      }
      return () => expect(order.toSorted((a, b) => a - b)).toEqual([10, 20, 30]);
    },
  ],
  [
    "polls beside a worker that sleeps two thousand times",
    (sim) => {
      const done = sleeper(sim, 1, 2000);
      sim.task("waiter", function* () {
        while (!(yield* done.read())) yield sim.sleep(0);
      });
      return () => expect(sim.nowMs()).toBe(2000);
    },
  ],
  [
    "waits for a deadline beside a heartbeat that it then stops",
    (sim) => {
      const stop = sim.shared("stop", false);
      sim.task("heartbeat", function* () {
        while (!(yield* stop.read())) yield sim.sleep(1);
      });
      sim.task("waits", function* () {
        while (sim.nowMs() < 1000) yield sim.sleep(0);
        yield stop.write(true);
      });
    },
  ],
  [
    "yields a step of its own that looks at the clock",
    (sim) => {
      sim.task("waits", function* () {
        expect(yield* new Alarm(sim, 700)).toBeGreaterThanOrEqual(700);
      });
    },
  ],
  [
    "polls beside a child that it has spawned, and that sleeps",
    (sim) => {
      sim.task("parent", function* () {
        const child = yield* sim.spawn("child", function* () {
          yield sim.sleep(7);
        });
        while (!child.isDone) yield sim.sleep(0);
        yield child.join();
      });
    },
  ],
  [
    "sleeps longer each time it finds nothing",
    (sim) => {
      const done = sleeper(sim, 900);
      sim.task("waiter", function* () {
        for (let ms = 1; !(yield* done.read()); ms *= 2) yield sim.sleep(ms);
      });
    },
  ],
  [
    "polls beside a disk that is slow",
    (sim) => {
      const disk = sim.disk({ latency: { writeMs: 3, syncMs: 12 } });
      const saved = sim.shared("saved", false);
      sim.task("writer", function* () {
        const file = yield* disk.open("f", "create");
        yield* file.write(0, new Uint8Array(4));
        yield* file.sync();
        yield saved.write(true);
      });
      sim.task("waiter", function* () {
        while (!(yield* saved.read())) yield sim.sleep(0);
      });
      return () => expect(sim.nowMs()).toBe(15);
    },
  ],
  [
    "sleeps for less than nothing, as a deadline in the past has it",
    (sim) => {
      sim.task("late", function* () {
        yield sim.sleep(-5);
      });
    },
  ],
];

describe.each(ending)("a task that %s", (_, setup) => {
  it.each(STRATEGIES)("is no livelock under %s", (strategy) => {
    const { finding } = simulate(setup, { strategy, runs: RUNS });
    expect(finding?.failure.message).toBeUndefined();
  });
});

it("async tasks that poll beside one that sleeps are no livelock", async () => {
  const setup: Setup = (sim) => {
    const done = sim.shared("done", false);
    sim.asyncTask("waiter", async (t) => {
      while (!(await t.read(done))) await t.sleep(0);
    });
    sim.asyncTask("worker", async (t) => {
      await t.sleep(10);
      await t.write(done, true);
    });
  };
  expect((await simulateAsync(setup, { runs: 5, strategy: "random" })).finding).toBeNull();
  expect((await replayAsync(setup, "")).failure).toBeNull();
});

/** Tasks that spin for a flag which the other sets only once it has seen the flag set. */
function spinning(sim: Simulation, pause: () => Generator<never, void, void>) {
  const flags = ["left", "right"].map((name) => sim.shared(`flag of ${name}`, false));
  flags.forEach((flag, i) => {
    sim.task(`spins ${i}`, function* () {
      while (!(yield* flag.read())) yield* pause();
      yield flags[1 - i]?.write(true) ?? flag.write(true);
    });
  });
}

const nothing = function* (): Generator<never, void, void> {};

const forEver: readonly (readonly [string, Setup])[] = [
  ["with no clock", (sim) => spinning(sim, nothing)],
  [
    "beside one who sleeps, and ends",
    (sim) => {
      spinning(sim, nothing);
      sim.task("sleeper", function* () {
        yield sim.sleep(10);
      });
    },
  ],
  [
    "beside one who sleeps again and again for ever",
    (sim) => {
      spinning(sim, nothing);
      sim.task("heartbeat", function* () {
        for (;;) yield sim.sleep(1);
      });
    },
  ],
  [
    "and look at the clock all the time",
    (sim) =>
      spinning(sim, function* () {
        sim.nowMs();
      }),
  ],
  [
    "and yield with sleep(0)",
    (sim) =>
      spinning(sim, function* () {
        yield sim.sleep(0) as never;
      }),
  ],
  [
    "and sleep in between",
    (sim) =>
      spinning(sim, function* () {
        yield sim.sleep(1) as never;
      }),
  ],
  [
    "for what a sleeper forgets to set",
    (sim) => {
      const done = sim.shared("done", false);
      sim.task("forgetful", function* () {
        yield sim.sleep(10);
      });
      sim.task("spins", function* () {
        while (!(yield* done.read())) yield sim.sleep(0);
      });
    },
  ],
];

describe.each(forEver)("tasks that spin %s", (_, setup) => {
  it.each(FOR_EVER)("are a livelock under %s", (strategy) => {
    const { finding, schedule } = simulate(setup, { strategy, runs: 3 });
    expect(finding?.failure.kind).toBe("livelock");
    // Found in a time that does not depend on how many sleep.
    expect(finding?.steps).toBeLessThanOrEqual(400_000);
    const again = replay(setup, schedule ?? "");
    expect(again.failure).toEqual(finding?.failure);
    expect(again.drift).toBeNull();
  });
});

it("a livelock says how long it has been one", () => {
  const setup: Setup = (sim) => {
    const flag = sim.shared("flag", false);
    sim.task("spins", function* () {
      while (!(yield* flag.read())) yield sim.sleep(2);
    });
  };
  expect(simulate(setup, { stepsMax: 100 }).finding?.failure.message).toBe(
    "livelock: after 200 steps, the last 100 of them shared out fairly, and after 200 ms, " +
      "these still run: spins",
  );
});

it("a step that is never enabled is stuck, however often it looks at the clock", () => {
  const setup: Setup = (sim) => {
    sim.task("waits", function* () {
      yield new Alarm(sim, Number.POSITIVE_INFINITY);
    });
  };
  expect(simulate(setup).finding?.failure.kind).toBe("stuck");
});

describe("time stands still", () => {
  it("while anybody has a few steps to take", () => {
    const setup: Setup = (sim) => {
      const x = sim.shared("x", 0);
      sim.task("sleeper", function* () {
        yield sim.sleep(1);
        expect(x.peek()).toBe(900);
      });
      sim.task("works", function* () {
        for (let i = 1; i <= 900; i++) yield x.write(i);
        expect(sim.nowMs()).toBe(0);
      });
    };
    expect(simulate(setup, { runs: 20 }).finding).toBeNull();
  });

  it("and for those who look at the clock, as long as somebody sleeps or can go on", () => {
    const setup: Setup = (sim) => {
      const x = sim.shared("x", 0);
      for (const ms of [5, 9]) {
        sim.task(`until ${ms}`, function* () {
          expect(sim.nowMs()).toBe(0);
          yield x.write(ms);
          expect(sim.nowMs()).toBe(0);
          yield sim.sleep(ms);
          expect(sim.nowMs()).toBe(ms);
        });
      }
    };
    const { finding, runs, coverage } = simulate(setup, { strategy: "dfs", runs: 1000 });
    expect(finding).toBeNull();
    // As many as without a clock: to begin with either can be first, and time decides the rest.
    expect({ runs, isDone: coverage[0]?.exhausted }).toEqual({ runs: 2, isDone: true });
  });
});
