import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runPrograms } from "./run-programs.ts";

const page = new URL("../../docs/add-a-protocol.md", import.meta.url);

describe("the programs of docs/add-a-protocol.md", () => {
  // A fresh project that depends on the package compiles and runs them, as a reader would. Run
  // vitest with -u to write what they print now into the page.
  it("compile strictly, and print what the page says", async () => {
    const { markdown, programs } = runPrograms(readFileSync(page, "utf8"));
    expect(programs).toBe(2);
    await expect(markdown).toMatchFileSnapshot(page.pathname);
  });
});
