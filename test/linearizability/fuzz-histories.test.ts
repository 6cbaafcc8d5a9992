import { describe, expect, it } from "vitest";
import { fuzzRun } from "../../bench/fuzz-runs.ts";

const RUNS = 500;

describe("mutated history files", () => {
  // `npm run fuzz:histories` does 100,000 of them. A fault names its seed for `--only=`.
  it("end in a verdict, or in BAD_HISTORY with file and line", () => {
    const outcomes = new Map<string, number>();
    const faults: string[] = [];
    for (let i = 0; i < RUNS; i++) {
      const { outcome, fault } = fuzzRun(`test/${i}`);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (fault !== null) faults.push(fault);
    }
    expect(faults).toEqual([]);
    // The mutations must neither break everything nor nothing.
    for (const outcome of ["linearizable", "not-linearizable", "BAD_HISTORY"]) {
      expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(RUNS / 50);
    }
  });
});
