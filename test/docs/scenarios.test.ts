import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatScenario, huntScenario, parseScenario } from "../../src/hunt/index.ts";
import { defaultPortfolio } from "../../src/sim/index.ts";

const page = readFileSync(new URL("../../docs/scenarios.md", import.meta.url), "utf8");
const [, example = ""] = /^```scenario\n([\s\S]*?)^```$/m.exec(page) ?? [];

describe("the example of docs/scenarios.md", () => {
  it("is read, and written the same but for its comment", () => {
    const { scenario } = parseScenario(example);
    expect(formatScenario(scenario)).toBe(example.replace(/^#.*\n/, ""));
  });

  it("is clean", () => {
    const options = { seed: 1, runsMax: 2000, strategies: defaultPortfolio };
    expect(huntScenario(parseScenario(example).scenario, options).verdict.finding).toBeNull();
  });
});
