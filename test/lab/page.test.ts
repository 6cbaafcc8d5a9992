import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const page = readFileSync(new URL("../../dist/lab/web/index.html", import.meta.url), "utf8");

/** Names that XML has for its languages; nobody loads them. */
const NAMESPACES = new Set([
  "http://www.w3.org/1998/Math/MathML",
  "http://www.w3.org/1999/xhtml",
  "http://www.w3.org/2000/svg",
]);

/** Where an address in a page, a style or a script is loaded from another machine. */
const LOADS =
  /(?:\b(?:src|srcset|href|action|formaction|poster|data)\s*=\s*["']?|\burl\(\s*["']?|@import\s+["']|\bimport\(\s*["'`]|\bimportScripts\(\s*["'`]|\bfetch\(\s*["'`])(?:https?:)?\/\/[^"'\s)]*/gi;

describe("the page of the lab", () => {
  it("is under 300 kB compressed", () => {
    const kilobytes = gzipSync(page).length / 1000;
    console.log(`the lab's page: ${kilobytes.toFixed(1)} kB by gzip`);
    expect(kilobytes).toBeLessThan(300);
  });

  it("names no address that a browser would load", () => {
    const named = new Set(page.match(/https?:\/\/[^"'`\s)<>\\]+/g));
    expect([...named].filter((address) => !NAMESPACES.has(address))).toEqual([]);
    expect(page.match(LOADS) ?? []).toEqual([]);
    expect('<img src="//elsewhere/x.png">'.match(LOADS)).toHaveLength(1);
  });

  it("is one file: it has no script, style or worker beside it", () => {
    expect(page.match(/<script[^>]*\ssrc\b|<link[^>]*\srel="?stylesheet/gi) ?? []).toEqual([]);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain("connect-src 'none'");
  });
});
