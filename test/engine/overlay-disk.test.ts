import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OverlayDisk } from "../../src/level/index.ts";
import { MemoryDisk } from "../../src/storage/index.ts";
import { type Disk, LatchworkError, runToCompletion, type Task } from "../../src/task/index.ts";
import { diskContract } from "../storage/disk-contract.ts";

diskContract(() => ({
  disk: new OverlayDisk(new MemoryDisk()),
  run: async (task) => runToCompletion(task),
}));

type Change = (disk: Disk) => Task<void>;

const NAME = fc.constantFrom("a", "b", "c");
const PLACE = fc.oneof(fc.nat(40), fc.integer({ min: 4090, max: 4100 }), fc.nat(20_000));

/** One change of one file, which fails where there is no such file. */
const CHANGE: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(NAME, PLACE, fc.uint8Array({ minLength: 1, maxLength: 60 })).map(
    ([name, at, bytes]): Change =>
      function* (disk) {
        const file = yield* disk.open(name, "write");
        yield* file.write(at, bytes);
      },
  ),
  fc.tuple(NAME, PLACE).map(
    ([name, size]): Change =>
      function* (disk) {
        const file = yield* disk.open(name, "write");
        yield* file.truncate(size);
      },
  ),
  NAME.map(
    (name): Change =>
      function* (disk) {
        yield* disk.open(name, "create");
      },
  ),
  NAME.map(
    (name): Change =>
      function* (disk) {
        yield* disk.remove(name);
      },
  ),
  fc.tuple(NAME, NAME).map(
    ([from, to]): Change =>
      function* (disk) {
        if (from !== to) yield* disk.rename(from, to);
      },
  ),
);

/** All files of a disk, read whole and in parts. */
function* filesOf(disk: Disk): Task<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (yield* disk.list()).toSorted()) {
    const file = yield* disk.open(name, "read");
    const size = yield* file.size();
    const whole = new Uint8Array(size + 3).fill(0);
    expect(yield* file.read(0, whole)).toBe(size);
    const part = new Uint8Array(70);
    const count = yield* file.read(4085, part);
    expect(part.subarray(0, count)).toEqual(whole.subarray(4085, Math.min(size, 4155)));
    files[name] = Array.from(whole).join();
  }
  return files;
}

function outcome(disk: Disk, change: Change): string {
  try {
    runToCompletion(change(disk));
    return "done";
  } catch (error) {
    if (error instanceof LatchworkError) return error.code;
    throw error;
  }
}

describe("an overlay", () => {
  it("shows what a disk would that was changed, and leaves the one below as it is", () => {
    fc.assert(
      fc.property(fc.array(CHANGE, { maxLength: 12 }), (changes) => {
        const below = new MemoryDisk();
        for (const name of ["a", "b"]) {
          const file = runToCompletion(below.open(name, "create")[Symbol.iterator]());
          runToCompletion(file.write(0, new Uint8Array(5000).fill(7))[Symbol.iterator]());
        }
        const before = runToCompletion(filesOf(below));
        const model = below.clone();
        const overlay = new OverlayDisk(below);
        for (const change of changes) {
          expect(outcome(overlay, change)).toBe(outcome(model, change));
          expect(runToCompletion(filesOf(overlay))).toEqual(runToCompletion(filesOf(model)));
        }
        expect(runToCompletion(filesOf(below))).toEqual(before);
      }),
    );
  });
});
