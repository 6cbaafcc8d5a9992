import { describe, expect, it } from "vitest";
import { compare, compareLong } from "../support/differential.ts";
import { compareHostile } from "../support/differential-hostile.ts";

// `npm run differential` sets it.
const histories = Number(process.env["DIFFERENTIAL"] ?? 10_000);

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
    const tally = compareHostile(histories / 4, "hostile");
    expect(tally.differences).toEqual([]);
    expect(tally.notLinearizable / tally.histories).toBeGreaterThan(0.25);
    expect(tally.notLinearizable / tally.histories).toBeLessThan(0.6);
  },
);

it("judges long histories alike with a narrow frontier first and the full one at once", () => {
  const tally = compareLong(120, "long");
  expect(tally.differences).toEqual([]);
  expect(tally.notLinearizable).toBeGreaterThan(12);
  expect(tally.notLinearizable).toBeLessThan(108);
});
