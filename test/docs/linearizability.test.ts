import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCommands } from "./run-commands.ts";
import { runPrograms } from "./run-programs.ts";

const page = new URL("../../docs/linearizability.md", import.meta.url);
const manual = new URL("../../docs/check.md", import.meta.url);

describe("docs/linearizability.md", () => {
  // As for docs/add-a-protocol.md: vitest -u writes what is printed now into the page.
  it("shows what its programs and its commands print", async () => {
    const { markdown, programs } = runPrograms(readFileSync(page, "utf8"));
    const rendered = runCommands(markdown, markdown);
    expect(programs).toBe(3);
    expect(rendered.commands).toBe(4);
    await expect(rendered.markdown).toMatchFileSnapshot(page.pathname);
  });
});

it("docs/check.md shows what its commands print of the same files", async () => {
  const { markdown, commands } = runCommands(
    readFileSync(manual, "utf8"),
    readFileSync(page, "utf8"),
  );
  expect(commands).toBe(2);
  await expect(markdown).toMatchFileSnapshot(manual.pathname);
});
