import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  formatStory,
  parseReplay,
  parseScenario,
  type Story,
  tellStory,
} from "../../../src/hunt/index.ts";

const folder = new URL("stories/", import.meta.url);
const lines = readdirSync(folder).map((name) => {
  const [, line = ""] = /replay '(LW1:.*)'/.exec(readFileSync(new URL(name, folder), "utf8")) ?? [];
  return [name.replace(".txt", ""), line] as const;
});

/** A story within so many columns, without the line that replays it: that has to be copied whole. */
function printed(story: Story, widthMax: number): string[] {
  const text = formatStory(story, { widthMax });
  return text.split("\n").filter((one) => !one.includes("LW1:"));
}

describe("a story keeps within its columns", () => {
  it.each(lines)("%s", (_name, line) => {
    const { scenario, schedule } = parseReplay(line);
    const story = tellStory(scenario, schedule);
    for (const width of [80, 66]) {
      const wide = printed(story, width).filter((one) => one.length > width);
      expect(wide).toEqual([]);
    }
  });

  it("also with many tasks, whose rows then stand below each other", () => {
    const tasks = Array.from({ length: 6 }, (_, i) => `task insert ${i} then get ${i}`);
    const { scenario } = parseScenario(`tree [10,20]\n${tasks.join("\n")}\n`);
    const story = tellStory(scenario, "abcdef", []);
    const text = formatStory(story, { widthMax: 80 });
    expect(text).toContain("\n\na: insert 0 then get 0\nb: insert 1 then get 1\n");
    expect(text).toMatch(/^step\n {4}1 {2}a {2}> insert 0\n {10}X page 0/m);
    expect(text).toContain("~~ preempted ~~");
    const wide = text.split("\n").filter((one) => one.length > 80 && !one.includes("LW1:"));
    expect(wide).toEqual([]);
  });

  it("also with leaves of many keys, which are broken behind commas", () => {
    const keys = Array.from({ length: 60 }, (_, i) => 100 + i);
    const text = `capacity 0\npage-size 4096\ntree [${keys.join(",")}]\ntask delete 100\ntask scan\n`;
    const story = tellStory(parseScenario(text).scenario, "ab", []);
    const told = formatStory(story, { widthMax: 80 }).split("\n");
    expect(told.filter((one) => one.length > 80 && !one.includes("LW1:"))).toEqual([]);
    const page = told.indexOf("the tree before") + 1;
    expect(told[page]).toMatch(/^ {2}2\[100,101,.*,$/);
    expect(told[page + 1]).toMatch(/^ {4}\d+,\d+/);
  });
});

describe("a story explains how trees are drawn", () => {
  it.each([
    ["tree []", "(2[] is leaf page 2, without keys)"],
    ["tree [10,20]", "(2[10,20] is leaf page 2, with its keys)"],
    [
      "tree [10,20][30]",
      "(2[10,20] is leaf page 2, with its keys; 4{2 <30> 3} is inner page 4: keys below 30 are " +
        "in page 2, from 30 on in page 3; = links neighbours both ways)",
    ],
  ])("%s", (tree, legend) => {
    const { scenario } = parseScenario(`capacity 2\n${tree}\ntask get 10\n`);
    const text = formatStory(tellStory(scenario, "a", []), { widthMax: 1000 });
    expect(text).toContain(`\n  ${legend}\n\n`);
  });
});
