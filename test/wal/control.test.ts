import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lsn } from "../../src/storage/index.ts";
import { LatchworkError } from "../../src/task/index.ts";
import {
  type Control,
  CONTROL_FILE,
  CONTROL_FORMAT,
  readControl,
  writeControl,
} from "../../src/wal/index.ts";
import { CrashingDisk } from "./crashing-disk.ts";
import { ParkingDriver } from "./parking-driver.ts";

const CONTROL: Control = {
  formatVersion: CONTROL_FORMAT,
  pageSize: 4096,
  mostEntries: 3,
  redoLsn: lsn(2 ** 40 + 7),
  checkpoints: 12,
};

function written(control: Control): CrashingDisk {
  const disk = new CrashingDisk();
  new ParkingDriver().result(writeControl(disk, control));
  return disk;
}

/** What reading the control file comes to: its contents, or the fault in one line. */
function outcome(disk: CrashingDisk): Control | string | null {
  try {
    return new ParkingDriver().result(readControl(disk));
  } catch (error) {
    if (error instanceof LatchworkError) return `${error.code} ${error.message}`;
    throw error;
  }
}

describe("the control file", () => {
  it("says what was written, and that there is none", () => {
    expect(outcome(written(CONTROL))).toEqual(CONTROL);
    expect(outcome(new CrashingDisk())).toBe(null);
  });

  it("is the old one or the new one, whenever power is lost", () => {
    const next = { ...CONTROL, checkpoints: 13 };
    const seen = new Set<number>();
    for (let steps = 0; steps < 10; steps++) {
      for (const survives of [true, false]) {
        const disk = written(CONTROL);
        const driver = new ParkingDriver();
        driver.add(writeControl(disk, next));
        driver.run(steps);
        disk.crash(() => survives);
        const found = new ParkingDriver().result(readControl(disk));
        expect([CONTROL, next]).toContainEqual(found);
        seen.add(found?.checkpoints ?? 0);
      }
    }
    expect([...seen]).toEqual([12, 13]);
  });

  it("is refused in one line if any byte of it is wrong, or missing", () => {
    const { length } = written(CONTROL).bytesOf(CONTROL_FILE);
    const at = fc.nat(length - 1);
    fc.assert(
      fc.property(
        at,
        fc.integer({ min: 1, max: 255 }),
        at,
        fc.boolean(),
        (place, flip, to, cut) => {
          const disk = written(CONTROL);
          const bytes = disk.bytesOf(CONTROL_FILE).slice();
          bytes[place] = (bytes[place] ?? 0) ^ flip;
          disk.put(CONTROL_FILE, cut ? disk.bytesOf(CONTROL_FILE).slice(0, to) : bytes);
          expect(outcome(disk)).toMatch(/^NOT_A_DATABASE control: [^\n]+$/u);
        },
      ),
    );
  });

  it("of another version is refused by its number", () => {
    const disk = written({ ...CONTROL, formatVersion: 9 });
    expect(outcome(disk)).toBe("NOT_A_DATABASE control: database format 9, expected 1");
  });
});
