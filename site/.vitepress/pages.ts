import { readdirSync, readFileSync } from "node:fs";

/** A heading of the first page, and what is listed below it. */
export interface Group {
  readonly text: string;
  readonly items: readonly Entry[];
}

export interface Entry {
  readonly text: string;
  readonly link: string;
}

const HEADING = /^## (.*)$/;
const ITEM = /^- \[(.*?)\]\(([\w/-]+)\.md\)/;
const CHAPTER = /^(\d+)\. \[(.*?)\]\(([\w-]+)\.md\)/;

/**
 * The groups of pages as docs/index.md lists them: who reads that page and who reads the side of
 * the site find the same.
 *
 * @throws Error if a page is in no group, or in two.
 */
export function groupsOf(docs: URL): Group[] {
  const groups: { readonly text: string; readonly items: Entry[] }[] = [];
  for (const line of readFileSync(new URL("index.md", docs), "utf8").split("\n")) {
    const [, heading] = HEADING.exec(line) ?? [];
    if (heading !== undefined) groups.push({ text: heading, items: [] });
    const [, text = "", name] = ITEM.exec(line) ?? [];
    if (name !== undefined) groups.at(-1)?.items.push({ text, link: linkTo(name) });
  }
  const listed = groups.flatMap(({ items }) => items.map(({ link }) => link));
  const there = readdirSync(docs)
    .filter((name) => name.endsWith(".md") && name !== "index.md")
    .map((name) => linkTo(name.slice(0, -".md".length)));
  for (const link of there) {
    const times = listed.filter((one) => one === link).length;
    if (times !== 1) throw new Error(`docs/index.md lists ${link} ${times} times`);
  }
  return groups;
}

/** The chapters of the book, in order. */
export function chaptersOf(docs: URL): Entry[] {
  const lines = readFileSync(new URL("book/index.md", docs), "utf8").split("\n");
  return lines.flatMap((line) => {
    const [, number = "", text = "", name] = CHAPTER.exec(line) ?? [];
    return name === undefined ? [] : [{ text: `${number}. ${text}`, link: `/book/${name}` }];
  });
}

function linkTo(name: string): string {
  return `/${name.replace(/(^|\/)index$/, "$1")}`;
}
