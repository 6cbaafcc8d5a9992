import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type Catalog,
  decodeCatalog,
  encodeCatalog,
  NO_TABLES,
} from "../../../src/engine/tables/catalog.ts";
import { crc32 } from "../../../src/storage/index.ts";
import { LatchworkError } from "../../../src/task/index.ts";

const page = readFileSync(new URL("../../../docs/tables.md", import.meta.url), "utf8");
const dump = (/```hex\n([^`]*)```/u.exec(page)?.[1] ?? "").trim();
const documented = Uint8Array.from(
  dump.split("\n").flatMap((row) => row.slice(6).split(" ")),
  (cell) => Number.parseInt(cell, 16),
);

const EXAMPLE: Catalog = {
  nextId: 4,
  tables: [
    { id: 1, name: "orders", settings: '{"protocol":"crabbing"}' },
    { id: 3, name: "users", settings: "{}" },
  ],
};

function refusalOf(bytes: Uint8Array): string {
  try {
    decodeCatalog(bytes);
    return "";
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    return `${error.code}: ${JSON.stringify(error.message).slice(1, -1)}`;
  }
}

/** The bytes with something done to them, and the checksum made right again. */
function changed(change: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = documented.slice();
  const view = new DataView(bytes.buffer);
  change(view, bytes);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
  return bytes;
}

describe("the catalog of tables", () => {
  it("is what the page shows", () => {
    expect(encodeCatalog(EXAMPLE)).toEqual(documented);
    expect(decodeCatalog(documented)).toEqual(EXAMPLE);
    expect(decodeCatalog(encodeCatalog(NO_TABLES))).toEqual(NO_TABLES);
  });

  it("is refused if any one bit of it is wrong, or any byte is missing", () => {
    for (let bit = 0; bit < documented.length * 8; bit++) {
      const bytes = documented.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refusalOf(bytes)).toMatch(/^NOT_A_DATABASE: tables: [^\\]+$/u);
    }
    for (let length = 0; length < documented.length; length++) {
      expect(refusalOf(documented.slice(0, length))).toMatch(/^NOT_A_DATABASE: tables: [^\\]+$/u);
    }
  });

  it.each([
    ["another format", (view: DataView) => view.setUint32(8, 2, true), "catalog format 2"],
    ["more tables than bytes", (view: DataView) => view.setUint32(16, 3, true), "bytes of fewer"],
    ["fewer tables", (view: DataView) => view.setUint32(16, 1, true), "bytes of more"],
    ["a name beyond the end", (view: DataView) => view.setUint16(24, 999, true), "beyond its end"],
    ["a number twice", (view: DataView) => view.setUint32(0x39, 1, true), "contradict each other"],
    ["a number too high", (view: DataView) => view.setUint32(0x39, 4, true), "contradict each"],
  ])("is refused with %s, though its checksum is right", (_, change, message) => {
    expect(refusalOf(changed(change))).toContain(message);
  });
});
