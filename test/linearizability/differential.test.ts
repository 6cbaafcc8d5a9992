import { describe, expect, it } from "vitest";
import { compare, compareLong } from "../support/differential.ts";
import { compareHostile } from "../support/differential-hostile.ts";
import { compareHints } from "../support/differential-hints.ts";
import { compareUnique } from "../support/differential-unique.ts";
import { budget } from "../campaign.ts";

// `npm run differential` sets it.
const histories = Number(process.env["DIFFERENTIAL"] ?? budget({ short: 1_000, campaign: 10_000 }));
const long = budget({ short: 30, campaign: 120 });

describe("tiny random histories of every model", () => {
  it(
    "are judged as by trying every order, each reduction on and off",
    { timeout: Number.POSITIVE_INFINITY },
    () => {
      const tally = compare(histories, "differential");
      expect(tally.differences).toEqual([]);
      expect(tally.histories).toBe(histories);
      expect(tally.notLinearizable / tally.histories).toBeGreaterThan(0.25);
      expect(tally.notLinearizable / tally.histories).toBeLessThan(0.6);
    },
  );
});

it(
  "judges histories of operations that are alike, open together and undecided as by force",
  { timeout: Number.POSITIVE_INFINITY },
  () => {
    const tally = compareHostile(histories / 5, "hostile");
    expect(tally.differences).toEqual([]);
    expect(tally.notLinearizable / tally.histories).toBeGreaterThan(0.25);
    expect(tally.notLinearizable / tally.histories).toBeLessThan(0.6);
  },
);

it("judges long histories alike with a narrow frontier first and the full one at once", () => {
  const tally = compareLong(long, "long");
  expect(tally.differences).toEqual([]);
  expect(tally.notLinearizable).toBeGreaterThan(long / 10);
  expect(tally.notLinearizable).toBeLessThan((long * 9) / 10);
});

it(
  "judges histories whose values are made once as by force, and says where they go wrong",
  { timeout: Number.POSITIVE_INFINITY },
  () => {
    const tally = compareUnique(histories / 5, "unique");
    expect(tally.differences).toEqual([]);
    expect(tally.notLinearizable / tally.histories).toBeGreaterThan(0.25);
    expect(tally.notLinearizable / tally.histories).toBeLessThan(0.75);
    // A failed cas may find no place in the orders that are tried.
    expect(tally.searched / tally.histories).toBeLessThan(0.06);
  },
);

it(
  "judges histories alike with hints that are right, wrong, partial and equal",
  { timeout: Number.POSITIVE_INFINITY },
  () => {
    const tally = compareHints(histories / 10, "hints");
    expect(tally.differences).toEqual([]);
    expect(tally.linearizable / tally.histories).toBeGreaterThan(0.35);
    expect(tally.linearizable / tally.histories).toBeLessThan(0.8);
    // What is right is hardly ever searched for: under buffered durability, and models that branch.
    expect(tally.searched / tally.right).toBeLessThan(0.1);
  },
);
