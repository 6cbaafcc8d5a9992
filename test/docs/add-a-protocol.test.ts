import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCommands } from "./run-commands.ts";
import { runPrograms } from "./run-programs.ts";
import { IS_CAMPAIGN } from "../campaign.ts";

const page = new URL("../../docs/add-a-protocol.md", import.meta.url);

describe("docs/add-a-protocol.md", () => {
  // A fresh project that depends on the package compiles and runs what is on the page, as a reader
  // would. Run vitest with -u to write what is printed now into the page.
  it.runIf(IS_CAMPAIGN)("shows what its commands and its program print", async () => {
    const { markdown, programs } = runPrograms(readFileSync(page, "utf8"));
    const rendered = runCommands(markdown, markdown);
    expect(programs).toBe(1);
    expect(rendered.commands).toBe(5);
    await expect(rendered.markdown).toMatchFileSnapshot(page.pathname);
  });
});
