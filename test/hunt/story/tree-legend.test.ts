import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { treeLegend } from "../../../src/hunt/story/tree-legend.ts";

describe("the legend of a drawing", () => {
  it.each([
    ["2[]", ["2[] is leaf page 2, without keys"]],
    [
      "6{3}\n3[40]",
      ["3[40] is leaf page 3, with its keys", "6{3} is inner page 6 over page 3 alone"],
    ],
    [
      "4{2 <20> 5 <40> 3}",
      ["4{2 <20> 5 <40> 3} is inner page 4: keys below 20 are in page 2, from 20 on in page 5"],
    ],
    ["2[10] > 3[40]", ["2[10] is leaf page 2, with its keys", "> links them to the right only"]],
    ["2[10] < 3[40]", ["2[10] is leaf page 2, with its keys", "< links them to the left only"]],
    [
      "2[1]!no-parent",
      ["2[1] is leaf page 2, with its keys", "!no-parent: no inner page names it"],
    ],
    ["2(unreadable)", ["(unreadable): the bytes are those of no page"]],
    ["(the database is not open)", []],
  ])("%s", (drawing, told) => {
    expect(treeLegend(drawing.split("\n"))).toEqual(told);
  });

  it("leaves out no mark that the page on scenarios explains", () => {
    const page = readFileSync(new URL("../../../docs/scenarios.md", import.meta.url), "utf8");
    const [, rows = ""] = /\| drawn \| means \|\n\|[-|]+\|\n([\s\S]*?)\n\n/.exec(page) ?? [];
    const drawn = [...rows.matchAll(/^\| `([^`]*)`/gm)].map(([, drawing = ""]) => drawing);
    expect(drawn.length).toBeGreaterThan(6);
    expect(drawn.filter((drawing) => treeLegend([drawing]).length === 0)).toEqual([]);
  });
});
