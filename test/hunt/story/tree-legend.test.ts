import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DrawnMark, DrawnPage, DrawnTree } from "../../../src/btree/index.ts";
import { pageId } from "../../../src/storage/index.ts";
import { treeLegend } from "../../../src/hunt/story/tree-legend.ts";

const PAGE = /^(\d+)(\(unreadable\)|\[.*\]|\{.*\})((?:!.*)?)$/;

/** Reads a drawing back, as a person does. */
function drawnFrom(drawing: string): DrawnTree {
  return drawing.split("\n").map((line) => {
    const parts = line.split(/ ([=<>/]) /);
    return parts.flatMap((part, i): DrawnPage[] => {
      const [, id, body = "", marks = ""] = i % 2 === 0 ? (PAGE.exec(part) ?? []) : [];
      if (id === undefined) return [];
      return [
        {
          id: pageId(Number(id)),
          text: id + body,
          kind: body.startsWith("[") ? "leaf" : body.startsWith("{") ? "inner" : "unreadable",
          keys: body.startsWith("{")
            ? [...body.matchAll(/<(\d+)>/g)].map(([, key = ""]) => key)
            : body.slice(1, -1).split(",").filter(Boolean),
          children: body.startsWith("{")
            ? [...body.replaceAll(/<\d+>/g, "").matchAll(/\d+/g)].map(([child]) =>
                pageId(Number(child)),
              )
            : [],
          marks: MARKS.filter((mark) => marks.includes(`!${mark}`)),
          joint: JOINTS.find((joint) => joint === parts[i - 1]) ?? null,
        },
      ];
    });
  });
}

const MARKS: readonly DrawnMark[] = ["no-parent", "half-dead", "incomplete"];
const JOINTS = ["=", ">", "<", "/"] as const;

describe("the legend of a drawing", () => {
  it.each([
    ["2[]", ["2[] is leaf page 2, without keys"]],
    [
      "6{3}\n3[40]",
      ["3[40] is leaf page 3, with its keys", "6{3} is inner page 6 over page 3 only"],
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
    expect(treeLegend([drawnFrom(drawing)])).toEqual(told);
  });

  it("leaves out no mark that the page on scenarios explains", () => {
    const page = readFileSync(new URL("../../../docs/scenarios.md", import.meta.url), "utf8");
    const [, rows = ""] = /\| drawn \| means \|\n\|[-|]+\|\n([\s\S]*?)\n\n/.exec(page) ?? [];
    const drawn = [...rows.matchAll(/^\| `([^`]*)`/gm)].map(([, drawing = ""]) => drawing);
    expect(drawn.length).toBeGreaterThan(6);
    expect(drawn.filter((drawing) => treeLegend([drawnFrom(drawing)]).length === 0)).toEqual([]);
  });
});
