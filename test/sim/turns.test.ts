import { describe, expect, it } from "vitest";
import { type Strategy, sampledCoverage } from "../../src/sim/strategy.ts";
import { Turns } from "../../src/sim/turns.ts";

/** A strategy that has so many runs. */
function having(name: string, runs: number): Strategy {
  let left = runs;
  return {
    name,
    beginRun: () => left-- > 0,
    choose: () => 0,
    endRun: () => {},
    coverage: () => sampledCoverage(name),
  };
}

/** Whose runs come first; `isNew` says of a run whether its class is new. */
function orderOf(
  strategies: readonly Strategy[],
  runs: number,
  isNew: (name: string, run: number) => boolean = () => false,
): string {
  const turns = new Turns(strategies);
  let order = "";
  for (let run = 0; run < runs; run++) {
    const next = turns.next();
    if (next === null) break;
    turns.ran(isNew(next.name, run));
    order += next.name;
  }
  return order;
}

const endless = (name: string): Strategy => having(name, Number.POSITIVE_INFINITY);

describe("turns", () => {
  it("are slices of 1, 1, 2, 4 runs, and one more for the first of equals", () => {
    const order = orderOf([endless("a"), endless("b")], 24);
    expect(order).toBe(["aba", "aba", "aabbaa", "aaaabbbbaaaa"].join(""));
  });

  it("grow to slices of 16 runs", () => {
    const order = orderOf([endless("a"), endless("b")], 1000);
    const longest = Math.max(...(order.match(/b+/g) ?? []).map(({ length }) => length));
    expect(longest).toBe(16);
  });

  it("give one more slice to who found the largest share of new classes in the round", () => {
    const order = orderOf([endless("a"), endless("b"), endless("c")], 12, (name) => name === "b");
    expect(order).toBe("abcbabcbaabb");
    const half = orderOf([endless("a"), endless("b")], 2000, (name, run) =>
      name === "b" ? run % 2 === 0 : run % 4 === 0,
    );
    expect((half.split("b").length - 1) / half.length).toBeCloseTo(2 / 3, 1);
  });

  it("pass over who has nothing left, and end when nobody has", () => {
    expect(orderOf([having("a", 1), having("b", 3), having("c", 0)], 99)).toBe("abbb");
    expect(orderOf([], 99)).toBe("");
    expect(orderOf([having("a", 0)], 99)).toBe("");
  });
});
