import { describe, expect, it } from "vitest";
import { folded, table } from "../../src/cli/layout.ts";

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

describe("tables", () => {
  const rows = [
    ["id", "title"],
    ["a", "one two three four five"],
    ["b", "six"],
  ];

  it("break entries that may be broken, and only if they have to", () => {
    expect(table(rows, { flexible: [1], width: 20 })).toBe(
      "id  title\na   one two three\n      four five\nb   six\n",
    );
    expect(table(rows, { flexible: [1], width: 27 })).toContain("a   one two three four five\n");
  });

  it("make no column so narrow that it is not read", () => {
    expect(table(rows, { flexible: [1], width: 5 })).toContain(
      "a\n  one two three\n    four five\n",
    );
  });

  it("go on in the next line where their columns do not fit into one", () => {
    expect(table(rows, { width: 20 })).toBe(
      "id\n  title\na\n  one two three four five\nb\n  six\n",
    );
    const bare = [
      ["first", "second"],
      ["alone", ""],
    ];
    expect(table(bare, { width: 8 })).toBe("first\n  second\nalone\n");
  });
});
