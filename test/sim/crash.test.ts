import { describe, expect, it } from "vitest";
import { SleepStep } from "../../src/sim/blocks/sleep.ts";
import { CrashSource } from "../../src/sim/crash-source.ts";
import { FunctionSource } from "../../src/sim/blocks/spawn.ts";
import { checkDeterminism } from "../../src/sim/determinism.ts";
import { formatSchedule } from "../../src/sim/schedule.ts";
import { type Program, Scheduler } from "../../src/sim/scheduler.ts";
import { runsOf, shrinkSchedule } from "../../src/sim/shrink-schedule.ts";
import {
  DepthFirstStrategy,
  IteratedDepthFirstStrategy,
  parseStrategy,
  ReplayStrategy,
} from "../../src/sim/strategies/index.ts";
import { createPrng, Step, type Task } from "../../src/task/index.ts";
import { record } from "./strategies/record.ts";

const MANY = 1_000_000;

/** A step that can always be taken, or never. */
class PlainStep extends Step {
  readonly #isEnabled: boolean;

  constructor(isEnabled: boolean = true) {
    super();
    this.#isEnabled = isEnabled;
  }

  override isEnabled(): boolean {
    return this.#isEnabled;
  }

  override take(): boolean {
    return true;
  }
}

function* stepping(steps: number, done: () => void = () => undefined): Task<void> {
  try {
    for (let i = 0; i < steps; i++) yield new PlainStep();
  } finally {
    done();
  }
}

interface CrashProgram extends Program {
  /** How many steps the tasks had taken at each crash, over all runs. */
  readonly crashedAt: number[];
  readonly ended: string[];
}

/** Tasks of so many steps each, a crash, and a recovery of two steps that may find a failure. */
function crashing(
  steps: readonly number[],
  options: { readonly fails?: (crashedAt: number) => boolean; readonly stuck?: boolean } = {},
): CrashProgram {
  const crashedAt: number[] = [];
  const ended: string[] = [];
  return {
    crashedAt,
    ended,
    begin: (scheduler) => {
      ended.length = 0;
      steps.forEach((count, i) => {
        const body = (): Task<void> => stepping(count, () => ended.push(`writer ${i}`));
        scheduler.addTask(new FunctionSource(`writer ${i}`, body));
      });
      if (options.stuck === true) scheduler.addTask(new FunctionSource("stuck", neverGoingOn));
      const crash = (): void => {
        // The crash itself is a step.
        const at = scheduler.steps - 1;
        crashedAt.push(at);
        scheduler.stopAll();
        scheduler.addTask(
          new FunctionSource("recovery", function* () {
            yield* stepping(2, () => ended.push("recovery"));
            if (options.fails?.(at) === true) throw new Error(`lost at ${at}`);
          }),
        );
      };
      scheduler.addTask(new CrashSource(crash, "power", () => options.stuck !== true));
    },
    finish: () => null,
    describeObject: () => "",
  };
}

function* neverGoingOn(): Task<void> {
  yield new PlainStep(false);
}

describe("a crash", () => {
  it("is tried at every step by depth-first search, at no preemption", () => {
    const program = crashing([5]);
    const runs = record(program, new DepthFirstStrategy(0), MANY);
    expect(program.crashedAt.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(runs.map((run) => run.preemptions)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("is tried at every step of every schedule within the bound", () => {
    const schedulesOf = (bound: number): string[] =>
      record(crashing([2, 2]), new DepthFirstStrategy(bound), MANY).map((run) => run.schedule);
    const within = record(crashing([2, 2]), new DepthFirstStrategy(), MANY);
    for (const bound of [0, 1, 2]) {
      const expected = within.filter((run) => run.preemptions <= bound).map((run) => run.schedule);
      expect(schedulesOf(bound).toSorted()).toEqual(expected.toSorted());
    }
    const iterated = new IteratedDepthFirstStrategy(10);
    record(crashing([2, 2]), iterated, MANY);
    expect(iterated.coverage()).toMatchObject({
      exhausted: true,
      preemptionBound: null,
      schedules: within.length,
    });
  });

  it("counts the choices and preemptions of the others as if it were not there", () => {
    const scheduler = new Scheduler();
    const strategy = new ReplayStrategy([0, 1, 2, 3, 3]);
    strategy.beginRun();
    const result = scheduler.run(crashing([2, 2]), strategy);
    expect(formatSchedule(scheduler.schedule)).toBe("abcd2");
    // Both writers could go on at each of the first three steps, of which the last was the crash.
    expect(result).toMatchObject({ choices: 3, preemptions: 1, steps: 5 });
    expect(result.taskCount).toBe(4);
  });

  it("drops tasks without running their code, and recovery goes on in the same run", () => {
    const scheduler = new Scheduler();
    const program = crashing([2, 2]);
    const strategy = new ReplayStrategy([0, 0, 1, 2, 3, 3]);
    strategy.beginRun();
    expect(scheduler.run(program, strategy).failure).toBeNull();
    expect(strategy.driftOf(scheduler.schedule)).toBeNull();
    expect(program.ended).toEqual(["writer 0", "recovery"]);
    const stopped = scheduler.tasks.map((task) => scheduler.wasStopped(task.id));
    expect(stopped).toEqual([false, true, false, false]);
    expect(scheduler.tasks.map((task) => task.source.name)).toEqual([
      "writer 0",
      "writer 1",
      "power",
      "recovery",
    ]);
  });

  it("is repeated by a replay", () => {
    const scheduler = new Scheduler();
    const strategy = parseStrategy("random", createPrng(7));
    const program = crashing([3, 3]);
    for (let i = 0; i < 20; i++) {
      strategy.beginRun();
      strategy.endRun(scheduler.run(program, strategy));
      expect(checkDeterminism(crashing([3, 3]), scheduler.schedule)).toBeNull();
    }
  });

  it("comes last where a strategy only goes round", () => {
    const program = crashing([3, 3]);
    record(program, parseStrategy("round-robin", createPrng(1)), 1);
    expect(program.crashedAt).toEqual([6]);
  });

  it("is not what a run that must be fair goes on with", () => {
    const scheduler = new Scheduler({ stepsMax: 10 });
    const program = crashing([6, 6]);
    scheduler.run(program, new DepthFirstStrategy());
    expect(program.crashedAt).toEqual([12]);
  });

  it("lets time pass before it is all that is left", () => {
    const times: number[] = [];
    const program: Program = {
      ...crashing([]),
      begin: (one) => {
        const sleeping = function* (): Task<void> {
          yield new SleepStep(one, 5);
          yield new SleepStep(one, 5);
        };
        one.addTask(new FunctionSource("sleeper", sleeping));
        one.addTask(new CrashSource(() => times.push(one.nowMs())));
      },
    };
    record(program, new DepthFirstStrategy(0), MANY);
    // Instead of the first sleep's end, of the second's, and after both; a sleep goes on after it.
    expect(times).toEqual([10, 10, 5]);
  });

  it("rescues tasks that would wait for ever, or shows that they do", () => {
    const scheduler = new Scheduler();
    const { failure } = scheduler.run(crashing([1], { stuck: true }), new DepthFirstStrategy());
    expect(failure?.kind).toBe("stuck");
  });

  it("stays in a schedule that is shrunk, and so does its moment", () => {
    const scheduler = new Scheduler();
    // Lost if the power fails while one writer is half done, whoever it is.
    const program = crashing([4, 4], { fails: (at) => at >= 2 && at <= 5 });
    const runUnder = runsOf(scheduler, program);
    const strategy = new ReplayStrategy([0, 1, 0, 1, 0, 2, 3, 3]);
    strategy.beginRun();
    const failed = runUnder(strategy);
    expect(failed?.failureKind).toBe("exception");
    if (failed === null) return;
    const shrunk = shrinkSchedule(failed, runUnder);
    expect(shrunk).toMatchObject({ failureKind: "exception", preemptions: 0 });
    expect(formatSchedule(shrunk.schedule)).toMatch(/^[ab]\d?cd2$/);
  });
});

const SAMPLERS = ["random", "pos", "urw", "surw", "surw:writes", "swarm", "feedback", "pct3"];

describe.each(SAMPLERS)("under %s a crash", (name) => {
  it("comes at each moment of the run about equally often", () => {
    const program = crashing([10, 6, 4]);
    record(program, parseStrategy(name, createPrng("moments")), 4201);
    // Whatever the first run does, it is there to learn how long a run is.
    const counts = new Int32Array(21);
    for (const at of program.crashedAt.slice(1)) counts[at] = (counts[at] ?? 0) + 1;
    // 200 each are expected; five standard deviations are 69.
    expect(Math.min(...counts)).toBeGreaterThan(131);
    expect(Math.max(...counts)).toBeLessThan(269);
  });

  it("leaves the others' order as it would be without it", () => {
    const prefixes = (program: Program): Set<string> =>
      new Set(
        record(program, parseStrategy(name, createPrng("order")), 400).map((run) =>
          run.schedule.slice(0, 2),
        ),
      );
    expect(prefixes(crashing([2, 2])).has("c")).toBe(false);
    expect([...prefixes(crashing([2, 2]))]).toEqual(expect.arrayContaining(["ab", "ba"]));
  });
});

describe("pct", () => {
  it("claims less where a crash has to come at its moment too", () => {
    const claimed = (program: Program): number => {
      const strategy = parseStrategy("pct2", createPrng(1));
      record(program, strategy, 50);
      return strategy.coverage().runProbability ?? 0;
    };
    // Of 8 steps in 4 tasks at most 7 are choices between two of them, and 9 moments for a crash.
    expect(claimed(crashing([4, 4]))).toBeCloseTo(1 / (4 * 7 * 9), 10);
  });
});
