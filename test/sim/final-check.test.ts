import { afterEach, assert, beforeEach, describe, expect, it } from "vitest";
import { replay, replayAsync, type Setup, simulate, simulateAsync } from "../../src/sim/index.ts";
import { LatchworkError } from "../../src/task/index.ts";

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

const ONE_RUN = { runs: 3, strategy: "random" } as const;

/** A program whose x is 1 in the end, with what is to be made of that. */
function endingWithOne(check: (x: { peek(): number; read(): unknown }) => unknown): Setup {
  return (sim) => {
    const x = sim.shared("x", 0);
    sim.task("writer", function* () {
      yield x.write(1);
    });
    return () => check(x);
  };
}

function mustBeTwo(found: number): void {
  if (found !== 2) throw new Error(`x is ${found}`);
}

const wrong = { kind: "wrong-result", message: "Error: x is 1", task: null };

describe("a final check", () => {
  it("is refused if it gives a step, which nobody takes", async () => {
    const setup = endingWithOne((x) => x.read());
    const message = "the final check gives a step (read); write a generator function, and yield*";
    expect(() => simulate(setup, ONE_RUN)).toThrow(message);
    expect(() => simulate(setup, ONE_RUN)).toThrow(LatchworkError);
    await expect(simulateAsync(setup, ONE_RUN)).rejects.toThrow(message);
  });

  it.each<[string, (x: { read(): unknown }) => unknown, string]>([
    [
      "a generator that returns a step",
      // oxlint-disable-next-line require-yield -- that is the mistake
      function* (x) {
        return x.read();
      },
      "a step that it has not taken (read)",
    ],
    [
      "an async function that gives a generator",
      async () => (function* () {})(),
      "a generator that has not run",
    ],
  ])("fails if it ends with what has not run: %s", async (_, check, found) => {
    const { finding } = await simulateAsync(endingWithOne(check), ONE_RUN);
    expect(finding?.failure.message).toContain(`the final check returns ${found}`);
  });

  const asyncCheck = endingWithOne(async (x) => {
    await Promise.resolve();
    mustBeTwo(x.peek());
  });
  const steppingCheck: Setup = (sim) => {
    const x = sim.shared("x", 0);
    sim.task("writer", function* () {
      yield x.write(1);
    });
    return function* () {
      mustBeTwo(yield* x.read());
    };
  };

  it("is awaited if it is an async function, even for a timer", async () => {
    const slow = endingWithOne(async (x) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      mustBeTwo(x.peek());
    });
    for (const setup of [asyncCheck, slow]) {
      const { finding, schedule } = await simulateAsync(setup, ONE_RUN);
      expect(finding?.failure).toMatchObject(wrong);
      expect((await replayAsync(setup, schedule ?? "")).failure).toEqual(finding?.failure);
    }
    const strict = { ...ONE_RUN, checkDeterminism: true };
    expect((await simulateAsync(asyncCheck, strict)).finding?.failure).toMatchObject(wrong);
    const right = endingWithOne(async (x) => mustBeTwo(x.peek() + 1));
    expect((await simulateAsync(right, ONE_RUN)).finding).toBeNull();
  });

  it("is refused by the synchronous simulator if it is an async function", () => {
    const message = "the final check gives a promise; an async check needs simulateAsync";
    expect(() => simulate(asyncCheck)).toThrow(new LatchworkError("NEEDS_ASYNC", message));
    expect(() => replay(asyncCheck, "a")).toThrow(message);
  });

  it("takes its steps if it is a generator function", async () => {
    const { finding, schedule } = simulate(steppingCheck, ONE_RUN);
    expect(finding?.failure).toMatchObject(wrong);
    expect(schedule).toBe("ab");
    const again = replay(steppingCheck, "ab");
    expect(again.failure).toEqual(finding?.failure);
    expect(again.drift).toBeNull();
    expect(again.story).toContain("   1  final check  reads x: 1\n");
    const { finding: found } = await simulateAsync(steppingCheck, ONE_RUN);
    expect(found?.failure).toEqual(finding?.failure);
  });

  it("that takes steps may lock, sleep, spawn and join", () => {
    const check =
      (holds: boolean): Setup =>
      (sim) => {
        const m = sim.mutex("m");
        sim.task("first", function* () {
          yield m.lock();
          m.unlock();
        });
        return function* () {
          yield m.lock();
          const child = yield* sim.spawn("child", function* () {
            yield sim.sleep(5);
            return 7;
          });
          expect(yield* child.join()).toBe(7);
          expect(sim.nowMs()).toBe(5);
          if (!holds) m.unlock();
        };
      };
    expect(simulate(check(false), ONE_RUN).finding).toBeNull();
    expect(simulate(check(true), ONE_RUN).finding?.failure).toMatchObject({
      kind: "latch-held",
      message: "final check ended and still holds m",
    });
  });

  it("is called once a run, and only if nothing is held", () => {
    let calls = 0;
    const counting = endingWithOne(() => void calls++);
    simulate(counting, ONE_RUN);
    expect(calls).toBe(3);
    const holding: Setup = (sim) => {
      const m = sim.mutex("m");
      sim.task("holder", function* () {
        yield m.lock();
      });
      return () => void calls++;
    };
    expect(simulate(holding, ONE_RUN).finding?.failure.kind).toBe("latch-held");
    expect(calls).toBe(3);
  });

  it("that gives false says that the result is wrong", async () => {
    const message = "the final check gives false";
    const plain = endingWithOne((x) => x.peek() === 2);
    expect(simulate(plain).finding?.failure).toMatchObject({ kind: "wrong-result", message });
    const late = endingWithOne(async (x) => x.peek() === 2);
    const { finding } = await simulateAsync(late, ONE_RUN);
    expect(finding?.failure).toMatchObject({ kind: "wrong-result", message });
    const stepping: Setup = (sim) => {
      sim.task("nothing", function* () {});
      return function* () {
        yield sim.sleep(1);
        return false;
      };
    };
    expect(simulate(stepping).finding?.failure).toMatchObject({ kind: "wrong-result", message });
    // As assertion libraries have them: what is read without being there throws.
    const touchy = new Proxy(
      {},
      {
        get: (_, name) => {
          throw new Error(`there is no ${String(name)}`);
        },
      },
    );
    for (const given of [true, 0, "", null, undefined, {}, touchy]) {
      expect(simulate(endingWithOne(() => given)).finding).toBeNull();
    }
  });

  it("is refused in words if it is an async generator function", async () => {
    const setup = endingWithOne(async function* () {});
    const message =
      "the final check gives an async generator; write a function, or a generator function";
    expect(() => simulate(setup)).toThrow(message);
    await expect(simulateAsync(setup)).rejects.toThrow(message);
  });
});
