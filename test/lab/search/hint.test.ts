import { describe, expect, it } from "vitest";
import { bugNamed, huntScenario, scenarioOfBug } from "../../../src/hunt/index.ts";
import { film, HINT_RUNS_MAX, type HintOrder, nextHint } from "../../../src/lab/index.ts";
import { defaultPortfolio, type Schedule } from "../../../src/sim/index.ts";

type Scenario = HintOrder["scenario"];

const scenarioOf = (id: string): Scenario => scenarioOfBug(bugNamed(id));

function failingOf(scenario: Scenario): Schedule {
  const { run } = huntScenario(scenario, {
    seed: 1,
    runsMax: 5000,
    strategies: defaultPortfolio,
    shrink: null,
  });
  return run?.schedule ?? [];
}

function hint(scenario: Scenario, schedule: Schedule, failing: Schedule | null = null) {
  const order: HintOrder = { kind: "hint", scenario, schedule, failing, runsMax: 600, seed: "1" };
  return nextHint(order);
}

/** Follows hints from a schedule until the run is over. */
function followed(scenario: Scenario, from: Schedule, failing: Schedule | null): Schedule {
  let schedule = from;
  for (let asked = 0; asked < 300; asked++) {
    const { kind, decision, at, failing: aim } = hint(scenario, schedule, failing);
    if (kind === "over" || decision === null) return schedule;
    expect(aim?.slice(0, at)).toEqual(schedule.slice(0, at));
    const next = [...schedule.slice(0, at), decision];
    ({ schedule } = film(scenario, { schedule: next, rule: "exact", goOn: null }));
  }
  return schedule;
}

// In memory and on a disk, where values are drawn.
describe.each(["C1", "C5", "W1"])("hints in %s", (id) => {
  const scenario = scenarioOf(id);
  const failing = failingOf(scenario);

  it("lead from the beginning along the schedule that is known to its failure", () => {
    const end = followed(scenario, [], failing);
    expect(end).toEqual(failing.slice(0, end.length));
    const run = film(scenario, { schedule: end, rule: "exact", goOn: null });
    expect(run.failure).not.toBeNull();
  });

  it("lead to a failure from a way of its own, with none known", () => {
    const run = film(scenario, {
      schedule: followed(scenario, failing.slice(0, 1), null),
      rule: "exact",
      goOn: null,
    });
    expect(run.failure).not.toBeNull();
  });

  it("are the same when asked for again", () => {
    expect(hint(scenario, [])).toEqual(hint(scenario, []));
  });
});

describe("a hint", () => {
  it("says of a right protocol how many runs were made", () => {
    const right = { ...scenarioOf("C1"), bug: null };
    const larger = { ...right, tasks: [...right.tasks, ...right.tasks, ...right.tasks] };
    const { kind, decision, text, runs } = hint(larger, [0]);
    expect([kind, decision]).toEqual(["none", null]);
    expect(text).toBe(`From here no failure was found in ${runs} runs. That proves nothing.`);
    expect(runs).toBe(600);
    expect(HINT_RUNS_MAX).toBeGreaterThan(runs);
  });

  it("says of a run with one way left that every way was run", () => {
    const right = { ...scenarioOf("C1"), bug: null };
    const { stops, schedule } = film(right, {
      schedule: [],
      rule: "exact",
      goOn: { strategy: "on", seed: "" },
    });
    const late = stops.findLast(({ choices }) => choices.length > 1);
    const { text, kind } = hint(right, schedule.slice(0, late?.decisions));
    expect(kind).toBe("none");
    expect(text).toMatch(/every way to go on was run, \d+ runs\.$/);
  });

  it("is silent once the run is over, and of a schedule that fits nothing", () => {
    const scenario = scenarioOf("C1");
    const failing = failingOf(scenario);
    expect(hint(scenario, failing)).toMatchObject({ kind: "over", decision: null });
    expect(hint(scenario, failing).text).toContain("failed");
    expect(hint(scenario, [40])).toMatchObject({ kind: "over", decision: null });
    expect(hint(scenario, [40]).text).toContain("do not fit");
  });
});
