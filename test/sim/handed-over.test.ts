import { afterEach, assert, beforeEach, describe, expect, it } from "vitest";
import { asyncProperty, check } from "fast-check";
import {
  CrashSource,
  Explorer,
  type Program,
  RandomStrategy,
  replay,
  replayAsync,
  RoundRobinStrategy,
  Scheduler,
  type Setup,
  SetupProgram,
  shrinkSchedule,
  simulate,
  simulateAsync,
  type SimulateOptions,
  type Simulation,
  ValueStep,
} from "../../src/sim/index.ts";
import { schedules } from "../../src/sim/fast-check.ts";
import { createPrng, LatchworkError } from "../../src/task/index.ts";

// JavaScript hands over whatever it likes; each value here is one that a compiler would refuse.
const leaked: unknown[] = [];
const note = (reason: unknown): void => void leaked.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(async () => {
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
  process.off("unhandledRejection", note);
  assert.deepEqual(leaked.splice(0), []);
});

describe("a setup", () => {
  const task = (sim: Simulation): unknown => sim.task("only", function* () {});
  it.each<[string, unknown, string]>([
    [
      "an async function",
      async (sim: Simulation) => void task(sim),
      "a setup is no async function",
    ],
    [
      "an async function that fails",
      async (sim: Simulation) => {
        task(sim);
        throw new Error("late");
      },
      "a setup is no async function",
    ],
    [
      "a generator function",
      function* (sim: Simulation) {
        task(sim);
      },
      "a setup is no generator function",
    ],
    [
      "an async generator function",
      async function* (sim: Simulation) {
        task(sim);
      },
      "a setup is no generator function",
    ],
    ["an arrow function without braces", task, "the setup gives a TaskHandle"],
    ["no function", 7, "setup: expected a function that is given a simulation, found 7"],
  ])("is refused in words if it is %s", async (_, given, message) => {
    const setup = given as Setup;
    expect(() => simulate(setup)).toThrow(message);
    expect(() => simulate(setup)).toThrow(LatchworkError);
    await expect(simulateAsync(setup)).rejects.toThrow(message);
    await expect(replayAsync(setup, "")).rejects.toThrow(message);
  });
});

const bodies: readonly (readonly [string, unknown, string])[] = [
  [
    "a plain function",
    () => undefined,
    "its function gives undefined, expected a generator; write function* in place of function",
  ],
  [
    "an async function",
    async () => {
      throw new Error("late");
    },
    "its function gives a promise, expected a generator; write function* without async",
  ],
  [
    "an async generator function",
    async function* () {},
    "its function is an async generator; write function* without async",
  ],
  [
    "a function that returns a generator it did not run",
    function* () {
      return (function* () {})();
    },
    "odd returns a generator that has not run; write return yield* in place of return",
  ],
  [
    "a function that returns a promise",
    function* () {
      return Promise.reject(new Error("late"));
    },
    "odd returns a promise that has not run; nobody awaits it",
  ],
  [
    "a function that yields a promise",
    function* () {
      yield Promise.reject(new Error("late"));
    },
    "odd yields what is no step, before its first step: a promise; a generator task awaits nothing",
  ],
  [
    "a function that yields a function",
    function* () {
      yield () => undefined;
    },
    "odd yields what is no step, before its first step: a function; it has to be called",
  ],
];

describe.each(bodies)("a task given as %s", (_, body, message) => {
  const code = body as () => Generator<never, void, void>;
  it.each<[string, Setup]>([
    ["declared", (sim) => void sim.task("odd", code)],
    [
      "spawned",
      (sim) => {
        sim.task("parent", function* () {
          yield* sim.spawn("odd", code);
        });
      },
    ],
  ])("and %s fails the run in words", async (__, setup) => {
    const { finding, schedule } = simulate(setup);
    expect(finding?.failure.kind).toBe("exception");
    expect(finding?.failure.message).toContain(message);
    expect(replay(setup, schedule ?? "").failure).toEqual(finding?.failure);
    const found = (await simulateAsync(setup)).finding;
    expect(found?.failure.message).toContain(message);
  });

  it("and as a recovery does so too", () => {
    const setup: Setup = (sim) => {
      sim.task("only", function* () {});
      sim.crash(code);
    };
    const expected = message.replace("odd", "recovery");
    expect(simulate(setup).finding?.failure.message).toContain(expected);
  });
});

describe("an async task", () => {
  it.each<[string, unknown, string]>([
    [
      "a plain function",
      () => 7,
      "odd: its function gives 7, no promise; expected one of an async function",
    ],
    [
      "a generator function",
      function* () {},
      "odd: its function gives a generator, no promise; sim.task runs it",
    ],
    [
      "an async generator function",
      async function* () {},
      "odd: its function gives an async generator, no promise",
    ],
    [
      "a function that returns a generator it did not run",
      async () => (function* () {})(),
      "odd returns a generator that has not run",
    ],
    [
      "a function that runs what is no step",
      async (t: { run(work: unknown): unknown }) => t.run(Promise.reject(new Error("late"))),
      "escape: odd asks for what is no step: a promise; expected a step, or a generator of steps",
    ],
    [
      "a function that runs what is no step, without awaiting it",
      async (t: { run(work: unknown): unknown }) => void t.run(7),
      "escape: odd asks for what is no step: 7",
    ],
    [
      "a function that runs a list of what is no step",
      async (t: { run(work: unknown): unknown }) => t.run([1]),
      "odd is given what is no step: 1, after its step 0 (start)",
    ],
  ])("given as %s fails the run in words", async (_, body, message) => {
    const setup: Setup = (sim) => void sim.asyncTask("odd", body as () => Promise<void>);
    expect((await simulateAsync(setup)).finding?.failure.message).toContain(message);
  });
});

describe("what is no function at all", () => {
  it.each<[string, (sim: Simulation) => unknown, string]>([
    ["task", (sim) => sim.task("t", undefined as never), "task t: expected a generator function"],
    [
      "task, called",
      (sim) => sim.task("t", (function* () {})() as never),
      "task t: expected a generator function, found a generator",
    ],
    ["asyncTask", (sim) => sim.asyncTask("t", 1 as never), "task t: expected an async function"],
    ["crash", (sim) => sim.crash(undefined as never), "recovery: expected a generator function"],
  ])("is refused by %s", async (_, declare, message) => {
    const setup: Setup = (sim) => void declare(sim);
    await expect(simulateAsync(setup)).rejects.toThrow(message);
  });
});

describe("what an atomic is updated with", () => {
  it.each<[string, unknown]>([
    ["a promise", async (n: number) => n + 1],
    [
      "a generator",
      function* (n: number) {
        return n + 1;
      },
    ],
  ])("fails the run if it is %s", (what, change) => {
    const setup: Setup = (sim) => {
      const n = sim.atomic("n", 0);
      sim.task("adds", function* () {
        yield n.update(change as (value: number) => number);
      });
    };
    expect(simulate(setup).finding?.failure.message).toBe(
      `TypeError: update of n: its function gives ${what}, expected the value itself`,
    );
  });
});

describe("a step in place of what it gives", () => {
  it.each<[string, (sim: Simulation) => () => Generator<never, unknown, void>, string]>([
    [
      "returned",
      (sim) => {
        const x = sim.shared("x", 0);
        return function* () {
          return x.read();
        };
      },
      "odd returns a step that it has not taken (read); write return yield* in place of return",
    ],
    [
      "written",
      (sim) => {
        const x = sim.shared<unknown>("x", 0);
        return function* () {
          yield x.write(x.read()) as never;
        };
      },
      "write of x is given a step that is not taken (read); write yield* before the call",
    ],
    [
      "stored",
      (sim) => {
        const x = sim.atomic<unknown>("x", 0);
        return function* () {
          yield x.store(x.load()) as never;
        };
      },
      "store of x is given a step that is not taken (load)",
    ],
    [
      "made by an update",
      (sim) => {
        const x = sim.atomic<unknown>("x", 0);
        return function* () {
          yield x.update(() => x.load()) as never;
        };
      },
      "update of x is given a step that is not taken (load)",
    ],
  ])("fails the run in words if it is %s", (_, bodyOf, message) => {
    const setup: Setup = (sim) => void sim.task("odd", bodyOf(sim));
    expect(simulate(setup).finding?.failure.message).toContain(message);
  });
});

describe("a step of one's own", () => {
  const failing = (methods: object): Setup => {
    class Odd extends ValueStep<number> {
      override label = "odd step";
      override isEnabled(): boolean {
        return true;
      }
      override take(): boolean {
        return true;
      }
      override result(): number {
        return 1;
      }
    }
    return (sim) => {
      sim.task("odd", function* () {
        yield Object.assign(new Odd(), methods);
      });
    };
  };

  it("is enabled and taken at once, or refused in words", () => {
    const late = failing({ isEnabled: async () => true });
    expect(() => simulate(late)).toThrow("odd step: isEnabled: gave a promise");
    const taken = failing({ take: async () => true });
    expect(simulate(taken).finding?.failure.message).toContain("odd step: take gave a promise");
    const silent = failing({ take: () => undefined });
    expect(simulate(silent).finding?.failure.message).toContain("odd step: take gave undefined");
    expect(simulate(failing({ isEnabled: () => 1 })).finding).toBeNull();
    expect(simulate(failing({ isEnabled: () => undefined })).finding?.failure.kind).toBe("stuck");
  });
});

it("a sleep of what is no number is refused where it is asked for", () => {
  const setup: Setup = (sim) => {
    sim.task("sleeper", function* () {
      yield sim.sleep(Number.NaN);
    });
  };
  const message = "LatchworkError: sleep: expected milliseconds, found NaN";
  expect(simulate(setup).finding?.failure.message).toBe(message);
});

const two: Setup = (sim) => {
  for (const name of ["left", "right"]) {
    sim.task(name, function* () {
      yield sim.sleep(0);
      yield sim.sleep(0);
    });
  }
};

/** A random walk with one method that is as JavaScript may have it. */
function odd(methods: object): never {
  const walk = new RandomStrategy(createPrng(1));
  return {
    name: "odd",
    beginRun: () => walk.beginRun(),
    choose: (point: Parameters<typeof walk.choose>[0]) => walk.choose(point),
    endRun: (summary: Parameters<typeof walk.endRun>[0]) => walk.endRun(summary),
    coverage: () => walk.coverage(),
    ...methods,
  } as never;
}

describe("an option", () => {
  it.each<[string, SimulateOptions, string]>([
    [
      "an async shouldStop",
      { shouldStop: (async () => true) as never },
      "shouldStop: gave a promise",
    ],
    ["a shouldStop that is none", { shouldStop: true as never }, "shouldStop: expected a function"],
    [
      "an async beginRun",
      { strategy: odd({ beginRun: async () => true }) },
      "beginRun gave a promise",
    ],
    [
      "a beginRun without answer",
      { strategy: odd({ beginRun: () => {} }) },
      "beginRun gave undefined",
    ],
    [
      "an async choose",
      { strategy: odd({ choose: async () => 0 }) },
      "strategy odd: choose gave a promise, expected a whole number from 0 to 1",
    ],
    ["half an option", { strategy: odd({ choose: () => 0.5 }) }, "choose gave 0.5"],
    ["an option that is none", { strategy: odd({ choose: () => 2 }) }, "choose gave 2"],
    ["no choice", { strategy: odd({ choose: () => {} }) }, "choose gave undefined"],
    ["an async endRun", { strategy: odd({ endRun: async () => {} }) }, "endRun: gave a promise"],
    [
      "an async coverage",
      { strategy: odd({ coverage: async () => ({}) }) },
      "coverage: gave a promise",
    ],
    ["a strategy without methods", { strategy: {} as never }, "found an object without beginRun"],
    ["a promise of one", { strategy: Promise.resolve() as never }, "found a promise"],
    ["an empty list", { strategy: [] }, "expected at least one, found an empty list"],
    ["an arbitrary", { strategy: schedules() as never }, "of an arbitrary, give what it draws"],
    [
      "an unknown name",
      { strategies: "dfs" } as never,
      'option "strategies" of a simulation: there is none; did you mean strategy?',
    ],
    ["no runs", { runs: 0 }, "runs: expected a whole number from 1, found 0"],
    [
      "runs that are no number",
      { runs: "10" as never },
      'runs: expected a whole number from 1, found "10"',
    ],
    ["no shrinking", { shrink: 0 }, "shrink: expected true, false or a whole number from 1"],
    [
      "a strange start",
      { start: "spwan" as never },
      'start: expected "bare" or "spawn", found "spwan"',
    ],
    [
      "steps that are no number",
      { stepsMax: Number.NaN },
      "stepsMax: expected a whole number from 1",
    ],
    [
      "a strange flag",
      { keepGoing: "no" as never },
      'keepGoing: expected true or false, found "no"',
    ],
  ])("is refused in words if it is %s", async (_, options, message) => {
    expect(() => simulate(two, options)).toThrow(message);
    expect(() => simulate(two, options)).toThrow(LatchworkError);
    await expect(simulateAsync(two, options)).rejects.toThrow(message);
  });

  it("of a replay may be one of the run that it repeats", () => {
    const options = { runs: 5, strategy: "random", seed: "x", start: "spawn" } as const;
    expect(replay(two, "", options).failure).toBeNull();
    expect(() => replay(two, "", { strat: 1 } as never)).toThrow(
      'option "strat" of a simulation: there is none; did you mean start?',
    );
    expect(() => replay(two, undefined as never)).toThrow("schedule: expected a text");
  });
});

describe("an explorer of one's own", () => {
  const explored = (options: object, run: unknown = null): unknown => {
    const scheduler = new Scheduler();
    const program = new SetupProgram(two);
    const explorer = new Explorer(scheduler);
    const strategies = [new RoundRobinStrategy()];
    const most = { runsMax: 2, ...options };
    if (run === null) return explorer.explore(program, strategies, most);
    return explorer.exploreBy(run as never, strategies, most);
  };

  it("says what it cannot await", () => {
    expect(() => explored({ onProgress: async () => {} })).toThrow("onProgress: gave a promise");
    expect(() => explored({}, async () => {})).toThrow(
      "run: gave a promise; exploreAsync awaits it",
    );
    const failed = { failureKind: "deadlock", schedule: [0, 1], preemptions: 1 } as const;
    const runUnder = (async () => null) as never;
    expect(() => shrinkSchedule(failed, runUnder)).toThrow("runUnder: gave a promise");
  });
});

describe("a program of one's own", () => {
  const run = (methods: object): unknown => {
    const program: Program = {
      begin: () => undefined,
      finish: () => null,
      describeObject: () => "",
      ...methods,
    };
    return new Scheduler().run(program, new RoundRobinStrategy());
  };

  it("is begun and finished at once, and its crashes happen at once", () => {
    expect(() => run({ begin: async () => {} })).toThrow("program: begin: gave a promise");
    expect(() => run({ finish: async () => null })).toThrow("program: finish: gave a promise");
    const crashing = (crash: () => unknown, rescues?: () => boolean): unknown =>
      run({
        begin: (scheduler: Scheduler) => {
          scheduler.addTask(new CrashSource(crash, "power", rescues));
        },
      });
    expect(crashing(async () => {})).toMatchObject({
      failure: { message: expect.stringContaining("power: crash: gave a promise") },
    });
    expect(crashing(function* () {})).toMatchObject({
      failure: { message: expect.stringContaining("power: crash: gave a generator") },
    });
    const late = (async () => true) as never;
    expect(() => crashing(() => undefined, late)).toThrow("power: rescues: gave a promise");
  });
});

describe("a drawn schedule", () => {
  it("is run, and its failure found, in a property that is async", async () => {
    const lost: Setup = (sim) => {
      const x = sim.shared("x", 0);
      for (const name of ["left", "right"]) {
        sim.asyncTask(name, async (t) => {
          await t.write(x, (await t.read(x)) + 1);
        });
      }
      return async () => {
        if (x.peek() !== 2) throw new Error(`x is ${x.peek()}`);
      };
    };
    const property = asyncProperty(schedules(), async (strategy) => {
      expect((await simulateAsync(lost, { strategy })).finding).toBeNull();
    });
    expect((await check(property, { seed: 1, numRuns: 200 })).failed).toBe(true);
  });
});
