import { describe, expect, it } from "vitest";
import {
  ABANDON,
  areIndependent,
  type ChoicePoint,
  Explorer,
  RandomStrategy,
  createPrng,
  OPERATIONS_OBJECT,
  type PendingStep,
  sampledCoverage,
  Scheduler,
  type Segment,
  type Setup,
  SetupProgram,
  type Strategy,
  TASKS_OBJECT,
} from "../../src/sim/index.ts";
import { ACCESS_READ, ACCESS_WRITE, type Fact } from "../../src/task/index.ts";

/** Always takes the first option, and keeps what it is shown. */
class Looking implements Strategy {
  readonly name = "looking";
  readonly segments: Segment[] = [];
  readonly seen: { readonly pending: PendingStep; readonly canTake: boolean }[][] = [];
  readonly #choose: (point: ChoicePoint) => number | typeof ABANDON;
  abandonAfter = Number.POSITIVE_INFINITY;

  constructor(choose: (point: ChoicePoint) => number | typeof ABANDON = () => 0) {
    this.#choose = choose;
  }

  beginRun(): boolean {
    return true;
  }

  choose(point: ChoicePoint): number | typeof ABANDON {
    if (point.kind === "value") return 1;
    const options = Array.from({ length: point.count }, (_, index) => {
      const pending = point.pendingAt(index);
      if (pending === null) throw new Error("a task choice has pending steps");
      const { objectId, access, incarnation, latchMode, isRelease } = pending;
      const told = pending.fact();
      const fact = (): Fact => told;
      const kept = { fact, objectId, access, incarnation, latchMode, isRelease };
      return { pending: kept, canTake: point.canTakeAt(index) };
    });
    this.seen.push(options);
    return this.#choose(point);
  }

  segmentRan(segment: Segment): typeof ABANDON | undefined {
    this.segments.push(segment);
    return this.segments.length >= this.abandonAfter ? ABANDON : undefined;
  }

  endRun(): void {}

  coverage(): ReturnType<typeof sampledCoverage> {
    return sampledCoverage(this.name);
  }
}

/** `a` holds a latch alone while `b` comes to share it. */
const oneLatch: Setup = (sim) => {
  const latch = sim.readWriteLatch("door");
  sim.task("a", function* () {
    const guard = yield* latch.exclusive("writer");
    yield sim.sleep(0);
    guard.release();
  });
  sim.task("b", function* () {
    const guard = yield* latch.shared("reader");
    guard.release();
  });
};

function run(setup: Setup, strategy: Strategy, options = {}): Scheduler {
  const scheduler = new Scheduler(options);
  strategy.beginRun();
  strategy.endRun(scheduler.run(new SetupProgram(setup), strategy));
  return scheduler;
}

describe("what a strategy sees of an option", () => {
  it("is object, access, incarnation, mode, and whether it is taken or joins a queue", () => {
    const strategy = new Looking();
    run(oneLatch, strategy);
    const [first, second] = strategy.seen;
    expect(first?.map(({ pending }) => pending.latchMode)).toEqual(["X", "S"]);
    expect(first?.map(({ pending }) => pending.access)).toEqual([ACCESS_WRITE, ACCESS_READ]);
    expect(first?.map(({ canTake }) => canTake)).toEqual([true, true]);
    expect(first?.[0]?.pending.objectId).toBe(first?.[1]?.pending.objectId);
    expect(first?.[0]?.pending).toMatchObject({ incarnation: 0, isRelease: false });
    // `a` has the latch now; `b` may still come and queue.
    expect(second?.map(({ canTake }) => canTake)).toEqual([true, false]);
  });

  it("includes a release that was deferred", () => {
    const strategy = new Looking();
    run(oneLatch, strategy, { releaseSteps: true });
    const releases = strategy.seen.flat().filter(({ pending }) => pending.isRelease);
    expect(releases.length).toBeGreaterThan(0);
    expect(releases[0]).toMatchObject({ canTake: true, pending: { access: ACCESS_WRITE } });
  });

  it("includes tasks that cannot go on", () => {
    const facts: (Fact | undefined)[] = [];
    const strategy = new Looking((point) => {
      facts.push(point.pendingOf(point.taskAt(0))?.fact());
      return 0;
    });
    run(oneLatch, strategy);
    expect(facts[0]).toMatchObject({ kind: "latch-ask", mode: "X" });
  });
});

describe("what a strategy learns of a segment", () => {
  it("is what it touched, released, enabled and disabled, forced or not", () => {
    // `a` latches, `b` queues, `a` sleeps and releases, which enables `b`.
    const order = [0, 1];
    const strategy = new Looking(() => order.shift() ?? 0);
    const scheduler = run(oneLatch, strategy);
    expect(scheduler.failure).toBeNull();
    const [latch, queue, sleep, go] = strategy.segments;
    const door = latch?.footprint[0]?.objectId;
    expect(latch).toMatchObject({ task: 0, outcome: "taken", isForced: false });
    expect(latch?.footprint).toContainEqual({ objectId: door, access: ACCESS_WRITE });
    expect(queue).toMatchObject({ task: 1, outcome: "queued", isForced: false, enabled: [] });
    expect(queue?.footprint).toEqual([{ objectId: door, access: ACCESS_WRITE }]);
    expect(sleep).toMatchObject({ task: 0, released: [door], enabled: [1], isForced: true });
    expect(go).toMatchObject({ task: 1, released: [door], isForced: true });
  });

  it("covers the whole schedule, one entry after another", () => {
    const strategy = new Looking();
    const scheduler = run(oneLatch, strategy);
    let end = 0;
    for (const segment of strategy.segments) {
      expect(segment.firstDecision).toBe(end);
      end = segment.endDecision;
    }
    expect(end).toBe(scheduler.schedule.length);
  });

  it("has the values that it drew, and the tasks that it spawned", () => {
    const strategy = new Looking(() => 1);
    run((sim) => {
      sim.task("only", function* () {
        yield sim.sleep(0);
        sim.choose(3);
        yield* sim.spawn("child", function* () {
          yield sim.sleep(0);
        });
      });
    }, strategy);
    const drawing = strategy.segments.find(({ firstDecision, endDecision }) => {
      return endDecision - firstDecision === 2;
    });
    expect(drawing).toBeDefined();
    const spawning = strategy.segments.filter(({ task, footprint }) => {
      if (task !== 0) return false;
      return footprint.some(({ objectId, access }) => {
        return objectId === TASKS_OBJECT && access === ACCESS_WRITE;
      });
    });
    expect(spawning).toHaveLength(1);
    expect(spawning[0]?.enabled).toEqual([1]);
  });

  it("tells which segments are independent", () => {
    const strategy = new Looking();
    run((sim) => {
      const [x, y] = [sim.shared("x", 0), sim.shared("y", 0)];
      sim.task("a", function* () {
        yield* x.write(1);
        yield* y.read();
      });
      sim.task("b", function* () {
        yield* y.read();
        yield* x.read();
      });
    }, strategy);
    const of = (task: number, nth: number): Segment => {
      const found = strategy.segments.filter((segment) => segment.task === task)[nth];
      if (found === undefined) throw new Error(`segment ${nth} of task ${task}`);
      return found;
    };
    expect(areIndependent(of(0, 0), of(1, 0))).toBe(true);
    expect(areIndependent(of(0, 0), of(1, 1))).toBe(false);
    expect(areIndependent(of(0, 0), of(0, 1))).toBe(false);
    const touched = strategy.segments.flatMap(({ footprint }) => footprint);
    // Nobody keeps a history of these tasks, so when they begin and return is no access.
    expect(touched.some(({ objectId }) => objectId === OPERATIONS_OBJECT)).toBe(false);
  });
});

describe("a run that its strategy abandons", () => {
  it("ends at a choice, is judged by nobody and counts apart", () => {
    const scheduler = new Scheduler();
    let runs = 0;
    const strategy = new Looking(() => ABANDON);
    const program = new SetupProgram((sim) => {
      runs++;
      sim.task("a", function* () {
        yield sim.sleep(0);
      });
      sim.task("b", function* () {
        yield sim.sleep(0);
      });
      return () => {
        throw new Error("never checked");
      };
    });
    const verdict = new Explorer(scheduler).explore(program, [strategy], { runsMax: 5 });
    expect(verdict).toMatchObject({ finding: null, runs: 0, abandoned: 5, distinctOrders: 0 });
    expect(runs).toBe(5);
  });

  it("is not ended by the number that stands for no option", () => {
    const strategy = new Looking((point) => (point.crashIndex === -1 ? -1 : 0));
    expect(() => run(oneLatch, strategy)).toThrow(/choose gave -1, expected a whole number/);
  });

  it("is not ended, nor gone on with, by any other answer", () => {
    const strategy = new Looking();
    Reflect.set(strategy, "segmentRan", async () => ABANDON);
    expect(() => run(oneLatch, strategy)).toThrow(
      "strategy looking: segmentRan gave a promise, expected nothing or ABANDON",
    );
  });

  it("ends after a segment, and leaves the budget to others", () => {
    const strategy = new Looking();
    strategy.abandonAfter = 1;
    const scheduler = new Scheduler();
    const others = [strategy, new RandomStrategy(createPrng(1))];
    const verdict = new Explorer(scheduler).explore(new SetupProgram(oneLatch), others, {
      runsMax: 32,
    });
    expect(verdict.runs + verdict.abandoned).toBe(32);
    // Slices of 1, 1, 2, 4, 8 runs, and those that the other earns by what it finds.
    expect(verdict.abandoned).toBe(19);
    expect(verdict.finding).toBeNull();
  });
});
