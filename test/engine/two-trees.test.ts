import { describe, expect, it } from "vitest";
import {
  checkFootprints,
  compareRuns,
  Scheduler,
  type Segment,
  type Strategy,
  Trace,
} from "../../src/sim/index.ts";
import { type Hunted, huntProgram, strategyOf } from "../support/hunt-program.ts";
import { followed } from "../../src/sim/determinism.ts";
import { TwoTrees, type TwoTreesOptions } from "./two-trees-program.ts";
import { budget } from "../campaign.ts";

function hunt(strategy: Strategy, runsMax: number, options: TwoTreesOptions = {}): Hunted {
  return huntProgram((scheduler) => new TwoTrees(scheduler, options), strategy, runsMax);
}

/** Of each strategy. */
const RUNS = budget({ short: 40, campaign: 200 });

describe("two trees with two logs, in two directories of one disk", () => {
  it.each([
    ["random", RUNS],
    ["pct:3", RUNS],
    ["dfs:0", 3 * RUNS],
  ])("survive one crash together, under %s", (name, runsMax) => {
    const { failure, schedule, runs } = hunt(strategyOf(name), runsMax);
    expect({ failure, schedule }).toEqual({ failure: null, schedule: "" });
    expect(runs).toBeGreaterThanOrEqual(RUNS);
  });

  it("are lost if the names of their directories are not durable", () => {
    const { failure } = hunt(strategyOf("random"), 200, { syncsNames: false });
    expect(failure?.message).toMatch(/no such directory|has lost|was harmed|nowhere/u);
  });

  it("are seen one ahead of the other if a task writes them in the wrong order", () => {
    const { failure } = hunt(strategyOf("random"), 400, { rightFirst: true });
    expect(failure?.message).toContain("the right tree is ahead of the left one");
  });

  it("share no object, and each is called by its name", () => {
    const scheduler = new Scheduler();
    const program = new TwoTrees(scheduler);
    const segments: Segment[] = [];
    scheduler.onSegment = (segment) => segments.push(segment);
    const strategy = strategyOf("dfs:0");
    strategy.beginRun();
    scheduler.run(program, strategy);
    const touched = new Set(
      segments.flatMap(({ footprint }) =>
        footprint.map(({ objectId }) => program.describeObject(objectId)),
      ),
    );
    for (const tree of ["left", "right"]) {
      for (const name of ["page 0", "the log", "the page file", "the write gate"]) {
        expect(touched).toContain(`${name} of ${tree}`);
      }
      expect(touched).toContain(`${tree}/pages`);
    }
  });

  it("do the same along the same schedule, and whenever independent segments are swapped", () => {
    const scheduler = new Scheduler();
    const program = new TwoTrees(scheduler);
    scheduler.trace = new Trace();
    const random = strategyOf("random");
    random.beginRun();
    scheduler.run(program, random);
    const other = new Scheduler();
    other.trace = new Trace();
    other.run(new TwoTrees(other), followed(scheduler.schedule));
    expect(compareRuns(scheduler, other)).toBeNull();
    scheduler.trace = null;
    const report = checkFootprints(scheduler, program, strategyOf("random"), { swapsMax: 30 });
    expect(report.problem).toBeNull();
    expect(report.swaps).toBeGreaterThan(5);
  });
});
