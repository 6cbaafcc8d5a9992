import { describe, expect, it } from "vitest";
import { DrawnStrategy } from "../../../src/sim/strategies/index.ts";
import { philosophers } from "../anchors/bare.ts";
import { record } from "./record.ts";

function runOf(...numbers: number[]): string | undefined {
  return record(philosophers(3), new DrawnStrategy(numbers), 1)[0]?.schedule;
}

describe("drawn choices", () => {
  it("of 0, and none at all, let each task go on", () => {
    const expected = [{ schedule: "a4b4c4", preemptions: 0, failed: false }];
    expect(record(philosophers(3), new DrawnStrategy([0, 0, 0]), 10)).toEqual(expected);
    expect(record(philosophers(3), new DrawnStrategy([]), 10)).toEqual(expected);
  });

  it("count the other tasks from 1, and stop at the last", () => {
    expect(runOf(0, 1, 1)).toBe("abc");
    expect(runOf(9, 8, 7)).toBe("cbc3ab3a3");
    expect(runOf(2)).toBe("c4a4b4");
  });

  it("print as the call that makes them", () => {
    expect(String(new DrawnStrategy([0, 2, 1]))).toBe("new DrawnStrategy([0, 2, 1])");
  });
});
