import { describe, expect, it } from "vitest";
import { folded } from "../../src/cli/output.ts";

describe("folding", () => {
  it("breaks at blanks and hangs what follows by two", () => {
    expect(folded("  why: one two three four", 12)).toEqual([
      "  why: one",
      "    two",
      "    three",
      "    four",
    ]);
    expect(folded("exactly as wide", 15)).toEqual(["exactly as wide"]);
    expect(folded("one more than that", 17)).toEqual(["one more than", "  that"]);
  });

  it("leaves a word whole that is too long, and goes on behind it", () => {
    expect(folded("  read (/a/very/long/path) at last", 10)).toEqual([
      "  read",
      "    (/a/very/long/path)",
      "    at",
      "    last",
    ]);
    expect(folded("    (/a/very/long/path)", 10)).toEqual(["    (/a/very/long/path)"]);
  });

  it("does nothing without a width", () => {
    expect(folded("  a b", Number.POSITIVE_INFINITY)).toEqual(["  a b"]);
  });
});
