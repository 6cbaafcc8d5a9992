import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const page = readFileSync(new URL("../../docs/glossary.md", import.meta.url), "utf8");

it("docs/glossary.md has each term once, in the order of its letters", () => {
  const terms = [...page.matchAll(/^\*\*(.*?)\.?\*\*/gm)].map(([, term = ""]) => term);
  const letters = (term: string): string => term.toLowerCase().replaceAll(/\(.*|[^a-z]/g, "");
  expect(terms.map(letters)).toEqual([...new Set(terms.map(letters))].toSorted());
  expect(terms.length).toBeGreaterThan(100);
});
