import { describe, expect, it } from "vitest";
import {
  DrawnStrategy,
  parseSchedule,
  replay,
  replayAsync,
  ReplayStrategy,
  type Setup,
  simulate,
  type Simulation,
  type Strategy,
} from "../../src/sim/index.ts";
import { raceMatchers } from "../../src/testing/index.ts";

/** Two deposits that each read a total and write it back; `atomic` ones do it in one step. */
const bank =
  (isAtomic: boolean): Setup =>
  (sim) => {
    const total = sim.shared("total", 0);
    const sum = sim.atomic("sum", 0);
    for (const amount of [10, 20]) {
      sim.task(`add ${amount}`, function* () {
        if (isAtomic) {
          yield sum.add(amount);
          return;
        }
        const before = yield* total.read();
        yield total.write(before + amount);
      });
    }
    return () => {
      const found = isAtomic ? sum.peek() : total.peek();
      if (found !== 30) throw new Error(`the total is ${found}`);
    };
  };

/** The same with async functions. */
function asyncBank(sim: Simulation): () => void {
  const total = sim.shared("total", 0);
  for (const amount of [10, 20]) {
    sim.asyncTask(`add ${amount}`, async (t) => {
      await t.write(total, (await t.read(total)) + amount);
    });
  }
  return () => {
    if (total.peek() !== 30) throw new Error(`the total is ${total.peek()}`);
  };
}

function asyncRight(sim: Simulation): void {
  const total = sim.atomic("total", 0);
  sim.asyncTask("add", async (t) => {
    await t.run(total.add(1));
  });
}

/** What the failing assertion says. */
async function failureOf(assertion: () => unknown): Promise<string> {
  try {
    await assertion();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("expect(setup).toHaveNoRaces()", () => {
  it("fails with the story, the line that replays it and what was run", async () => {
    const message = await failureOf(() => expect(bank(false)).toHaveNoRaces());
    expect(message.replace(/:\d+:\d+$/m, ":N")).toBe(`wrong-result: Error: the total is 10
story:
   0  add 10  reads total: 0
   1  add 20  reads total: 0
   2  add 20  writes total: 20
   3  add 10  writes total: 10
!! wrong-result: Error: the total is 10
     at test/testing/races.test.ts:N
replay: replay(setup, "ab2a")
found by surw:writes after 6 schedules, 3 distinct interleavings`);
  });

  it("names a schedule that shows the same failure, with the options that it needs", async () => {
    const options = { releaseSteps: true, start: "spawn", stepsMax: 500, seed: 4 } as const;
    const crossed: Setup = (sim) => {
      const [ann, bob] = [sim.mutex("ann"), sim.mutex("bob")];
      for (const [from, to] of [
        [ann, bob],
        [bob, ann],
      ] as const) {
        sim.task(`from ${from === ann ? "ann" : "bob"}`, function* () {
          yield from.lock();
          yield to.lock();
          to.unlock();
          from.unlock();
        });
      }
    };
    const message = await failureOf(() => expect(crossed).toHaveNoRaces(options));
    expect(message).toMatch(/^deadlock: from (?:ann|bob) -> from/);
    const [, schedule = "", given = "{}"] =
      /^replay: replay\(setup, "(.*)", (.*)\)$/m.exec(message) ?? [];
    expect(JSON.parse(given)).toEqual({ releaseSteps: true, stepsMax: 500, start: "spawn" });
    const again = replay(crossed, schedule, options);
    expect(again.failure?.kind).toBe("deadlock");
    expect(message).toContain(again.story.trimEnd());
  });

  it("shortens what a random strategy found", async () => {
    const long: Setup = (sim) => {
      const total = sim.shared("total", 0);
      for (const amount of [1, 2, 3]) {
        sim.task(`add ${amount}`, function* () {
          for (let i = 0; i < 4; i++) {
            const before = yield* total.read();
            yield total.write(before + amount);
          }
        });
      }
      return () => total.peek() === 24;
    };
    const options = { strategy: "random", seed: 9 };
    const preemptions = (strategy: Strategy | string): number =>
      simulate(long, { ...options, strategy }).finding?.preemptions ?? 0;
    expect(preemptions("random")).toBeGreaterThan(3);
    const message = await failureOf(() => expect(long).toHaveNoRaces(options));
    const [, schedule = ""] = /^replay: replay\(setup, "(.*)"\)$/m.exec(message) ?? [];
    expect(preemptions(new ReplayStrategy(parseSchedule(schedule)))).toBe(1);
    expect(message).toMatch(/\nfound by random after \d+ schedules?, \d+ distinct interleavings?$/);
  });

  it("passes where nothing was found, and says what was run if that was not expected", async () => {
    expect(bank(true)).toHaveNoRaces();
    expect(bank(false)).not.toHaveNoRaces();
    expect(await failureOf(() => expect(bank(true)).not.toHaveNoRaces({ strategy: "dfs" }))).toBe(
      "no races found in 2 schedules, 2 distinct interleavings, exhausted",
    );
    expect(await failureOf(() => expect(bank(true)).not.toHaveNoRaces())).toMatch(
      /^no races found in [\d,]+ schedules, 2 distinct interleavings, /,
    );
  });

  it("runs async tasks, and is a promise then", async () => {
    await expect(asyncRight).toHaveNoRaces({ async: true });
    await expect(asyncBank).not.toHaveNoRaces({ async: true });
    for (const options of [{ async: true }, undefined] as const) {
      const message = await failureOf(() => expect(asyncBank).toHaveNoRaces(options));
      expect(message).toMatch(/^wrong-result: Error: the total is (?:10|20)\nstory:\n {3}0 {2}add/);
      const [, schedule = ""] = /^replay: await replayAsync\(setup, "(.*)"\)$/m.exec(message) ?? [];
      expect((await replayAsync(asyncBank, schedule)).failure?.kind).toBe("wrong-result");
    }
    const spawning: Setup = (sim) => {
      sim.task("main", function* () {
        yield sim.spawnAsync("late", async (t) => {
          await t.sleep(1);
          throw new RangeError("late and wrong");
        });
      });
    };
    const late = await failureOf(() => expect(spawning).toHaveNoRaces());
    expect(late).toContain("RangeError: late and wrong");
    const checked: Setup = () => async () => false;
    const check = await failureOf(() =>
      expect((sim: Simulation) => {
        sim.task("t", function* () {});
        return checked(sim);
      }).toHaveNoRaces(),
    );
    expect(check).toMatch(/^wrong-result: /);
  });

  it("takes no exploration that ran nothing for an answer", async () => {
    const nothing = "nothing was explored: not one schedule was run";
    const stopped = { shouldStop: () => true };
    expect(await failureOf(() => expect(bank(true)).toHaveNoRaces(stopped))).toBe(nothing);
    expect(await failureOf(() => expect(bank(false)).not.toHaveNoRaces(stopped))).toBe(nothing);
    const used = new DrawnStrategy([]);
    expect(bank(true)).toHaveNoRaces({ strategy: used });
    expect(await failureOf(() => expect(bank(true)).toHaveNoRaces({ strategy: used }))).toBe(
      nothing,
    );
  });

  it("says what is wrong with a setup or an option, and throws what the setup throws", async () => {
    const wrong: unknown = 7;
    expect(await failureOf(() => expect(wrong as Setup).toHaveNoRaces())).toMatch(
      /^setup: expected/,
    );
    const options = { run: 5 } as unknown as { runs: number };
    expect(await failureOf(() => expect(bank(true)).toHaveNoRaces(options))).toMatch(
      /^option "run" of a simulation: there is none; did you mean runs\?/,
    );
    const broken: Setup = () => {
      throw new TypeError("mine");
    };
    expect(await failureOf(() => expect(broken).toHaveNoRaces())).toBe("mine");
  });

  it("comes with the import alone, beside toBeLinearizable", () => {
    expect(Object.keys(raceMatchers)).toEqual(["toHaveNoRaces"]);
    expect(expect(1)).toHaveProperty("toHaveNoRaces");
    expect(expect(1)).toHaveProperty("toBeLinearizable");
  });
});
