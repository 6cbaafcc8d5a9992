import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatPage, insertEntry } from "../../src/btree/index.ts";
import { pageId } from "../../src/storage/index.ts";
import { blankPage, bytesOf } from "../support/pages.ts";

const text = readFileSync(new URL("../../docs/page-format.md", import.meta.url), "utf8");

/** The bytes of the document's hex dump: rows by their offsets, and zeros where no row is. */
function dumpOf(markdown: string, size: number): Uint8Array {
  const block = /```hex\n([^`]*)```/u.exec(markdown)?.[1] ?? "";
  const bytes = new Uint8Array(size);
  for (const line of block.trim().split("\n")) {
    const [offset = "", ...cells] = line.split(/ +/u);
    const row = cells.map((cell) => Number.parseInt(cell, 16));
    bytes.set(row, Number.parseInt(offset, 16));
  }
  return bytes;
}

/** A dump of the same form: rows of 16 bytes, those of zeros left out. */
function dump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    if (row.every((byte) => byte === 0)) continue;
    const cells = row.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"));
    lines.push(`${at.toString(16).toUpperCase().padStart(4, "0")}  ${cells.join(" ")}`);
  }
  return lines.join("\n");
}

describe("the worked example of the page format", () => {
  it("is what the code makes", () => {
    const page = blankPage();
    formatPage(page, {
      id: pageId(5),
      level: 0,
      low: bytesOf("carb"),
      high: bytesOf("cat"),
      left: pageId(4),
      right: pageId(7),
    });
    insertEntry(page, bytesOf("carbon"), bytesOf("C"));
    insertEntry(page, bytesOf("cars"), bytesOf("4"));
    insertEntry(page, bytesOf("carbonic"), bytesOf("H2CO3"));
    expect(dump(dumpOf(text, 512))).toBe(dump(page.bytes));
  });
});
