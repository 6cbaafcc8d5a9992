import { describe, expect, it } from "vitest";
import type { Protocol } from "../../src/btree/index.ts";
import {
  huntRandom,
  huntScenario,
  parseScenario,
  replayScenario,
  type Scenario,
} from "../../src/hunt/index.ts";
import { DepthFirstStrategy, formatSchedule, PctStrategy } from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";
import { FreesAtOnce, LeavesOnTheWay, UncoupledReaders } from "../support/uncoupled-readers.ts";

/** A merge takes away the leaf that a get is on its way to; then a split would like to use it. */
const MERGE_AND_SPLIT =
  "capacity 3\ntree [10][20][30,31,32]\ntask get 20\ntask delete 10 then insert 33\n";
const MERGE = "capacity 3\ntree [10][20][30]\ntask get 20\ntask delete 10\n";

function scenarioFor({ name }: Protocol, text: string): Scenario {
  return { ...parseScenario(text).scenario, protocol: name, bug: null };
}

function allSchedules(protocol: Protocol, text: string) {
  const strategies = () => [new DepthFirstStrategy()];
  const options = { protocols: [protocol], shrink: null, seed: 1, runsMax: 100_000, strategies };
  return huntScenario(scenarioFor(protocol, text), options).verdict;
}

const pct = (seed: string) => [new PctStrategy(createPrng(seed), 3)];

describe("a protocol that reclaims after earlier operations", () => {
  it.each([MERGE, MERGE_AND_SPLIT])("is right in every schedule of %j", (text) => {
    const { finding, coverage } = allSchedules(new UncoupledReaders(), text);
    expect([finding, coverage[0]?.exhausted]).toEqual([null, true]);
  });

  it("is clean on drawn scenarios, and after crashes no page is lost", () => {
    const options = { protocols: [new UncoupledReaders()], shrink: null, seed: 2, strategies: pct };
    const shape = { protocol: "uncoupled-readers", bug: null };
    expect(huntRandom(shape, { ...options, runsMax: 2000 }).verdict.finding).toBeNull();
    const crashing = { ...shape, crashes: 2 };
    expect(huntRandom(crashing, { ...options, runsMax: 400 }).verdict.finding).toBeNull();
  });

  it.each([new FreesAtOnce(), new LeavesOnTheWay()])("is told from $name", (protocol) => {
    const { finding } = allSchedules(protocol, MERGE);
    expect(finding?.failure.kind).toBe("freed-page");
    expect(finding?.failure.message).toContain("was freed while a task was on its way to it");
  });

  it("lets a reader latch a page that was unlinked, where freeing at once does not", () => {
    const right = new UncoupledReaders();
    const wrong = new FreesAtOnce();
    const schedule = formatSchedule(allSchedules(wrong, MERGE).finding?.schedule ?? []);
    const outcome = (protocol: Protocol) =>
      replayScenario(scenarioFor(protocol, MERGE), schedule, undefined, [protocol], "loose").failure
        ?.kind;
    expect([outcome(right), outcome(wrong)]).toEqual([undefined, "freed-page"]);
    expect(right.unlinkedPagesMet).toBe(1);
  });
});
