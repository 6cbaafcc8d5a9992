import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ended, runCli, startCli } from "./run-cli.ts";
import { budget } from "../campaign.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is printed within so many columns; lines to be copied whole may be longer. */
async function tooWide(args: readonly string[], columns: number): Promise<string[]> {
  const { stdout } = await runCli(args, { COLUMNS: String(columns) });
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
  ["stress", "--help"],
];

describe("what is printed fits the terminal", () => {
  it.each(VERBS.map((args) => [args.join(" "), args] as const))("%s", async (_, args) => {
    expect(await tooWide(args, 80)).toEqual([]);
  });

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

  const history = join(folder, "history.jsonl");
  const event = (process: number, type: string, f: string, value: string): string =>
    `${JSON.stringify({ process, type, f, key: "k", value })}\n`;
  writeFileSync(
    history,
    event(0, "invoke", "put", "x") +
      event(0, "ok", "put", "x") +
      event(1, "invoke", "get", "x") +
      event(1, "ok", "get", "never put"),
  );

  const KEPT = [
    ["protocols"],
    ["bugs"],
    ["bugs", "C1"],
    ...budget({ short: [], campaign: [["bugs", "--hunt", "--runs", "1"]] }),
    ["--help"],
    ["help"],
    ["help", "hunt"],
    ["hunt", "--help"],
    ["check", "--help"],
    ["check", history, "--model", "kv"],
    ["check", history, "--model", "kv", "--explain"],
    ["check", history, history, "--model", "kv"],
  ];
  it.each(KEPT.map((args) => [args.join(" ").replace(folder, ""), args] as const))(
    "is kept by %s",
    async (_, args) => {
      for (const columns of [40, 60]) {
        const { stdout } = await runCli([...args, "--width", String(columns)]);
        expect(stdout).not.toBe("");
        // What is to be copied whole, and a word that is too long, may be longer.
        const lines = stdout.split("\n").filter((line) => !/LW1:|^task |^tree /.test(line));
        expect(lines.filter((line) => line.length > columns && /\S\s+\S/.test(line))).toEqual([]);
      }
    },
    60_000,
  );

  it("is kept by the tour from its first line on", async () => {
    const child = startCli(["tour", "--width", "60"]);
    child.stdin.end();
    const result = ended(child);
    let told = "";
    child.stdout.on("data", (text: string) => {
      told += text;
      if (told.split("\n").length > 10) child.stdout.destroy();
    });
    await result;
    expect(told).toMatch(/^Latchwork runs a real B\+ tree [^\n]*\n\S/);
    expect(told.split("\n").filter((line) => line.length > 60)).toEqual([]);
  });

  it("may stand before a verb or behind, of which help is asked", async () => {
    const { stdout } = await runCli(["hunt", "--help", "--width", "50"]);
    for (const words of [
      ["help", "hunt", "--width", "50"],
      ["help", "--width", "50", "hunt"],
      ["--width", "50", "hunt", "--help"],
    ]) {
      expect(await runCli(words)).toEqual({ code: 0, stdout, stderr: "" });
    }
    const { code, stderr } = await runCli(["help", "hunt", "check", "--width", "50"]);
    expect(stderr).toBe("latchwork: help is of one verb: latchwork help hunt\n");
    expect(code).toBe(2);
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
