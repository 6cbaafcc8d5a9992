import { describe, expect, it } from "vitest";
import { film, offeredStops, readStops, Reel } from "../../../src/lab/index.ts";
import { failingRun } from "../../support/failing-run.ts";

describe("stops that somebody chooses", () => {
  it.each([
    ["0, 3, 5-7", [0, 3, 5, 6, 7]],
    [" 9 ", [9]],
    ["7,2", [7, 2]],
  ])("%s", (text, stops) => {
    expect(readStops(text, 9)).toEqual({ kind: "stops", stops });
  });

  it.each([
    ["", '"" is no step; expected some such as 0, 3, 5-7'],
    ["1, b", '"b" is no step; expected some such as 0, 3, 5-7'],
    ["1, 10", "there is no step 10; the last one is 9"],
    ["5-3", "5-3 ends before it begins"],
    ["0-9, 0-9", "a strip has at most 12"],
  ])("refuses %s in one line", (text, message) => {
    expect(readStops(text, 9)).toEqual({ kind: "fault", message });
  });

  it("offers the beginning, the end, and what happens before the end", () => {
    const { scenario, schedule } = failingRun("C1");
    const reel = new Reel(film(scenario, { schedule, rule: "exact", goOn: null }), scenario);
    const offered = offeredStops(reel);
    expect(offered[0]).toBe(0);
    expect(offered.at(-1)).toBe(reel.length - 1);
    expect(offered.some((stop) => reel.at(stop).events.some(({ kind }) => kind === "split"))).toBe(
      true,
    );
  });
});
