import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runPrograms } from "./run-programs.ts";

const page = new URL("../../docs/simulator.md", import.meta.url);
const text = readFileSync(page, "utf8");

describe("the programs of docs/simulator.md", () => {
  // As for docs/add-a-protocol.md: vitest -u writes what they print now into the page.
  it("compile strictly, and print what the page says", async () => {
    const { markdown, programs } = runPrograms(text);
    expect(programs).toBe(7);
    await expect(markdown).toMatchFileSnapshot(page.pathname);
  });

  it("begin with one of at most 15 lines", () => {
    const first = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
    const lines = first.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThanOrEqual(15);
  });
});
