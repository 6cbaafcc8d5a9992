import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCommands } from "./run-commands.ts";

const page = new URL("../../README.md", import.meta.url);
const readme = readFileSync(page, "utf8");

/** Runs the command and gives what it printed; a replay that fails, as it should, exits with 1. */
function outputOf(words: readonly string[]): string {
  const cwd = fileURLToPath(new URL(".", page));
  try {
    return execFileSync(process.execPath, words, { cwd, encoding: "utf8" });
  } catch (error) {
    return String((error as { readonly stdout: unknown }).stdout);
  }
}

describe("README.md", () => {
  it("shows the story that its replay line tells", () => {
    const [, line = ""] = /replay '(LW1:.*)'/.exec(readme) ?? [];
    const [, story = ""] = /^```\n(step {2}a:[\s\S]*?)^```$/m.exec(readme) ?? [];
    expect(story).not.toBe("");
    expect(outputOf(["dist/cli/main.js", "replay", line])).toContain(story);
  });

  it("shows the crash that its other replay line tells", () => {
    const [, line = ""] = /replay '(LW1:.*crashes.*)'/.exec(readme) ?? [];
    const [, crash = ""] = /^```\n( +4-6 {2}leads[\s\S]*?)^```$/m.exec(readme) ?? [];
    expect(crash).toContain("CRASH 1");
    expect(outputOf(["dist/cli/main.js", "replay", line])).toContain(crash);
  });

  it("shows what its command prints of a file that another page has", async () => {
    const files = readFileSync(new URL("docs/linearizability.md", page), "utf8");
    const { markdown, commands } = runCommands(readme, files);
    expect(commands).toBe(1);
    await expect(markdown).toMatchFileSnapshot(page.pathname);
  });
});
