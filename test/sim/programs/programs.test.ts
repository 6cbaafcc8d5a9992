import { describe, expect, it } from "vitest";
import { defaultPortfolio, replay, simulate } from "../../../src/sim/index.ts";
import { BENCHMARK_PROGRAMS } from "./index.ts";

/** Many tasks make long runs; what they are worth is spent on the small programs. */
const RUNS_MAX = 10_000;
const CLEAN_RUNS = 2000;
const CLEAN_RUNS_LARGE = 200;

describe.each(BENCHMARK_PROGRAMS)("$name", ({ name, start, kind, broken, repaired }) => {
  it("is found wrong by the default portfolio, and the schedule shows it again", () => {
    const strategy = defaultPortfolio(`programs ${name}`);
    // That a hundred tasks are spawned one by one makes the bug all but impossible to meet.
    const options = { start: name === "reorder_100" ? "bare" : start, releaseSteps: true } as const;
    const verdict = simulate(broken, { ...options, strategy, runs: RUNS_MAX });
    expect(verdict.finding?.failure.kind).toBe(kind);
    const again = replay(broken, verdict.schedule ?? "", options);
    expect(again.failure).toEqual((verdict.shrunk ?? verdict.finding)?.failure);
    expect(again.drift).toBeNull();
  });

  it("is clean once repaired", () => {
    const strategy = defaultPortfolio(`programs ${name}`);
    const runs = name === "reorder_100" ? CLEAN_RUNS_LARGE : CLEAN_RUNS;
    const verdict = simulate(repaired, { strategy, runs, start, releaseSteps: true });
    expect(verdict.finding).toBeNull();
    expect(verdict.runs).toBeGreaterThan(0);
  });
});
