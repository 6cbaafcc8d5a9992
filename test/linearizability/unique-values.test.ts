import { describe, expect, it } from "vitest";
import { casRegister, checkHistory, register } from "../../src/linearizability/index.ts";
import { drawn } from "../support/drawn-history.ts";

describe("a register whose values are made once", () => {
  it.each<[string, string, number | null]>([
    ["a value that is found again", "a write 1\na ->\na write 2\na ->\nb read\nb -> 1", 5],
    [
      "a value that was there too long",
      "a write 1\nb write 2\nb ->\nc read\nc -> 1\nc read\nc -> 2\nc read\nc -> 1",
      6,
    ],
    ["a value nobody made", "a write 1\na ->\nb read\nb -> 3", 3],
    ["a value made too late", "b read\nb -> 1\na write 1\na ->", 1],
    ["a first value that came back", "a write 1\na ->\nb read\nb -> null", 3],
    [
      "two cas from one value",
      "a write 1\na ->\na cas [1,2]\na -> true\nb cas [1,3]\nb -> true",
      5,
    ],
    ["cas in a circle", "a cas [2,1]\nb cas [1,2]\na -> true\nb -> true", 2],
    ["a cas between two finds", "a write 1\na ->\nb cas [1,2]\nb -> true\nc read\nc -> 1", 5],
    ["a chain of cas", "a cas [null,1]\nb cas [1,2]\nc read\nc -> 2\nb -> true\na -> true", null],
    [
      "a write nobody answered",
      "a write 1\na info\nb read\nb -> 1\nc write 2\nc ->\nb read\nb -> 2",
      null,
    ],
    [
      "one that is found, lost, found",
      "a write 1\na info\nb read\nb -> 1\nc write 2\nc ->\nb read\nb -> 2\nb read\nb -> 1",
      9,
    ],
    [
      "an unanswered cas that is found",
      "a write 1\na ->\nb cas [1,2]\nb info\nc read\nc -> 2\nc read\nc -> 1",
      7,
    ],
    ["a cut off write found later", "a write 1\ncrash\nb read\nb -> null\nb read\nb -> 1", 5],
  ])("%s is decided without a search", (_, text, event) => {
    const verdict = checkHistory(drawn(text), casRegister());
    const kind = event === null ? "linearizable" : "not-linearizable";
    expect(verdict).toMatchObject({ kind, explored: 0, ...(event === null ? {} : { event }) });
  });

  it("is decided among thirty writers and readers that all overlap", () => {
    // Without it the search would go through a billion sets of writes.
    const writes = Array.from({ length: 30 }, (_, i) => `w${i} write ${i}`);
    const reads = Array.from({ length: 30 }, (_, i) => `r${i} read`);
    const found = Array.from({ length: 30 }, (_, i) => `r${i} -> ${i}`);
    const ends = Array.from({ length: 30 }, (_, i) => `w${i} ->`);
    const twice = ["p read", "p -> 0", "p read", "p -> 1", "p read", "p -> 0"];
    const text = [...writes, ...reads, ...twice, ...found, ...ends].join("\n");
    expect(checkHistory(drawn(text), register())).toMatchObject({
      kind: "not-linearizable",
      explored: 0,
      event: 65,
    });
  });
});
