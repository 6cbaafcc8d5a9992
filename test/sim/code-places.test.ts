import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Failure,
  replay,
  replayAsync,
  type Setup,
  type Shared,
  simulate,
  simulateAsync,
  type Task,
} from "../../src/sim/index.ts";
import { codePlacesOf } from "../../src/sim/code-places.ts";

/** The line on which it is called. */
function here(): number {
  return Number(/code-places\.test\.ts:(\d+):\d+\)?$/m.exec(lineOfCaller())?.[1]);
}

function lineOfCaller(): string {
  return new Error("where").stack?.split("\n")[3] ?? "";
}

/** Places as `inner :17`, without file and column. */
function linesOf(failure: Failure | undefined): (string | undefined)[] | undefined {
  return failure?.stack?.map((place) =>
    place.replace(/\(?test\/sim\/code-places\.test\.ts(:\d+):\d+\)?$/, "$1"),
  );
}

const thrownAt = here() + 2;
function inner(value: unknown): never {
  throw new RangeError(`${String(value)} is too much`);
}

const steppedAt = here() + 2;
function* helper(x: Shared<number>): Task<void> {
  inner(yield* x.read());
}

describe("an exception keeps its places in the user's code", () => {
  const calledAt = here() + 4;
  const deep: Setup = (sim) => {
    const x = sim.shared("x", 7);
    sim.task("deep", function* () {
      yield* helper(x);
    });
  };

  it("from generators within generators, and the same in a replay", () => {
    const { finding, schedule } = simulate(deep);
    expect(finding?.failure.message).toBe("RangeError: 7 is too much");
    expect(linesOf(finding?.failure)).toEqual([
      `inner :${thrownAt}`,
      `helper :${steppedAt}`,
      `:${calledAt}`,
    ]);
    const again = replay(deep, schedule ?? "");
    expect(again.failure).toEqual(finding?.failure);
    expect(again.story).toMatch(
      /^ {3}0 {2}deep {2}reads x: 7\n!! exception in deep: RangeError: 7 is too much\n {5}at inner \(test/,
    );
  });

  it("from its very first line, before any step", () => {
    const at = here() + 3;
    const setup: Setup = (sim) => {
      sim.task("eager", function* () {
        throw new Error("not written yet");
      });
    };
    const { finding, schedule } = simulate(setup);
    expect(schedule).toBe("");
    expect(linesOf(finding?.failure)).toEqual([`:${at}`]);
    const again = replay(setup, "");
    expect(again.failure).toEqual(finding?.failure);
    expect(again.drift).toBeNull();
    expect(again.story).toBe(
      `!! exception in eager: Error: not written yet\n     at ${finding?.failure.stack?.[0]}\n`,
    );
  });

  it("from async functions, across what they await", async () => {
    const at = here() + 5;
    const setup: Setup = (sim) => {
      const x = sim.shared("x", 7);
      sim.asyncTask("async", async (t) => {
        const nested = async (): Promise<void> => {
          inner(await t.read(x));
        };
        await t.read(x);
        await nested();
      });
    };
    const { finding, schedule } = await simulateAsync(setup);
    expect(linesOf(finding?.failure)?.[0]).toBe(`inner :${thrownAt}`);
    expect(linesOf(finding?.failure)?.slice(1).join(" ")).toContain(`:${at}`);
    expect((await replayAsync(setup, schedule ?? "")).failure).toEqual(finding?.failure);
  });

  it.each<[string, Setup, string | undefined]>([
    [
      "a final check",
      (sim) => {
        sim.task("only", function* () {});
        return () => inner("all");
      },
      `inner :${thrownAt}`,
    ],
    [
      "a final check that takes steps",
      (sim) => {
        sim.task("only", function* () {});
        const x = sim.shared("x", 1);
        return () => helper(x);
      },
      `inner :${thrownAt}`,
    ],
    [
      "the update of an atomic",
      (sim) => {
        const n = sim.atomic("n", 1);
        sim.task("only", function* () {
          yield n.update(inner);
        });
      },
      `inner :${thrownAt}`,
    ],
    [
      "a spawned task",
      (sim) => {
        sim.task("parent", function* () {
          yield* sim.spawn("child", () => helper(sim.shared("x", 1)));
        });
      },
      `inner :${thrownAt}`,
    ],
    [
      "a recovery",
      (sim) => {
        sim.task("only", function* () {});
        sim.crash(() => helper(sim.shared("x", 1)));
      },
      `inner :${thrownAt}`,
    ],
  ])("thrown by %s", async (_, setup, first) => {
    const { finding, schedule } = simulate(setup);
    expect(linesOf(finding?.failure)?.[0]).toBe(first);
    expect(replay(setup, schedule ?? "").failure).toEqual(finding?.failure);
    const found = (await simulateAsync(setup)).finding?.failure;
    expect(found).toEqual(finding?.failure);
  });

  it("where a block was misused", async () => {
    const at = here() + 4;
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      sim.task("careless", function* () {
        m.unlock();
      });
    };
    expect(linesOf(simulate(setup).finding?.failure)).toEqual([`:${at}`]);
    const asyncAt = here() + 4;
    const twice: Setup = (sim) => {
      const m = sim.mutex("m");
      sim.asyncTask("careless", async (t) => {
        await Promise.all([t.lock(m), t.lock(m)]);
      });
    };
    const { finding } = await simulateAsync(twice);
    expect(finding?.failure.kind).toBe("escape");
    expect(linesOf(finding?.failure)).toEqual([`:${asyncAt}`]);
  });

  it("thrown by a strategy of one's own, through what asked it", () => {
    const setup: Setup = (sim) => {
      sim.task("draws", function* () {
        sim.choose(3);
      });
    };
    const strategy = {
      name: "odd",
      beginRun: () => true,
      choose: inner,
      endRun: () => undefined,
      coverage: () => ({}) as never,
    };
    expect(linesOf(simulate(setup, { strategy }).finding?.failure)?.[0]).toBe(`inner :${thrownAt}`);
  });

  it("tells no place where there is none of the user's", () => {
    const setup: Setup = (sim) => {
      const [a, b] = [sim.mutex("a"), sim.mutex("b")];
      for (const [one, two] of [[a, b] as const, [b, a] as const]) {
        sim.task("task", function* () {
          yield one.lock();
          yield two.lock();
        });
      }
    };
    expect(simulate(setup).finding?.failure).not.toHaveProperty("stack");
  });
});

describe("what was thrown", () => {
  const failureOf = (thrown: unknown): Failure | undefined =>
    simulate((sim) => {
      sim.task("throws", function* () {
        throw thrown;
      });
    }).finding?.failure;

  it.each<[unknown, string]>([
    [new Error(""), "Error"],
    ["a text", "a text"],
    [undefined, "undefined"],
    [Symbol("s"), "Symbol(s)"],
    [{ code: 7 }, '{"code":7}, thrown, which is no Error'],
    [Object.create(null), "{}, thrown, which is no Error"],
  ])("is told in words: %o", (thrown, message) => {
    expect(failureOf(thrown)?.message).toBe(message);
  });

  it("is told with its causes, and not for ever", () => {
    const cause = new TypeError("half a page\nand more");
    const error = new Error("cannot save", { cause });
    cause.cause = error;
    const stack = failureOf(error)?.stack ?? [];
    expect(stack.filter((place) => place.startsWith("caused by"))).toEqual([
      "caused by TypeError: half a page",
    ]);
    expect(stack.at(-1)).toMatch(/code-places\.test\.ts:\d+:\d+\)?$/);
  });

  it("has no place if its stack is no stack", () => {
    for (const stack of [undefined, 7, "", "Error: x\n    at <anonymous>", "nonsense"]) {
      const error = Object.assign(new Error("x"), { stack });
      expect(codePlacesOf(error)).toEqual([]);
    }
  });

  it.each([
    ["at work (file:///elsewhere/a%20b.ts?t=12#x:3:14)", "work (/elsewhere/a b.ts:3:14)"],
    ["at async Promise.all (index 0)", undefined],
    ["at new Worker (/elsewhere/w.js:1:2)", "Worker (/elsewhere/w.js:1:2)"],
    ["at Object.get [as value] (C:\\lib\\x.js:5:6)", "get (C:/lib/x.js:5:6)"],
    ["work@https://host.example/app.js:10:20", "work (https://host.example/app.js:10:20)"],
    ["at next (node:internal/process/task_queues:95:5)", undefined],
    [
      "at check (/home/me/node_modules/chai/chai.js:1:1)",
      "check (/home/me/node_modules/chai/chai.js:1:1)",
    ],
  ])("is read where another engine wrote it: %s", (line, place) => {
    const error = Object.assign(new Error("x"), { stack: `Error: x\n    ${line}` });
    expect(codePlacesOf(error).map(({ text }) => text)).toEqual(place === undefined ? [] : [place]);
  });

  it("leaves other packages out where the user's own code is there", () => {
    const stack = "Error: x\n at a (/p/node_modules/chai/chai.js:1:1)\n at b (/p/mine.js:2:2)";
    expect(codePlacesOf(Object.assign(new Error("x"), { stack }))).toEqual([
      { text: "b (/p/mine.js:2:2)", isCause: false },
    ]);
  });
});

// As its user has it: another process, in a directory of its own.
it("places are the same in another process, and relative to where that was started", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchwork-places-"));
  try {
    const entry = new URL("../../dist/sim/index.js", import.meta.url).href;
    const program = `import { simulate } from ${JSON.stringify(entry)};
function work(value) { return value.length; }
const setup = (sim) => { sim.task("a", function* () { yield sim.sleep(1); work(null); }); };
console.log(simulate(setup).finding.failure.stack.join("\\n"));
`;
    writeFileSync(join(folder, "mine.mjs"), program);
    const run = (): string =>
      execFileSync(process.execPath, ["mine.mjs"], { cwd: folder, encoding: "utf8" });
    const told = run();
    expect(told).toBe("work (mine.mjs:2:37)\nmine.mjs:3:75\n");
    expect(run()).toBe(told);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
