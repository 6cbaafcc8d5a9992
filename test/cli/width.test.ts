import { describe, expect, it } from "vitest";
import { ended, runCli, startCli } from "./run-cli.ts";

/** What is printed within so many columns; lines to be copied whole may be longer. */
async function tooWide(args: readonly string[], columns: number): Promise<string[]> {
  const child = startCli(args, { COLUMNS: String(columns) });
  child.stdin.end();
  const { stdout } = await ended(child);
  expect(stdout).not.toBe("");
  const lines = stdout.split("\n").filter((line) => !line.includes("LW1:"));
  return lines.filter((line) => line.length > columns);
}

const VERBS = [
  ["bugs"],
  ["bugs", "W6"],
  ["protocols"],
  ["hunt", "--bug", "C1"],
  ["hunt", "--bug", "W1"],
  ["hunt", "--bug", "D14", "--strategy", "random"],
  ["hunt", "scenarios/smallest_split.txt", "--exhaustive", "--preemptions", "1"],
  ["--help"],
  ["hunt", "--help"],
  ["check", "--help"],
  ["bugs", "--help"],
];

describe("what is printed fits the terminal", () => {
  it.concurrent.each(VERBS.map((args) => [args.join(" "), args] as const))(
    "%s",
    async (_, args) => {
      expect(await tooWide(args, 80)).toEqual([]);
    },
  );

  it("where it is narrow too", async () => {
    expect(await tooWide(["hunt", "--bug", "C1"], 60)).toEqual([]);
    expect(await tooWide(["bugs"], 60)).toEqual([]);
  });
});

describe("--width", () => {
  it("goes before COLUMNS", async () => {
    const child = startCli(["hunt", "--bug", "C1", "--width", "70"], { COLUMNS: "200" });
    child.stdin.end();
    const { stdout } = await ended(child);
    const lines = stdout.split("\n").filter((line) => !line.includes("LW1:"));
    const widest = Math.max(...lines.map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(70);
    expect(widest).toBeGreaterThan(60);
  });

  it("is a number of columns that can be used", async () => {
    const { code, stderr } = await runCli(["protocols", "--width", "20"]);
    expect(stderr).toMatch(/^latchwork: option '--width <columns>' [^\n]*from 40 to 10000\.\n$/);
    expect(code).toBe(2);
  });
});

describe("in a pipe", () => {
  it("a story is as wide as a usual terminal, and a row of a table is one line", async () => {
    const story = (await runCli(["hunt", "--bug", "C1"])).stdout;
    const told = story.slice(story.indexOf("not linearizable"));
    const lines = told.split("\n").filter((line) => !line.includes("LW1:"));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect((await runCli(["bugs"])).stdout).toMatch(/^W1 .* before it is synced$/m);
  });
});
