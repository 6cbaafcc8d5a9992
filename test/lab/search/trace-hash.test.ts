import { describe, expect, it } from "vitest";
import { traceHash } from "../../../src/lab/index.ts";
import { PINNED_RUNS, runOfLine } from "./pinned-runs.ts";

describe("the trace of a pinned run", () => {
  it.each(PINNED_RUNS)("$name has the hash that it has in a browser", ({ line, hash }) => {
    const { scenario, schedule } = runOfLine(line);
    expect(traceHash(scenario, schedule)).toBe(hash);
  });
});
