import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { encodePartitions, readPartitions, writePartitions } from "../../../src/engine/index.ts";
import { crc32, MemoryDisk } from "../../../src/storage/index.ts";
import { runToCompletion, type Task } from "../../../src/task/index.ts";

const page = readFileSync(new URL("../../../docs/partitions.md", import.meta.url), "utf8");
const documented = (/```hex\n([^`]*)```/u.exec(page)?.[1] ?? "")
  .trim()
  .split("\n")
  .flatMap((row) => row.slice(6).split(" "))
  .map((cell) => Number.parseInt(cell, 16));
const LAYOUT = { partitions: 4, generation: 1 };

/** What is read of a file with these bytes. */
function read(bytes: Uint8Array): unknown {
  const disk = new MemoryDisk();
  runToCompletion(put(disk, bytes));
  return runToCompletion(readPartitions(disk));
}

function* put(disk: MemoryDisk, bytes: Uint8Array): Task<void> {
  const file = yield* disk.open("partitions", "create");
  yield* file.write(0, bytes);
  yield* file.close();
}

/** The documented bytes with some of them changed, and a checksum that is right. */
function changed(at: number, ...bytes: number[]): Uint8Array {
  const all = Uint8Array.from(documented);
  all.set(bytes, at);
  new DataView(all.buffer).setUint32(44, crc32(all.subarray(0, 44)), true);
  return all;
}

describe("the file partitions", () => {
  it("has the bytes of the worked example, and is read as that says", () => {
    expect([...encodePartitions(LAYOUT)]).toEqual(documented);
    expect(read(Uint8Array.from(documented))).toEqual(LAYOUT);
  });

  it("is read back as it was written, and is null where there is none", () => {
    const disk = new MemoryDisk();
    expect(runToCompletion(readPartitions(disk))).toBeNull();
    const layout = { partitions: 256, generation: 41 };
    runToCompletion(writePartitions(disk, layout));
    expect(runToCompletion(readPartitions(disk))).toEqual(layout);
    expect(runToCompletion(disk.list()[Symbol.iterator]())).toEqual(["partitions"]);
  });

  it("is rejected in one line if any byte of it is damaged", () => {
    for (let at = 0; at < documented.length; at++) {
      const bytes = Uint8Array.from(documented);
      bytes[at] = (bytes[at] ?? 0) ^ 4;
      expect(() => read(bytes)).toThrow(/^partitions: (?:this is no|the checksum)[^\n]*$/u);
    }
    expect(() => read(Uint8Array.from(documented.slice(0, 40)))).toThrow(
      "partitions: 40 bytes, expected 48",
    );
  });

  it.each([
    [8, [2], "partitions: partitions format 2, expected 1"],
    [12, [0], "partitions: 0 partitions, expected 1 to 256"],
    [12, [1, 1], "partitions: 257 partitions, expected 1 to 256"],
    [33, [0], 'partitions: keys are placed by the hash "murmur3-3", expected "murmur3-32"'],
    [
      24,
      [0x66, 0x6e, 0x76, 0],
      'partitions: keys are placed by the hash "fnv", expected "murmur3-32"',
    ],
  ])("is rejected with another byte at %i", (at, bytes, message) => {
    expect(() => read(changed(at, ...bytes))).toThrow(message);
  });
});
