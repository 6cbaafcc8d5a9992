import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runTests } from "./run-tests.ts";
import { IS_CAMPAIGN } from "../campaign.ts";

const page = new URL("../../docs/testing.md", import.meta.url);

// As for docs/add-a-protocol.md: vitest -u writes what is said now into the page.
it.runIf(IS_CAMPAIGN)("docs/testing.md shows what its tests say", async () => {
  const { markdown, files } = runTests(readFileSync(page, "utf8"));
  expect(files).toBe(3);
  await expect(markdown).toMatchFileSnapshot(page.pathname);
});
