import { describe, expect, it } from "vitest";
import { film, offeredStops, Reel, stripSvg } from "../../../src/lab/index.ts";
import { failingRun } from "../../support/failing-run.ts";

const { scenario, schedule } = failingRun("C1");
const reel = new Reel(film(scenario, { schedule, rule: "exact", goOn: null }), scenario);

describe("a strip", () => {
  it("draws the stops in order, each with its step in words below it", () => {
    const { svg } = stripSvg(reel, [0, 3, 5]);
    expect(svg.match(/<svg [^>]*class="scene"/g)).toHaveLength(3);
    const captions = [...svg.matchAll(/<text class="caption"[^>]*>([^<]*)</g)].map(([, t]) => t);
    const words = captions.join(" ");
    expect(words).toMatch(/^0\. before the first step 3\. b latches [^.]+ 5\. b latches /);
    expect(svg).not.toMatch(/url\(|href|<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it("has as many rows as fit a slide best", () => {
    const shape = ({ width, height }: { width: number; height: number }): number => width / height;
    for (const stops of [offeredStops(reel), [0], [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3]]) {
      const drawn = stripSvg(reel, stops);
      expect(shape(drawn)).toBeGreaterThan(0.8);
      expect(shape(drawn)).toBeLessThan(3);
      expect(drawn.svg).toContain(`viewBox="0 0 ${drawn.width} ${drawn.height}"`);
    }
  });

  it("is the same again, and another one in the dark", () => {
    expect(stripSvg(reel, [1, 2])).toEqual(stripSvg(reel, [1, 2]));
    expect(stripSvg(reel, [1, 2], "dark").svg).not.toBe(stripSvg(reel, [1, 2]).svg);
  });
});
