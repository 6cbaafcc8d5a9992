import { afterEach, assert, beforeEach, describe, expect, it } from "vitest";
import {
  type AsyncBody,
  type AsyncContext,
  replayAsync,
  type Setup,
  simulate,
  simulateAsync,
  type Simulation,
  ValueStep,
} from "../../src/sim/index.ts";
import { LatchworkError } from "../../src/task/index.ts";

const leaked: unknown[] = [];
const note = (reason: unknown): void => void leaked.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(async () => {
  await turn();
  process.off("unhandledRejection", note);
  assert.deepEqual(leaked.splice(0), []);
});

/** A foreign promise, as of a timer. */
async function turn(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}

/** One of each block. What its steps are is unknown, as it is to who forgets `t`. */
function blocksOf(sim: Simulation) {
  return {
    sim,
    x: sim.shared("x", 0),
    a: sim.atomic("a", 0),
    m: sim.mutex("m"),
    l: sim.readWriteLatch("l"),
    c: sim.condition("c"),
    s: sim.semaphore("s", 0),
    d: sim.disk(),
  };
}

type Blocks = ReturnType<typeof blocksOf>;
type MakeStep = (blocks: Blocks) => unknown;

/** A program of one async task that can use one of each block. */
function withBlocks(body: (t: AsyncContext, blocks: Blocks) => Promise<unknown>): Setup {
  return (sim) => {
    const blocks = blocksOf(sim);
    sim.asyncTask("only", async (t) => body(t, blocks));
  };
}

const idle: AsyncBody<void> = async () => undefined;

const steps: readonly (readonly [string, MakeStep])[] = [
  ["read x", ({ x }) => x.read()],
  ["write x", ({ x }) => x.write(1)],
  ["load a", ({ a }) => a.load()],
  ["store a", ({ a }) => a.store(1)],
  ["update a", ({ a }) => a.add(1)],
  ["exchange a", ({ a }) => a.exchange(1)],
  ["compare and set a", ({ a }) => a.compareAndSet(0, 1)],
  ["lock m", ({ m }) => m.lock()],
  ["try to lock m", ({ m }) => m.tryLock()],
  ["latch S on l, as reader", ({ l }) => l.shared()],
  ["latch X on l, as writer", ({ l }) => l.exclusive()],
  ["try S on l, as reader", ({ l }) => l.tryShared()],
  ["try X on l, as writer", ({ l }) => l.tryExclusive()],
  ["wait on c", ({ c, m }) => c.wait(m)],
  ["signal c", ({ c }) => c.signal()],
  ["broadcast on c", ({ c }) => c.broadcast()],
  ["acquire s", ({ s }) => s.acquire()],
  ["try to acquire s", ({ s }) => s.tryAcquire()],
  ["release s", ({ s }) => s.release()],
  ["spawn child", ({ sim }) => sim.spawn("child", function* () {})],
  ["spawn child", ({ sim }) => sim.spawnAsync("child", idle)],
  ["sleep 10 ms", ({ sim }) => sim.sleep(10)],
  ["open (create) f in the directory", ({ d }) => d.open("f", "create")],
  ["list the directory", ({ d }) => d.list()],
  ["sync the directory", ({ d }) => d.syncDirectory()],
];

const message = (what: string): string =>
  `escape: only awaits a step without t, which does not take it (${what}); ` +
  "write await t.run(...) around the step";

describe("a step that a task awaits by itself", () => {
  it.each(steps)("ends the run, and the step is named: %s", async (what, makeStep) => {
    const setup = withBlocks(async (t, blocks) => {
      await t.sleep(1);
      await makeStep(blocks);
    });
    const { finding, runs, schedule } = await simulateAsync(setup);
    expect(runs).toBe(1);
    expect(finding?.failure).toMatchObject({ kind: "escape", message: message(what), task: 0 });
    // Where it is awaited, not where it was made.
    expect(finding?.failure.stack?.[0]).toMatch(/^test\/sim\/awaited-steps\.test\.ts:\d+:13$/);
    expect((await replayAsync(setup, schedule ?? "")).failure).toEqual(finding?.failure);
  });

  it("is found out for a handle", async () => {
    const setup: Setup = (sim) => {
      const child = sim.asyncTask("child", idle);
      sim.asyncTask("only", async () => withoutType(child.join()));
    };
    expect((await simulateAsync(setup)).finding?.failure.message).toBe(message("join child"));
  });

  it("is found out for a guard that is to be upgraded, and for a file", async () => {
    const upgrades = withBlocks(async (t, { l }) => {
      const guard = await t.run(l.shared());
      const step: unknown = l.upgrade(guard);
      await step;
    });
    const upgraded = (await simulateAsync(upgrades)).finding;
    expect(upgraded?.failure.message).toBe(message("upgrade to X on l, as writer"));
    const reads = withBlocks(async (t, { d }) => {
      const file = await t.run(d.open("f", "create"));
      const step: unknown = file.read(0, new Uint8Array(1));
      await step;
    });
    const read = (await simulateAsync(reads)).finding;
    expect(read?.failure.message).toBe(message("read bytes 0-0 of f"));
  });

  const ways: readonly (readonly [string, (step: unknown) => Promise<unknown>])[] = [
    ["returned by the task", async (step) => step],
    ["in Promise.all", async (step) => Promise.all([step, step])],
    ["in Promise.allSettled", async (step) => Promise.allSettled([step])],
    ["in Promise.race with what is there", async (step) => Promise.race([step, Promise.resolve()])],
    ["in Promise.resolve", async (step) => Promise.resolve(step).then(() => undefined)],
    ["within a try", withinTry],
  ];
  it.each(ways)("cannot be passed over when it is %s", async (_, await_) => {
    const setup = withBlocks(async (_t, { x }) => await_(x.read()));
    const { finding } = await simulateAsync(setup);
    expect(finding?.failure).toMatchObject({ kind: "escape", message: message("read x") });
  });

  it("is found out in a task that was spawned", async () => {
    const setup: Setup = (sim) => {
      const { x } = blocksOf(sim);
      sim.task("parent", function* () {
        yield* sim.spawnAsync("only", async () => x.read());
      });
    };
    const { finding } = await simulateAsync(setup);
    expect(finding?.failure).toMatchObject({ kind: "escape", message: message("read x"), task: 1 });
  });

  it("is never granted to who comes back after the run", async () => {
    const after: string[] = [];
    const setup = withBlocks(async (_t, { x }) => {
      const late = async (): Promise<void> => {
        await turn();
        after.push("woken");
        const step: unknown = x.read();
        await step;
        after.push("granted");
      };
      // Whoever is not awaited does not hold the run up.
      void late().catch(() => undefined);
    });
    expect((await simulateAsync(setup, { runs: 3 })).finding).toBeNull();
    await turn();
    await turn();
    expect(after).toEqual(["woken", "woken", "woken"]);
  });
});

async function withinTry(step: unknown): Promise<void> {
  try {
    await step;
  } catch {
    // This task goes on whatever happens.
  }
}

describe("steps taken through t", () => {
  it("are none of these, and neither are guards that are held or refused", async () => {
    const setup = withBlocks(async (t, { l, d, c, m }) => {
      const take = async () => t.run(l.exclusive());
      const guard = await take();
      expect(guard.isHeld).toBe(true);
      const refused = await t.run(l.tryShared());
      expect(refused.isHeld).toBe(false);
      guard.release();
      const shared = await take();
      shared.release();
      expect(await Promise.resolve(shared)).toBe(shared);
      expect(await t.run(d.list())).toEqual([]);
      await t.lock(m);
      await t.run(c.signal());
      m.unlock();
    });
    expect((await simulateAsync(setup, { runs: 20 })).finding).toBeNull();
  });
});

describe("a step that is awaited elsewhere", () => {
  const inVain =
    "escape: a step is awaited, which does not take it (read x); " +
    "a task writes await t.run(...), a final check is a generator function, with yield*";

  it("is rejected for a step of somebody's own class", async () => {
    class Own extends ValueStep<number> {
      override label = "read x";
      override isEnabled = (): boolean => true;
      override take = (): boolean => true;
      override result = (): number => 1;
    }
    const bare = withBlocks(async () => withoutType(new Own()));
    const { finding } = await simulateAsync(bare);
    expect(finding?.failure).toMatchObject({ kind: "escape", message: inVain, task: 0 });
    const taken = withBlocks(async (t) => expect(await t.run(new Own())).toBe(1));
    expect((await simulateAsync(taken, { runs: 3 })).finding).toBeNull();
  });

  it.each<[string, (step: unknown) => Promise<unknown>]>([
    ["at once", async (step) => step],
    ["later", async (step) => turn().then(() => step)],
    ["within a try", withinTry],
    ["twice", async (step) => Promise.allSettled([step, withinTry(step)])],
  ])("fails a final check: %s", async (_, check) => {
    const setup: Setup = (sim) => {
      const { x } = blocksOf(sim);
      sim.task("only", function* () {});
      return async () => check(x.read());
    };
    const { finding } = await simulateAsync(setup);
    expect(finding?.failure).toMatchObject({ kind: "escape", message: inVain, task: null });
  });

  it("is refused with the async setup or check that awaits it", async () => {
    const setup = async (sim: Simulation): Promise<void> => {
      const { x } = blocksOf(sim);
      sim.task("only", function* () {});
      await withoutType(x.read());
    };
    const given = setup as unknown as Setup;
    await expect(simulateAsync(given)).rejects.toThrow("a setup is no async function");
    expect(() => simulate(given)).toThrow("a setup is no async function");
    const checked: Setup = (sim) => {
      const { x } = blocksOf(sim);
      sim.task("only", function* () {});
      return async () => withoutType(x.read());
    };
    expect(() => simulate(checked)).toThrow(LatchworkError);
  });
});

function withoutType(step: unknown): unknown {
  return step;
}
