import { describe, expect, it } from "vitest";
import {
  formatScenario,
  huntScenario,
  parseScenario,
  type Scenario,
  shrink,
  type ShrinkBudget,
  type Shrunk,
} from "../../../src/hunt/index.ts";
import { defaultPortfolio, type Finding } from "../../../src/sim/index.ts";
import { budget } from "../../campaign.ts";

const BUDGET = { runsMax: 20_000 };

function found(text: string, seed = 1): { scenario: Scenario; finding: Finding } {
  const { scenario } = parseScenario(text);
  const hunt = { seed, runsMax: 10_000, strategies: defaultPortfolio };
  const { finding } = huntScenario(scenario, hunt).verdict;
  if (finding === null) throw new Error(`nothing found in ${text}`);
  return { scenario, finding };
}

function shrunkFrom(text: string, within: ShrinkBudget = BUDGET): Shrunk {
  const { scenario, finding } = found(text);
  return shrink(scenario, finding, within);
}

/** The scenario that is left, without its first two lines, which name protocol and bug. */
function left({ scenario }: Shrunk): string[] {
  return formatScenario(scenario).trimEnd().split("\n").slice(2);
}

describe("a finding is made as short as it gets", () => {
  it("without a task that only stands by, or operations that never began", () => {
    const shrunk = shrunkFrom(
      "bug C1\ncapacity 2\ntree [10,20][40,50][60]\n" +
        "task get 20 then get 60 then get 50\ntask insert 15 then scan\ntask get 60\n",
    );
    expect(left(shrunk)).toEqual([
      "capacity 2",
      "tree [10,20][60]",
      "task get 20",
      "task insert 15",
    ]);
    expect(shrunk).toMatchObject({ tasks: 2, operations: 2, preemptions: 1, isMinimal: true });
  });

  it("with what comes after the crash before it, where no crash is needed", () => {
    const shrunk = shrunkFrom(
      "bug W30\ncapacity 2\ntree [10][20]\ntask put 5 then get 10\ncrashes 2\npool 8\n" +
        "commit each\nsegment 512\nafter put 10\nafter batch put 10 and put 20\n",
    );
    expect(left(shrunk)).toEqual([
      "capacity 2",
      "tree []",
      "task put 20",
      "task batch put 20",
      "crashes 0",
    ]);
  });

  it("with one task where two do not meet", () => {
    const shrunk = shrunkFrom(
      "bug W8\ncapacity 2\ntree [10]\ntask insert 20\ntask checkpoint\ncrashes 1\nafter get 20\n",
    );
    expect(left(shrunk)).toEqual([
      "capacity 2",
      "tree []",
      "task insert 20 then checkpoint",
      "crashes 1",
    ]);
    expect(shrunk).toMatchObject({ tasks: 1, operations: 2, preemptions: 0 });
  });

  it("without faults, settings and bounds that do not matter", () => {
    const shrunk = shrunkFrom(
      "bug W25\ncapacity 2\nfairness barging\npage-size 1024\ntree [10][20]\n" +
        "task put 10=5 then scan [10,) limit 1\ntask batch put 20=1 and put 30=2\n" +
        "crashes 1\npool 8\ncommit each\nreads durable\nsegment 512\nsurvival mixed\n" +
        "faults sync read\n",
    );
    expect(left(shrunk)).toEqual([
      "capacity 2",
      "tree []",
      "task put 10",
      "crashes 1",
      "faults sync",
    ]);
  });

  it("but not with fewer tasks that need more preemptions", () => {
    const text =
      "protocol tree-rw\nbug D14\ncapacity 4\ntree []\n" +
      "task insert 15\ntask insert 15\ntask delete 15\ntask insert 15\n";
    // What the first seed finds is another race, which takes more preemptions.
    const { scenario, finding } = found(text, 2);
    const shrunk = shrink(scenario, finding, BUDGET);
    expect(shrunk).toMatchObject({ tasks: 4, preemptions: 3 });
  });
});

describe("shrinking keeps to its budget", () => {
  const text =
    "bug W24\ncapacity 2\ntree [10,15][20,25][30]\ntask batch put 10 and put 20 and put 30\n" +
    "task get 10 then clean then checkpoint\ntask put 15 then get 25\ncrashes 2\npool 8\n" +
    "after scan then put 10\nafter get 20\n";

  it.each(budget({ short: [100], campaign: [100, 1000] }))("of %i schedules", (runsMax) => {
    const { scenario, finding } = found(text);
    const shrunk = shrink(scenario, finding, { runsMax });
    expect(shrunk.runs).toBeLessThanOrEqual(1.1 * runsMax);
    expect(shrunk.kind).toBe(finding.failure.kind);
  });

  it("that may be another for a disk", () => {
    expect(shrunkFrom(text, { runsMax: 20_000, runsMaxOnDisk: 50 }).runs).toBeLessThan(70);
  });

  it("and ends at once when it is told to", () => {
    const { scenario, finding } = found(text);
    const shrunk = shrink(scenario, finding, { ...BUDGET, shouldStop: () => true });
    expect(shrunk.runs).toBeLessThan(5);
    expect(formatScenario(shrunk.scenario)).toBe(formatScenario(scenario));
    expect(shrunk).toMatchObject({ tasks: 5, operations: 9 });
  });
});
