import { crc32 as zlibCrc32 } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asEditor,
  crc32,
  formatHeader,
  pageId,
  type PageEditor,
  sealPage,
  verifyPage,
} from "../../src/storage/index.ts";
import { LatchworkError } from "../../src/task/index.ts";
import { blankPage } from "../support/pages.ts";

function sealedPage(): PageEditor {
  const page = blankPage();
  formatHeader(page, pageId(17), 0);
  page.bytes.fill(7, 100, 200);
  sealPage(page);
  return page;
}

describe("crc32", () => {
  it("gives the check value of CRC-32 (IEEE), unsigned", () => {
    expect(crc32(Uint8Array.from("123456789", (digit) => digit.charCodeAt(0)))).toBe(0xcbf43926);
  });

  it("equals zlib's, in one piece or in two", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
        const expected = zlibCrc32(bytes);
        expect(crc32(bytes)).toBe(expected);
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(expected);
      }),
    );
  });
});

describe("a stored page", () => {
  it("passes as it was sealed, whoever computes the checksum", () => {
    const page = sealedPage();
    expect(() => verifyPage(page, pageId(17), "pages")).not.toThrow();
    expect(() => verifyPage(page, pageId(17), "pages", zlibCrc32)).not.toThrow();
  });

  it("fails with any one bit changed", () => {
    fc.assert(
      fc.property(fc.nat(511), fc.nat(7), (at, bit) => {
        const page = sealedPage();
        page.bytes[at] = (page.bytes[at] ?? 0) ^ (1 << bit);
        expect(() => verifyPage(page, pageId(17), "pages")).toThrow(LatchworkError);
      }),
    );
  });

  it("names file, page, what was found and what was expected", () => {
    const page = sealedPage();
    const expected = page.view.getUint32(0, true).toString(16).padStart(8, "0");
    page.view.setUint32(0, 0x1234abcd, true);
    expect(() => verifyPage(page, pageId(17), "pages")).toThrow(
      `pages: page 17 (offset 8704): checksum 0x1234abcd, expected 0x${expected}; ` +
        "the page is damaged",
    );
  });

  it("that was never written is all zeros, and says so", () => {
    expect(() => verifyPage(asEditor(blankPage()), pageId(3), "pages")).toThrow(
      "pages: page 3 (offset 1536): nothing but zeros, expected a page; it was never written",
    );
  });

  it("in another page's place is not that page", () => {
    expect(() => verifyPage(sealedPage(), pageId(18), "pages")).toThrow(
      "pages: page 18 (offset 9216): page 17 is stored here, expected page 18; a write went astray",
    );
  });
});
