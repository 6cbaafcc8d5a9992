import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { IS_CAMPAIGN } from "../campaign.ts";
import { momentsOf, outcomeOf, runChapter } from "./book-chapter.ts";

const folder = new URL("../../docs/book/", import.meta.url);
const chapters = readdirSync(folder)
  .filter((name) => /^\d\d-/.test(name))
  .toSorted();

/** Chapters that hunt at random and under other protocols, which takes as long as all the others. */
const LONG = new Set(["09-how-the-simulator-finds-bugs.md", "10-your-own-protocol.md"]);

const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8");

describe.each(chapters)("docs/book/%s", (name) => {
  const text = textOf(name);

  // As for docs/add-a-protocol.md: vitest -u writes what is printed now into the page.
  it.runIf(IS_CAMPAIGN || !LONG.has(name))("shows what its commands print", async () => {
    const { markdown, commands } = await runChapter(text);
    expect(commands).toBe([...text.matchAll(/^```console$/gm)].length);
    await expect(markdown).toMatchFileSnapshot(fileURLToPath(new URL(name, folder)));
  });

  it("says of each moment in the lab what becomes of its run", () => {
    const moments = momentsOf(text);
    expect(moments.length).toBe([...text.matchAll(/^```lab$/gm)].length);
    expect(moments.map(({ line, claim }) => ({ line, is: claim }))).toEqual(
      moments.map((moment) => ({ line: moment.line, is: outcomeOf(moment) })),
    );
  });

  it("has the parts of a chapter", () => {
    expect(text).toMatch(/^# \d+\. .*\n\nBy the end you can\n\n(?:- .*\n(?: {2}.*\n)*){3}\n/);
    const [, invariants = ""] = /^## Invariants\n([\s\S]*?)^## /m.exec(text) ?? [];
    expect([...invariants.matchAll(/^\d+\. /gm)].length).toBeGreaterThanOrEqual(2);
    expect(invariants).toMatch(/\]\(\.\.\/\.\.\/(?:src|test)\//);
    const [, exercises = ""] = /^## Exercises\n([\s\S]*)$/m.exec(text) ?? [];
    const asked = [...exercises.matchAll(/^\*\*\d+\.\*\* /gm)].length;
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(asked).toBeLessThanOrEqual(5);
    expect([...exercises.matchAll(/^<details>/gm)].length).toBe(asked);
    // What commands print is looked at, not read.
    const lines = text.replaceAll(/^```console$[\s\S]*?^```$/gm, "").split("\n").length;
    expect(lines).toBeGreaterThanOrEqual(80);
    expect(lines).toBeLessThanOrEqual(180);
  });
});

describe("the book", () => {
  it("has the ten chapters that its first page names, in order", () => {
    const named = [...textOf("index.md").matchAll(/^\d+\. \[.*\]\((.*\.md)\)/gm)];
    expect(named.map(([, file]) => file)).toEqual(chapters);
  });
});
