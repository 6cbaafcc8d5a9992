import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filterHash, RunBuilder } from "../../../src/lsm/run/index.ts";
import { SEQ_MAX } from "../../../src/lsm/index.ts";
import { runToCompletion } from "../../../src/task/index.ts";
import { EXAMPLE, writeExample } from "./run-example.ts";
import { lineOf, openBytes, restOf, RUN_NAME, text, value } from "./run-fixture.ts";

const page = readFileSync(new URL("../../../docs/run-format.md", import.meta.url), "utf8");

/** The rows of the document's hex dump. */
const documented = (/```hex\n([^`]*)```/u.exec(page)?.[1] ?? "").trim();

function bytesOfDump(dump: string): Uint8Array {
  const cells = dump.split("\n").flatMap((row) => row.slice(6).split(" "));
  return Uint8Array.from(cells, (cell) => Number.parseInt(cell, 16));
}

function dumpOf(bytes: Uint8Array): string {
  const hex = (byte: number, digits: number): string =>
    byte.toString(16).toUpperCase().padStart(digits, "0");
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const cells = [...bytes.subarray(at, at + 16)].map((byte) => hex(byte, 2));
    rows.push(`${hex(at, 4)}  ${cells.join(" ")}`);
  }
  return rows.join("\n");
}

describe("the worked example of the run format", () => {
  it("is what a builder makes", () => {
    expect(documented).toBe(dumpOf(writeExample()));
  });

  it("is read as the document says", () => {
    const run = openBytes(bytesOfDump(documented));
    expect(restOf(run.cursor()).map(lineOf)).toEqual(EXAMPLE.map(lineOf));
    expect(run.info).toEqual({
      name: RUN_NAME,
      entries: 4,
      tombstones: 1,
      smallestSeq: 2,
      largestSeq: 5,
      dataBytes: 0x46,
      dataBlocks: 2,
      filterBytes: 9,
      indexBytes: 20,
      smallest: text("apple"),
      largest: text("banana"),
      fileBytes: 0xb9,
    });
    expect([run.index.offsetOf(0), run.index.offsetOf(1)]).toEqual([0, 0x2f]);
    // `b` is the bound of the first block.
    const blocks = ["", "apply", "az", "b", "banana", "z"].map((key) =>
      run.index.find(text(key), SEQ_MAX),
    );
    expect(blocks).toEqual([0, 0, 0, 1, 1, 1]);
    for (const { key } of EXAMPLE) expect(run.mayHold(filterHash(key))).toBe(true);
    expect(runToCompletion(run.get(text("apple"), 4))).toEqual(EXAMPLE[1]);
  });
});

describe("a builder", () => {
  it("gives the same bytes in whatever parts they are taken", () => {
    const builder = new RunBuilder({ blockBytes: 30, restartEvery: 2 });
    const parts: Uint8Array[] = [];
    for (const entry of EXAMPLE) {
      builder.add(entry);
      parts.push(builder.take());
    }
    builder.finish();
    parts.push(builder.take());
    expect(dumpOf(Uint8Array.from(parts.flatMap((part) => [...part])))).toBe(documented);
  });

  it("keeps nothing of what it was given", () => {
    const builder = new RunBuilder({ blockBytes: 30, restartEvery: 2 });
    const key = new Uint8Array(6);
    const content = new Uint8Array(6);
    for (const entry of EXAMPLE) {
      key.set(entry.key);
      content.set(entry.value);
      builder.add({
        ...entry,
        key: key.subarray(0, entry.key.length),
        value: content.subarray(0, entry.value.length),
      });
      key.fill(0);
      content.fill(0);
    }
    builder.finish();
    expect(dumpOf(builder.take())).toBe(documented);
  });

  it("says beforehand about how long the file will be", () => {
    const builder = new RunBuilder();
    for (let i = 0; i < 5000; i++) builder.add(value(`key ${1_000_000 + i}`, i, "some value"));
    const before = builder.fileBytes;
    const { fileBytes, filterBytes } = builder.finish();
    expect(Math.abs(fileBytes - filterBytes - before)).toBeLessThan(300);
    expect(builder.take().length).toBe(fileBytes);
  });
});
