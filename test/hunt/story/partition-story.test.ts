import { expect, it } from "vitest";
import { formatStory, parseReplay, tellStory, traceText } from "../../../src/hunt/index.ts";

/** What the hunt finds of P6, at its shortest: the schedule is that of the bank's scenario. */
const REPLAY =
  "LW1:protocol crabbing;bug P6;capacity 4;tree [];task batch put 10 and put 20;task checkpoint;" +
  "crashes 1;partitions 2;schedule a13b18cd56#8cf63b";

it("a story in partitions names that of each page, log and file", () => {
  const { scenario, schedule } = parseReplay(REPLAY);
  const story = tellStory(scenario, schedule);
  expect(story.kind).toBe("not-durable");
  expect(story.disk).toContain("partitions 2");
  const text = formatStory(story).replaceAll(/\s+/gu, " ");
  expect(text).toContain("the tree before partition 0: 2[] partition 1: 2[]");
  expect(text).toContain("X page 1/0 (meta)");
  expect(text).toContain("holds X1/0");
  expect(text).toContain("0/2[] becomes [10]");
  expect(text).toContain("the log of partition 0 goes on to");
  expect(text).toContain("syncs the page file of partition 1");
  expect(text).toContain("renames control.new to control of partition 1: redo");
  expect(text).toContain("partition 1: the log has no groups after that");
  expect(text).toContain("partition 0: there is nothing to redo");
});

it("a trace in partitions says of which each page is", () => {
  const { scenario, schedule } = parseReplay(REPLAY);
  const lines = traceText(scenario, schedule).trimEnd().split("\n");
  const pages = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "page");
  const places = pages.filter(({ page }) => page === 2).map(({ partition }) => partition);
  expect(new Set(places)).toEqual(new Set([0, 1]));
  expect(lines.some((line) => line.includes('"name":"page 2 (root leaf) of partition 0"'))).toBe(
    true,
  );
});
