import { describe, expect, it } from "vitest";
import { deflateBlocks, nodeChecksum } from "../../src/drivers/index.ts";
import type { Entry } from "../../src/lsm/index.ts";
import { crc32 } from "../../src/storage/index.ts";
import { createPrng, runToCompletion } from "../../src/task/index.ts";
import { bytesOfRun, lineOf, openBytes, restOf, text, value } from "../lsm/run/run-fixture.ts";

const list: Entry[] = Array.from({ length: 2000 }, (_, i) =>
  value(`key ${String(i).padStart(6, "0")}`, i, "the same again and again "),
);
const packing = { codec: deflateBlocks, checksum: nodeChecksum };
const reading = { codecs: [deflateBlocks], checksum: nodeChecksum };

describe("runs of deflated blocks", () => {
  it("are far smaller, and read as they were", () => {
    const bytes = bytesOfRun(list, packing);
    expect(bytes.length * 3).toBeLessThan(bytesOfRun(list, {}).length);
    const run = openBytes(bytes, reading);
    expect(restOf(run.cursor()).map(lineOf)).toEqual(list.map(lineOf));
    expect(runToCompletion(run.get(text("key 000777"), 5000))).toEqual(list[777]);
  });

  it("have blocks that are not packed where that saves too little", () => {
    const prng = createPrng(3);
    const noise = list.slice(0, 200).map((entry): Entry => {
      const content = Uint8Array.from({ length: 200 }, () => prng.below(256));
      return { ...entry, value: content };
    });
    const bytes = bytesOfRun(noise, packing);
    expect(bytes.length).toBeLessThan(bytesOfRun(noise, {}).length);
    // Of the data blocks none is packed; the index is.
    const run = openBytes(bytes, reading);
    expect(run.info.dataBytes).toBe(openBytes(bytesOfRun(noise, {})).info.dataBytes);
    expect(restOf(run.cursor()).map(lineOf)).toEqual(noise.map(lineOf));
  });

  it("are refused by a reader that does not know how they are packed", () => {
    const packed = bytesOfRun(list, packing);
    expect(() => openBytes(packed)).toThrow(
      /the index is packed in way 1, which is not known here$/u,
    );
  });

  it("are refused if they cannot be unpacked, however right the checksum is", () => {
    const bytes = bytesOfRun(list, packing);
    const length = openBytes(bytes, reading).index.storedBytes(0);
    const view = new DataView(bytes.buffer);
    bytes.fill(0xff, 4, length - 5);
    view.setUint32(length - 4, crc32(bytes.subarray(0, length - 4), 0), true);
    const run = openBytes(bytes, reading);
    expect(() => runToCompletion(run.cursor().next())).toThrow(
      "run-00000001.lsm: offset 0: a data block cannot be unpacked",
    );
  });
});
