import { describe, expect, it } from "vitest";
import type { Protocol } from "../../src/btree/index.ts";
import { bugNamed } from "../../src/hunt/index.ts";
import { explain, type Explanation, explanationText } from "../../src/linearizability/index.ts";
import { isExplained, subjectOf } from "../support/forget.ts";
import type { Planted } from "../support/recorded-runs.ts";
import { firstRefutation, RUN_KINDS } from "../support/run-campaign.ts";
import { treeMap } from "../support/run-models.ts";
import type { RunShape } from "../support/run-scenario.ts";
import { budget } from "../campaign.ts";

// Bugs that engines really had show in what operations answer, and this is said of their histories.
// EXPLANATIONS=1 prints it.

const IN_CRASHES: Omit<RunShape, "protocol"> = RUN_KINDS["with three crashes"] ?? {};

function explanationOf(id: string, planted: Planted, shape: RunShape): Explanation {
  const refuted = firstRefutation("per-key scans", shape, planted, "s2");
  if (refuted === null) throw new Error(`${id} was not refuted`);
  const { history, verdict } = refuted;
  const model = treeMap();
  const explanation = explain(history, model, verdict);
  const subject = subjectOf(history, model, verdict.keys);
  expect(explanation.isMinimal).toBe(true);
  expect(isExplained(subject, explanation.core, "search")).toBe(false);
  for (const each of explanation.core) {
    const rest = explanation.core.filter((other) => other !== each);
    expect(isExplained(subject, rest, "search"), `${id} without ${each}`).toBe(true);
  }
  if (process.env["EXPLANATIONS"] !== undefined) {
    console.log(`${id}\n${explanationText(explanation, history)}\n`);
  }
  return explanation;
}

const OF_THE_TREE = ["C1", "C2", "C3", "C7", "D2", "D4", "D5", "D11", "D12", "D14"];

describe("a bug of the bank is explained by a few operations of which none can be forgotten", () => {
  it.each(budget({ short: ["C1", "D2"], campaign: OF_THE_TREE }))("%s", (id) => {
    const { protocol, make } = bugNamed(id);
    const planted = { protocol: (): Protocol => make() };
    const { core } = explanationOf(id, planted, { protocol });
    expect(core.length).toBeLessThanOrEqual(4);
  });

  it.each(budget({ short: ["W4"], campaign: ["W4", "W6", "W12"] }))("%s, after a crash", (id) => {
    const { protocol, parts } = bugNamed(id);
    const shape = { protocol, ...IN_CRASHES };
    const { core } = explanationOf(id, { parts: parts?.() ?? {} }, shape);
    expect(core.length).toBeLessThanOrEqual(4);
  });
});
