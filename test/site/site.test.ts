import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { parseLink } from "../../src/lab/index.ts";
import { labFrame } from "../../site/.vitepress/lab-frame.ts";
import { unlinkOutside } from "../../site/.vitepress/outside-links.ts";
import { chaptersOf, groupsOf } from "../../site/.vitepress/pages.ts";

const docs = new URL("../../docs/", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "latchwork-site-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder of docs whose first page says this, with these pages beside it. */
function docsWith(index: string, ...names: readonly string[]): URL {
  const made = mkdtempSync(join(folder, "docs-"));
  mkdirSync(join(made, "book"));
  for (const name of names) writeFileSync(join(made, name), "# A page\n");
  writeFileSync(join(made, "index.md"), index);
  return pathToFileURL(`${made}/`);
}

const LINE =
  "LW1:protocol tree-mutex;capacity 3;tree [10,20,30][40];task get 30;task insert 15;schedule ab#7b46cf";
const WRITING = {
  inline: (text: string): string => text.toUpperCase(),
  escaped: (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
};

describe("the side of the site", () => {
  it("has every page of docs/ once, and the chapters in order", () => {
    const links = groupsOf(docs).flatMap(({ items }) => items.map(({ link }) => link));
    expect(links).toContain("/protocols");
    expect(new Set(links).size).toBe(links.length);
    expect(chaptersOf(docs)[1]).toEqual({
      text: "2. Latch coupling",
      link: "/book/02-latch-coupling",
    });
  });

  it("cannot be built while a page is listed nowhere, or twice", () => {
    const one = "## A\n\n- [One](one.md): a page.\n";
    expect(groupsOf(docsWith(one, "one.md"))).toEqual([
      { text: "A", items: [{ text: "One", link: "/one" }] },
    ]);
    expect(() => groupsOf(docsWith(one, "one.md", "two.md"))).toThrow("lists /two 0 times");
    expect(() => groupsOf(docsWith(one + one, "one.md"))).toThrow("lists /one 2 times");
  });
});

describe("a moment of the lab", () => {
  it("is a frame that is loaded late, has a name, and opens there", () => {
    const html = labFrame(`latchwork lab '${LINE}' --at 1\nThe reader\n"was" there.\n`, WRITING);
    const [, address = ""] = /<iframe src="\/lab\/(#[^"]*)"/.exec(html) ?? [];
    const link = parseLink(address.replaceAll("&amp;", "&"));
    expect(link).toMatchObject({ kind: "state", state: { run: { cursor: 1 } } });
    expect(html).toContain('title="The lab: The reader &quot;was&quot; there." loading="lazy"');
    expect(html).toContain('<figcaption>THE READER "WAS" THERE. <a href="/lab/#LW1:');
  });

  it("fails the build if it is none, or its line was changed", () => {
    expect(() => labFrame("something else\n", WRITING)).toThrow("no moment of the lab");
    const changed = LINE.replace("get 30", "get 20");
    const block = `latchwork lab '${changed}' --at 1\nA caption.\n`;
    expect(() => labFrame(block, WRITING)).toThrow("check digits");
  });
});

describe("links that lead out of the docs", () => {
  const linkTo = (href: string, page: string): string => {
    const open = {
      type: "link_open",
      tag: "a",
      children: null,
      attrs: [["href", href]] as [string, string][] | null,
      attrGet: () => href,
    };
    const close = { ...open, type: "link_close", attrs: null };
    unlinkOutside([{ ...open, type: "inline", children: [open, close] }], page);
    expect([open.tag, close.type]).toEqual(
      open.tag === "a" ? ["a", "link_close"] : ["span", "outside_close"],
    );
    return open.tag === "a" ? "link" : (open.attrs?.[1]?.[1] ?? "");
  };

  it.each([
    ["../src/latch/mode.ts", "protocols.md", "src/latch/mode.ts in the source"],
    ["../../src/latch/mode.ts#L1", "book/index.md", "src/latch/mode.ts in the source"],
    ["../README.md", "lab.md", "README.md in the source"],
    ["../protocols.md#modes", "book/index.md", "link"],
    ["#modes", "protocols.md", "link"],
    ["https://elsewhere.example/x", "protocols.md", "link"],
  ])("%s on %s becomes: %s", (href, page, what) => {
    expect(linkTo(href, page)).toBe(what);
  });
});
