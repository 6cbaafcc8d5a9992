import { readFile } from "node:fs/promises";
import { afterEach, assert, beforeEach, describe, expect, it } from "vitest";
import {
  type AsyncBody,
  replay,
  replayAsync,
  type Setup,
  simulate,
  simulateAsync,
} from "../../src/sim/index.ts";
import type { Step, Task } from "../../src/task/index.ts";

const leaked: unknown[] = [];
const note = (reason: unknown): void => void leaked.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(async () => {
  await turn(5);
  process.off("unhandledRejection", note);
  assert.deepEqual(leaked.splice(0), []);
});

/** A foreign promise, as of a timer. */
async function turn(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Two mutexes in opposite order, by async functions. */
const abba: Setup = (sim) => {
  const a = sim.mutex("a");
  const b = sim.mutex("b");
  sim.asyncTask("left", async (t) => {
    await t.lock(a);
    await t.lock(b);
    b.unlock();
    a.unlock();
  });
  sim.asyncTask("right", async (t) => {
    await t.lock(b);
    await t.lock(a);
    a.unlock();
    b.unlock();
  });
};

/** A program of one async task. */
function only(body: AsyncBody<unknown>): Setup {
  return (sim) => void sim.asyncTask("only", body);
}

/** A program of one async task that can use a shared variable. */
function withShared(
  body: (t: Parameters<AsyncBody<void>>[0], x: ReturnType<typeof makeX>) => Promise<void>,
): Setup {
  return (sim) => {
    const x = makeX(sim);
    sim.asyncTask("only", async (t) => body(t, x));
  };
}

function makeX(sim: Parameters<Setup>[0]) {
  return sim.shared("x", 0);
}

describe("async tasks", () => {
  it("deadlock like generators do", async () => {
    const verdict = await simulateAsync(abba);
    expect(verdict.finding?.failure.kind).toBe("deadlock");
    const run = await replayAsync(abba, "a2b2");
    expect(run.failure?.message).toBe(
      [
        "deadlock: right -> left -> right",
        "  right waits to lock a, behind left; holds b",
        "  left waits to lock b, behind right; holds a",
      ].join("\n"),
    );
    expect(run.story).toBe(
      [
        "   0  left   starts",
        "   1  left   locks a",
        "   2  right  starts",
        "   3  right  locks b",
        "!! deadlock: right -> left -> right",
        "     right waits to lock a, behind left; holds b",
        "     left waits to lock b, behind right; holds a",
        "",
      ].join("\n"),
    );
    expect(run.drift).toBeNull();
  });

  it("lose updates between a read and a write, beside generator tasks", async () => {
    const setup: Setup = (sim) => {
      const x = sim.shared("x", 0);
      sim.asyncTask("async", async (t) => {
        const v = await t.read(x);
        await t.write(x, v + 1);
      });
      sim.task("generator", function* () {
        const v = yield* x.read();
        yield x.write(v + 1);
      });
      return () => expect(x.peek()).toBe(2);
    };
    const verdict = await simulateAsync(setup);
    expect(verdict.finding?.failure.kind).toBe("wrong-result");
    const run = await replayAsync(setup, verdict.schedule ?? "");
    expect(run.failure?.kind).toBe("wrong-result");
    expect(run.drift).toBeNull();
    expect((await replayAsync(setup, "a3b2")).failure).toBeNull();
  });

  it("wait, sleep, join, spawn, latch and call helpers", async () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      const ready = sim.condition("ready");
      const latch = sim.readWriteLatch("page");
      const count = sim.atomic("count", 0);
      let isReady = false;
      const helper: AsyncBody<string> = async (t) => {
        const guard = await t.run(latch.exclusive());
        await t.sleep(3);
        guard.release();
        return "done";
      };
      sim.asyncTask("parent", async (t) => {
        const child = await t.run(sim.spawnAsync("child", helper));
        expect(await helper(t)).toBe("done");
        await t.lock(m);
        while (!isReady) await t.wait(ready, m);
        m.unlock();
        expect(await t.join(child)).toBe("done");
        expect(await t.run(count.add(1))).toBe(0);
        expect(sim.nowMs()).toBe(6);
      });
      sim.task("waker", function* () {
        yield m.lock();
        isReady = true;
        yield ready.broadcast();
        m.unlock();
      });
      return () => expect(count.peek()).toBe(1);
    };
    expect((await simulateAsync(setup, { runs: 200 })).finding).toBeNull();
    const strict = {
      runs: 50,
      releaseSteps: true,
      start: "spawn",
      checkDeterminism: true,
    } as const;
    expect((await simulateAsync(setup, strict)).finding).toBeNull();
  });

  it("report what they throw, and may catch what a generator of steps throws", async () => {
    const thrown = await simulateAsync(
      withShared(async (t, x) => {
        await t.read(x);
        throw new RangeError("out of range");
      }),
    );
    expect(thrown.finding?.failure).toMatchObject({
      kind: "exception",
      message: "RangeError: out of range",
    });
    const caught = await simulateAsync(
      withShared(async (t, x) => {
        const failing = function* () {
          yield x.write(1);
          throw new Error("half way");
        };
        await expect(t.run(failing())).rejects.toThrow("half way");
        expect(await t.read(x)).toBe(1);
      }),
    );
    expect(caught.finding).toBeNull();
  });

  const failing = function* (step?: Step): Task<void> {
    if (step !== undefined) yield step;
    throw new RangeError("lost");
  };

  it.each<readonly [string, Parameters<typeof withShared>[0]]>([
    [
      "before its first step, and goes on",
      async (t) => {
        void t.run(failing());
        await t.sleep(0);
      },
    ],
    ["as it ends", async (t) => void t.run(failing())],
    [
      "while it goes on by itself",
      async (t, x) => {
        await t.read(x);
        void t.run(failing());
        await Promise.resolve();
        await t.read(x);
      },
    ],
    [
      "after a step, and awaits another promise",
      async (t, x) => {
        void t.run(failing(x.write(1)));
        await new Promise(() => undefined);
      },
    ],
  ])("fail for what is thrown and not awaited %s", async (_, body) => {
    const { finding, schedule } = await simulateAsync(withShared(body));
    const failure = { kind: "exception", message: "RangeError: lost", task: 0 };
    expect(finding?.failure).toMatchObject(failure);
    const again = await replayAsync(withShared(body), schedule ?? "");
    expect(again.failure).toMatchObject(failure);
  });

  it("may look at what is thrown in any way that a promise has", async () => {
    const told: string[] = [];
    const tell = (error: unknown): void => void told.push(String(error));
    const body: Parameters<typeof withShared>[0] = async (t, x) => {
      await t.run(failing()).catch(tell);
      await t.run(failing(x.read())).then(undefined, tell);
      await Promise.allSettled([t.run(failing(x.read()))]);
      await Promise.race([t.run(failing()), new Promise(() => undefined)]).catch(tell);
      const kept = t.run(failing());
      await Promise.resolve();
      await expect(kept).rejects.toThrow("lost");
      const late = t.run(failing(x.read()));
      void late.finally(() => undefined).catch(tell);
      await late.catch(tell);
    };
    const { finding } = await simulateAsync(withShared(body), { runs: 1 });
    expect(finding).toBeNull();
    expect(told).toEqual(Array.from({ length: 5 }, () => "RangeError: lost"));
  });

  it("are refused by the synchronous simulator", () => {
    expect(() => simulate(abba)).toThrow("task left: an async task needs simulateAsync");
    expect(() => replay(abba, "")).toThrow("task left: an async task needs simulateAsync");
  });

  it("pass through the setup's own errors", async () => {
    await expect(simulateAsync(() => undefined)).rejects.toThrow("the setup declares no task");
  });
});

describe("an escape", () => {
  const foreign: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["a timer", async () => turn(0)],
    ["a longer timer", async () => turn(20)],
    ["setImmediate", async () => new Promise((resolve) => void setImmediate(resolve))],
    ["a tick", async () => new Promise<void>((resolve) => process.nextTick(resolve))],
    ["input", async () => readFile(import.meta.filename)],
    ["a promise that never settles", async () => new Promise(() => undefined)],
    [
      "a rejection that comes later",
      async () => turn(0).then(() => Promise.reject(new Error("no"))),
    ],
  ];

  it.each(foreign)("is reported for %s, after a step and before one", async (_, foreignPromise) => {
    const late = await simulateAsync(
      withShared(async (t, x) => {
        await t.read(x);
        await t.write(x, 1);
        await foreignPromise();
        await t.read(x);
      }),
    );
    expect(late.runs).toBe(1);
    expect(late.finding?.failure).toEqual({
      kind: "escape",
      message: "escape: only awaits something that is no step, after its step 2 (write x)",
      task: 0,
    });
    const early = await simulateAsync(only(foreignPromise));
    expect(early.finding?.failure.message).toBe(
      "escape: only awaits something that is no step, after its step 0 (start)",
    );
  });

  it("is reported for a promise that another task settles", async () => {
    const setup: Setup = (sim) => {
      const gate: { open: () => void } = { open: () => undefined };
      const opened = new Promise<void>((resolve) => {
        gate.open = resolve;
      });
      sim.asyncTask("waiter", async () => opened);
      sim.asyncTask("opener", async () => gate.open());
    };
    expect((await simulateAsync(setup)).finding?.failure).toMatchObject({
      kind: "escape",
      message: "escape: waiter awaits something that is no step, after its step 0 (start)",
    });
  });

  it("is not what promises are that settle by promise jobs alone", async () => {
    const body: AsyncBody<void> = async (t) => {
      for (let i = 0; i < 100; i++) await Promise.resolve(i);
      await t.sleep(1);
      await Promise.all([1, 2, 3].map(async (n) => n));
      await t.sleep(1);
    };
    expect((await simulateAsync(only(body), { runs: 3 })).finding).toBeNull();
  });

  it("is reported for two steps at once", async () => {
    const setup = withShared(async (t, x) => {
      await Promise.all([t.read(x), t.write(x, 1)]);
    });
    expect((await simulateAsync(setup)).finding?.failure.message).toBe(
      "escape: only asks for a step (write x) before its last one is done (read x)",
    );
  });

  it("is reported for a step that is not awaited", async () => {
    const ends = withShared(async (t, x) => void t.write(x, 1));
    expect((await simulateAsync(ends)).finding?.failure.message).toBe(
      "escape: only ends with a step it did not await (write x)",
    );
    const loose = withShared(async (t, x) => {
      const straggle = async (): Promise<void> => {
        for (let i = 0; i < 5; i++) await Promise.resolve();
        await t.write(x, 1);
      };
      void straggle();
    });
    expect((await simulateAsync(loose)).finding?.failure.message).toBe(
      "escape: only asks for a step after it has ended (write x)",
    );
  });

  it("grants nothing after the run, whatever the task does then", async () => {
    const after: string[] = [];
    const setup = withShared(async (t, x) => {
      await turn(1);
      after.push("woken");
      await t.write(x, 1);
      after.push("granted");
    });
    expect((await simulateAsync(setup)).finding?.failure.kind).toBe("escape");
    await turn(10);
    // In every run: the first, and those that replay it.
    expect(new Set(after)).toEqual(new Set(["woken"]));
  });
});
