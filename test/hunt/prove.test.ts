import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  bugNamed,
  parseScenario,
  type Proof,
  prove,
  type ProveOptions,
  type SavedProof,
  type Scenario,
  scenarioOfBug,
} from "../../src/hunt/index.ts";

const OPTIONS: ProveOptions = { runsMax: 100_000, seed: 1, probes: 50 };

function scenarioIn(name: string, protocol: string): Scenario {
  const { scenario } = parseScenario(readFileSync(`scenarios/${name}.txt`, "utf8"));
  return { ...scenario, protocol };
}

function givenUp({ counts }: Proof): number {
  return counts === null ? 0 : counts.asleep + counts.impossible + counts.strayed + counts.hurried;
}

describe("a proof", () => {
  it.each([
    ["tree-mutex", 6],
    ["tree-mutex-durable", 6],
    ["tree-rw", 6],
    ["crabbing", 300],
    ["optimistic-crabbing", 2054],
  ])("of the smallest split under %s takes %i interleavings", (protocol, interleavings) => {
    const proof = prove(scenarioIn("smallest_split", protocol), OPTIONS);
    expect({
      state: proof.state,
      interleavings: proof.interleavings,
      givenUp: givenUp(proof),
    }).toEqual({ state: "proved", interleavings, givenUp: 0 });
    expect(proof.result.run).toBeNull();
  });

  it.each(["C1", "C2", "C3", "D1"])("finds planted bug %s", (id) => {
    const proof = prove(scenarioOfBug(bugNamed(id)), OPTIONS);
    expect(proof.state).toBe("failed");
    expect(proof.result.replay).toContain(id);
  });

  it("that is over its budget says so", () => {
    const proof = prove(scenarioIn("smallest_split", "crabbing"), { ...OPTIONS, runsMax: 100 });
    expect(proof.state).toBe("unfinished");
    expect(proof.interleavings).toBe(100);
    expect(proof.estimate?.orders).toBeGreaterThan(50);
  });

  it("within a bound of preemptions runs every schedule within it", () => {
    const scenario = scenarioIn("smallest_split", "crabbing");
    const none = prove(scenario, { ...OPTIONS, preemptionsMax: 0 });
    const one = prove(scenario, { ...OPTIONS, preemptionsMax: 1 });
    expect([none.state, one.state]).toEqual(["proved", "proved"]);
    expect(none.interleavings).toBeLessThan(one.interleavings);
  });

  it("that is interrupted again and again ends with the same count", () => {
    const scenario = scenarioIn("smallest_split", "crabbing");
    let saved: SavedProof | null = null;
    const states: Proof["state"][] = [];
    let interleavings = 0;
    while (states.at(-1) !== "proved") {
      let asked = 0;
      const proof: Proof = prove(scenario, {
        ...OPTIONS,
        resumed: saved,
        // More than the probes: a search that was stopped among them keeps nothing.
        shouldStop: () => ++asked > 60,
        onSave: (now) => {
          saved = JSON.parse(JSON.stringify(now)) as SavedProof;
        },
      });
      states.push(proof.state);
      interleavings = proof.interleavings;
    }
    expect(interleavings).toBe(300);
    expect(states.length).toBeGreaterThan(3);
  });
});
