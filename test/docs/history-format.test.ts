import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runPrograms } from "./run-programs.ts";

const page = new URL("../../docs/history-format.md", import.meta.url);

describe("the program of docs/history-format.md", () => {
  // The page's example of the format is read by test/linearizability/history-formats.test.ts.
  it("compiles strictly, and prints what the page says", async () => {
    const { markdown, programs } = runPrograms(readFileSync(page, "utf8"));
    expect(programs).toBe(1);
    await expect(markdown).toMatchFileSnapshot(page.pathname);
  });
});
