import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../src/storage/index.ts";
import { CrashingDisk } from "./crashing-disk.ts";
import { scanOf, textOfGroup } from "./log-fixture.ts";
import { writeExample } from "./log-example.ts";

const FIRST = "log-0000000000000001";
const THIRD_BLOCK = 0xcf;
const LAST_KIND = 0x106;
const text = readFileSync(new URL("../../docs/log-format.md", import.meta.url), "utf8");

/** The rows of the document's hex dump. */
const documented = (/```hex\n([^`]*)```/u.exec(text)?.[1] ?? "").trim();

function bytesOfDump(dump: string): Uint8Array {
  const cells = dump.split("\n").flatMap((row) => row.slice(6).split(" "));
  return Uint8Array.from(cells, (cell) => Number.parseInt(cell, 16));
}

function dumpOf(bytes: Uint8Array): string {
  const hex = (value: number, digits: number): string =>
    value.toString(16).toUpperCase().padStart(digits, "0");
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const cells = [...bytes.subarray(at, at + 16)].map((byte) => hex(byte, 2));
    rows.push(`${hex(at, 4)}  ${cells.join(" ")}`);
  }
  return rows.join("\n");
}

describe("the worked example of the log format", () => {
  it("is what the log writes", () => {
    expect(documented).toBe(dumpOf(writeExample()));
  });

  it("is read as the document says", () => {
    const disk = new CrashingDisk();
    disk.put(FIRST, bytesOfDump(documented));
    const { contents, groups } = scanOf(disk);
    expect(groups.map(textOfGroup)).toEqual([
      `101: 5 image 48,0,208,1,0,0,0,0,5${",0".repeat(43)}`,
      "155+: 5 operations 16,3,0,99,97,116",
      "176: 5 operations 2,7,0,0,0",
      "244: 3 logical 100,111,103; decision 9 1",
    ]);
    expect(contents).toMatchObject({ endLsn: 244, settledLsn: 244, tornTail: null });
  });

  it("has a batch that counts for nothing once its last block is torn", () => {
    const disk = new CrashingDisk();
    disk.put(FIRST, bytesOfDump(documented).slice(0, THIRD_BLOCK - 1));
    const { contents } = scanOf(disk);
    expect(contents.settledLsn).toBe(101);
    expect(contents.tornTail).toMatchObject({
      offset: 0x84,
      reason: "a block of 75 bytes is cut short",
    });
  });

  it("is refused once a record has a kind that is not known", () => {
    const disk = new CrashingDisk();
    const bytes = bytesOfDump(documented);
    bytes[LAST_KIND] = 5;
    new DataView(bytes.buffer).setUint32(
      THIRD_BLOCK + 4,
      crc32(bytes.subarray(THIRD_BLOCK + 8)),
      true,
    );
    disk.put(FIRST, bytes);
    expect(() => scanOf(disk)).toThrow(
      `${FIRST}: offset 258: a record of kind 5, which this version does not know`,
    );
  });

  it("has a second block that proves the first was whole", () => {
    const disk = new CrashingDisk();
    const bytes = bytesOfDump(documented);
    bytes[0x58] = 6;
    disk.put(FIRST, bytes);
    expect(() => scanOf(disk)).toThrow(
      `${FIRST}: offset 32: a block's checksum is wrong; ` +
        "it was whole once: the block at 132 came after",
    );
  });
});
