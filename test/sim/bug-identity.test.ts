import { describe, expect, it } from "vitest";
import {
  BugSearch,
  type FailedRun,
  formatSchedule,
  identityText,
  RandomStrategy,
  replay,
  runsOf,
  type RunUnder,
  Scheduler,
  searched,
  type Setup,
  SetupProgram,
  shrinkSchedule,
  simulate,
} from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";

const SEEDS = [1, 2, 3, 4, 5];

/** A program whose failures can be told apart, and whose every failing run is looked at. */
class Lab {
  readonly #scheduler = new Scheduler();
  readonly #bug = new BugSearch(this.#scheduler);
  readonly runUnder: RunUnder;

  constructor(setup: Setup) {
    this.runUnder = runsOf(this.#scheduler, new SetupProgram(setup));
  }

  bugOf(run: FailedRun): string {
    return identityText(searched(this.#bug.identify(run), this.runUnder).identity);
  }

  /** A run of the random walk with at least some preemptions that shows a bug. */
  found(bug: string, seed: number, preemptionsMin: number): FailedRun {
    const strategy = new RandomStrategy(createPrng(seed));
    for (let i = 0; i < 20_000; i++) {
      const run = this.runUnder(strategy);
      if (run === null || run.preemptions < preemptionsMin) continue;
      if (this.#scheduler.failed && this.bugOf(run) === bug) return run;
    }
    throw new Error(`no run shows ${bug}`);
  }

  shrunk(run: FailedRun): ReturnType<typeof shrinkSchedule> {
    return shrinkSchedule(run, this.runUnder, { bug: this.#bug });
  }

  /** Shrunk as failures of a kind, whichever bug it is. */
  shrunkByKind(run: FailedRun): FailedRun {
    return shrinkSchedule(anonymous(run), (strategy) => {
      const failed = this.runUnder(strategy);
      return failed === null ? null : anonymous(failed);
    });
  }
}

function anonymous({ failureKind, schedule, preemptions }: FailedRun): FailedRun {
  return { failureKind, schedule, preemptions };
}

/** One deadlock takes one preemption, the other two. */
const twoDeadlocks: Setup = (sim) => {
  const [a, b, c, d] = [sim.mutex("a"), sim.mutex("b"), sim.mutex("c"), sim.mutex("d")];
  const gate = sim.shared("gate", 0);
  const ordered = (first: typeof a, second: typeof a) =>
    function* () {
      yield first.lock();
      yield second.lock();
      second.unlock();
      first.unlock();
    };
  sim.task("ab", ordered(a, b));
  sim.task("ba", ordered(b, a));
  sim.task("cd", function* () {
    yield gate.write(1);
    yield gate.write(2);
    yield* ordered(c, d)();
  });
  sim.task("dc", function* () {
    // Only who comes between the two writes takes them the wrong way round.
    if ((yield* gate.read()) === 1) yield* ordered(d, c)();
  });
};

/** Two sums are lost in two ways, and one check says only that something is wrong. */
const twoLostUpdates: Setup = (sim) => {
  const x = sim.shared("x", 0);
  const y = sim.shared("y", 0);
  let isSandwiched = false;
  for (const name of ["left", "right"]) {
    sim.task(name, function* () {
      yield x.write((yield* x.read()) + 1);
    });
  }
  sim.task("writer", function* () {
    for (let i = 1; i <= 4; i++) yield y.write(i);
  });
  sim.task("reader", function* () {
    const first = yield* y.read();
    const second = yield* y.read();
    isSandwiched = first === 2 && second === 4;
  });
  return () => {
    if (x.peek() !== 2 || isSandwiched) throw new Error("the end is wrong");
  };
};

/** One line throws for two reasons. */
const twoExceptions: Setup = (sim) => {
  const x = sim.shared("x", 0);
  const y = sim.shared("y", 0);
  const mustBe = (found: number, expected: number): void => {
    if (found !== expected) throw new Error(`found ${found}, expected ${expected}`);
  };
  sim.task("owner", function* () {
    yield x.write(1);
    mustBe(yield* x.read(), 1);
    yield y.write(1);
    yield y.write(2);
    mustBe(yield* y.read(), 2);
  });
  sim.task("of x", function* () {
    yield x.write(7);
  });
  sim.task("of y", function* () {
    yield y.write(7);
  });
};

const DEADLOCKS = [
  "deadlock: hold after lock a, hold after lock b, lock a, lock b",
  "deadlock: hold after lock c, hold after lock d, lock c, lock d",
];
const LOST = '"Error: the end is wrong at ';

describe("shrinking keeps the bug, where a program has two of one kind:", () => {
  describe.each(DEADLOCKS)("%s", (bug) => {
    it.each(SEEDS)("seed %i", (seed) => {
      const lab = new Lab(twoDeadlocks);
      const shrunk = lab.shrunk(lab.found(bug, seed, 2));
      expect(lab.bugOf(shrunk)).toBe(bug);
      expect(shrunk).toMatchObject({ isOneMinimal: true, isMinimal: true, cutBy: [] });
    });
  });

  const sandwich = expect.stringMatching(/: (?:read|write) y before (?:read|write) y$/);
  const lost = expect.stringMatching(/: (?:read|write) x before (?:read|write) x$/);

  it.each(SEEDS)("lost updates under one check, seed %i", (seed) => {
    const lab = new Lab(twoLostUpdates);
    const strategy = new RandomStrategy(createPrng(seed));
    const seen = new Set<string>();
    for (let i = 0; i < 20_000 && seen.size < 2; i++) {
      const run = lab.runUnder(strategy);
      if (run === null || run.preemptions < 3) continue;
      const bug = lab.bugOf(run);
      const variable = bug.at(-1) ?? "";
      // Where both have come together, no single switch avoids the failure.
      if (seen.has(variable) || bug.endsWith("no conflict")) continue;
      seen.add(variable);
      expect(bug).toContain(LOST);
      const shrunk = lab.shrunk(run);
      expect(lab.bugOf(shrunk)).toBe(bug);
      expect(bug).toEqual(variable === "x" ? lost : sandwich);
      expect(shrunk).toMatchObject({ preemptions: variable === "x" ? 1 : 2, isOneMinimal: true });
    }
    expect([...seen].toSorted()).toEqual(["x", "y"]);
  });

  it("which kinds alone would not", () => {
    const lab = new Lab(twoDeadlocks);
    const { schedule } = lab.shrunkByKind(lab.found(DEADLOCKS[1] ?? "", 1, 2));
    expect(replay(twoDeadlocks, formatSchedule(schedule)).failure?.message).toMatch(/ab|ba/);
  });

  it("and exceptions of one line are told apart by their places and races", () => {
    const lab = new Lab(twoExceptions);
    const bugs = new Set<string>();
    const strategy = new RandomStrategy(createPrng(1));
    for (let i = 0; i < 500; i++) {
      const run = lab.runUnder(strategy);
      if (run !== null) bugs.add(lab.bugOf(run).replace(/^.*: /, ""));
    }
    expect([...bugs].toSorted()).toEqual(
      expect.arrayContaining(["write x before read x", "write y before read y"]),
    );
  });
});

describe("a verdict", () => {
  it("has the finding at its shortest, with its bug and the switch that matters", () => {
    const verdict = simulate(twoLostUpdates, { strategy: "random", seed: 3 });
    const { shrunk, finding, schedule } = verdict;
    expect(shrunk?.schedule).toBe(schedule);
    expect(shrunk?.isOneMinimal).toBe(true);
    expect(shrunk?.preemptions).toBeLessThanOrEqual(finding?.preemptions ?? 0);
    expect(shrunk?.bug).toMatch(/^wrong-result, "Error: the end is wrong at .*": /);
    expect(shrunk?.switch).toMatch(/^step \d+: .* instead, the run goes well$/);
    const told = replay(twoLostUpdates, schedule ?? "");
    expect(told.failure?.message).toBe(finding?.failure.message);
  });

  it("is not shrunk if that is not wanted, and says which budget cut it off", () => {
    const off = simulate(twoDeadlocks, { strategy: "random", shrink: false });
    expect(off.shrunk).toBeNull();
    expect(off.finding).not.toBeNull();
    const setup: Setup = (sim) => {
      const x = sim.shared("x", 0);
      for (let i = 0; i < 5; i++) {
        sim.task(`adds ${i}`, function* () {
          for (let k = 0; k < 4; k++) yield x.write((yield* x.read()) + 1);
        });
      }
      return () => {
        if (x.peek() < 5) throw new Error("too few");
      };
    };
    const few = simulate(setup, { strategy: "random", shrink: 4, runs: 5000 });
    expect(few.shrunk?.cutBy).not.toEqual([]);
    expect(few.shrunk?.isMinimal).toBe(false);
  });

  it("of a run that does not come again is one of determinism", () => {
    let runs = 0;
    const { finding, shrunk } = simulate((sim) => {
      const isFirst = runs++ === 0;
      sim.task("once", function* () {
        yield sim.sleep(0);
        if (isFirst) throw new Error("only the first time");
      });
    });
    expect(shrunk).toBeNull();
    expect(finding?.failure.kind).toBe("nondeterminism");
    expect(finding?.failure.message).toContain(
      'the first ended with "exception: Error: only the first time", the second with no failure',
    );
  });
});

describe("the slice of a run", () => {
  const setup: Setup = (sim) => {
    const total = sim.shared("total", 0);
    const other = sim.shared("other", 0);
    for (const name of ["left", "right"]) {
      sim.task(name, function* () {
        yield total.write((yield* total.read()) + 1);
      });
    }
    sim.task("bystander", function* () {
      yield other.write((yield* other.read()) + 1);
    });
    return () => {
      if (total.peek() !== 2) throw new Error("lost");
    };
  };

  it("leaves out what the failure does not depend on", () => {
    const { slice, story } = replay(setup, "ac2bab");
    expect(story.split("\n").filter((line) => line.includes("bystander"))).toHaveLength(2);
    expect(slice).toBe(
      [
        "   0  left       reads total: 0",
        "   3  right      reads total: 0",
        "   4  left       writes total: 1",
        "   5  right      writes total: 1",
        "",
      ].join("\n"),
    );
  });

  it("is empty where nothing failed", () => {
    expect(replay(setup, "a2b2c2").slice).toBe("");
  });

  it("of a deadlock is what its tasks did", () => {
    const { slice } = replay((sim) => {
      const [a, b] = [sim.mutex("a"), sim.mutex("b")];
      const free = sim.shared("free", 0);
      sim.task("bystander", function* () {
        yield free.write(1);
      });
      sim.task("ab", function* () {
        yield a.lock();
        yield b.lock();
      });
      sim.task("ba", function* () {
        yield b.lock();
        yield a.lock();
      });
    }, "abc");
    expect(slice).toBe("   1  ab         locks a\n   2  ba         locks b\n");
  });
});
