import { describe, expect, it } from "vitest";
import { findUndeclared, type Setup } from "../../src/sim/index.ts";

/** Two tasks that write a variable each, and note who came. */
function noting(note: (seen: string[], name: string) => void): Setup {
  return (sim) => {
    const seen: string[] = [];
    for (const name of ["a", "b"]) {
      const own = sim.shared(name, 0);
      sim.task(name, function* () {
        yield* own.write(1);
        note(seen, name);
      });
    }
    sim.digest(() => seen.join(" "));
  };
}

describe("findUndeclared", () => {
  it("finds a list that two tasks share without a step", () => {
    const { problem } = findUndeclared(noting((seen, name) => seen.push(name)));
    expect(problem).toContain("swapped, the run ends with");
  });

  it("passes what does not depend on the order", () => {
    const report = findUndeclared(noting((seen) => seen.push("one")));
    expect(report.problem).toBeNull();
    expect(report.swaps).toBeGreaterThan(5);
  });

  it("wants to know what a run has come to", () => {
    const setup: Setup = (sim) => sim.task("a", function* () {}) && undefined;
    expect(() => findUndeclared(setup)).toThrow(
      /^digest: found null; call sim\.digest in the setup/,
    );
  });

  it("refuses an option that there is not", () => {
    const options = { run: 3 } as object;
    expect(() =>
      findUndeclared(
        noting(() => undefined),
        options,
      ),
    ).toThrow('option "run" of findUndeclared: there is none; did you mean runs?');
  });
});
