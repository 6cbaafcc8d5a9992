import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatStory, parseReplay, tellStory } from "../../src/hunt/index.ts";

const page = readFileSync(new URL("../../docs/recovery.md", import.meta.url), "utf8");
const lines = [...page.matchAll(/^latchwork replay '(LW1:.*)'$/gm)].map(([, line = ""]) => line);
const shown = [...page.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);

describe("docs/recovery.md", () => {
  it("shows what its replay lines tell", () => {
    const stories = lines.map((line) => {
      const { scenario, schedule } = parseReplay(line);
      return tellStory(scenario, schedule);
    });
    for (const { kind, drift } of stories)
      expect({ kind, drift }).toEqual({ kind: null, drift: null });
    const told = stories.map((story) => formatStory(story)).join("\n");
    expect(shown.length).toBeGreaterThanOrEqual(8);
    for (const text of shown) expect(told).toContain(text);
  });
});
