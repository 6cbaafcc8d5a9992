import { describe, expect, it } from "vitest";
import {
  DEFAULT_PORTFOLIO,
  defaultPortfolio,
  parseStrategy,
  STRATEGY_NAMES,
} from "../../../src/sim/strategies/index.ts";
import { createPrng, LatchworkError } from "../../../src/task/index.ts";
import { philosophers } from "../anchors/bare.ts";
import { record } from "./record.ts";

describe("a strategy's name", () => {
  it.each(STRATEGY_NAMES.filter((name) => !/[CD]$/.test(name) && name !== "pct"))(
    "%s is what it makes calls itself",
    (text) => {
      expect(parseStrategy(text, createPrng(1)).name).toBe(text);
    },
  );

  it.each([
    ["round-robin", "round-robin"],
    ["random", "random"],
    ["pct2", "pct2"],
    ["pct3", "pct3"],
    ["pct", "pct3"],
    ["pct:5", "pct5"],
    ["pos", "pos"],
    ["urw", "urw"],
    ["surw", "surw"],
    ["surw:object", "surw:object"],
    ["surw:writes", "surw:writes"],
    ["feedback", "feedback"],
    ["swarm", "swarm"],
    ["dpor", "dpor"],
    ["dpor:2", "dpor:2"],
    ["dfs", "dfs"],
    ["dfs:2", "dfs:2"],
    ["dfs:0", "dfs:0"],
  ])("%s makes %s", (text, name) => {
    expect(parseStrategy(text, createPrng(1)).name).toBe(name);
  });

  it.each([
    "",
    "Random",
    "pct0",
    "pct:-1",
    "dfs:-1",
    "dfs:1.5",
    "dfs:9999",
    "pct2 ",
    "x\ny",
    "surw:",
    "surw:x",
  ])("%j is refused in one line", (text) => {
    const refused = (): unknown => parseStrategy(text, createPrng(1));
    expect(refused).toThrow(LatchworkError);
    expect(refused).toThrow(
      /^strategy: expected round-robin, random, .* surw:writes, .* dpor:C, dfs or dfs:C, found ".*"$/,
    );
  });
});

function runsOf(seed: number): unknown {
  return defaultPortfolio(seed).map((strategy) => record(philosophers(4), strategy, 30));
}

describe("the default portfolio", () => {
  it("repeats all its runs from its seed", () => {
    expect(runsOf(1)).toEqual(runsOf(1));
    expect(runsOf(1)).not.toEqual(runsOf(2));
  });

  it("has the strategies that it lists, each with a generator of its own", () => {
    expect(defaultPortfolio(1).map((strategy) => strategy.name)).toEqual(DEFAULT_PORTFOLIO);
    const [first, , third] = defaultPortfolio(1).map((strategy) =>
      record(philosophers(4), strategy, 30),
    );
    expect(first).not.toEqual(third);
  });
});
