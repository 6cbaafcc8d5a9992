import { describe, expect, it } from "vitest";
import {
  LatchworkError,
  nearestName,
  refuseMisspeltOptions,
  refuseUnknownOptions,
} from "../../src/task/index.ts";

const NAMES = ["pageSize", "poolBytes", "poolPages", "runs", "createIfMissing"];

function refusal(act: () => void): string {
  try {
    act();
    return "taken";
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe("an option that there is not", () => {
  it.each([
    ["poolBytes", "poolBytes"],
    ["poolByte", "poolBytes"],
    ["poolbytes", "poolBytes"],
    ["poolBtyes", "poolBytes"],
    ["pagesize", "pageSize"],
    ["creatIfMising", "createIfMissing"],
    ["run", "runs"],
    ["rnus", "runs"],
    ["cacheSize", null],
    ["x", null],
    ["", null],
  ])("is taken for the nearest name: %s", (name, nearest) => {
    expect(nearestName(name, NAMES)).toBe(nearest);
  });

  it("is refused, with the name that was meant and all there are", () => {
    const all = "expected pageSize, poolBytes, poolPages, runs, createIfMissing";
    expect(refusal(() => refuseUnknownOptions("open", { runs: 1, poolByte: 1 }, NAMES))).toBe(
      `BAD_ARGUMENT: option "poolByte" of open: there is none; did you mean poolBytes? ${all}`,
    );
    expect(refusal(() => refuseUnknownOptions("open", { cacheSize: 1 }, NAMES))).toBe(
      `BAD_ARGUMENT: option "cacheSize" of open: there is none; ${all}`,
    );
    expect(refusal(() => refuseUnknownOptions("open", "fast", NAMES))).toBe(
      'BAD_ARGUMENT: options of open: expected an object, found "fast"',
    );
    expect(refusal(() => refuseUnknownOptions("open", { runs: 1 }, NAMES))).toBe("taken");
    expect(refusal(() => refuseUnknownOptions("open", undefined, NAMES))).toBe("taken");
  });

  it("is refused only as a slip of the pen, where users may have their own", () => {
    expect(refusal(() => refuseMisspeltOptions("put", { pageSzie: 1 }, NAMES))).toContain(
      "did you mean pageSize?",
    );
    expect(refusal(() => refuseMisspeltOptions("put", { ttl: 1, source: "x" }, NAMES))).toBe(
      "taken",
    );
  });
});
