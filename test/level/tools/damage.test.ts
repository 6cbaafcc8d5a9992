import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  inspectDatabase,
  OverlayDisk,
  verifyDatabase,
  type VerifyReport,
} from "../../../src/level/index.ts";
import { isInUse, MemoryDisk, PageFrame, pageId } from "../../../src/storage/index.ts";
import {
  DIRECT_HOST,
  LatchworkError,
  runToCompletion,
  type Task,
} from "../../../src/task/index.ts";
import { segmentStart } from "../../../src/wal/index.ts";
import { budget } from "../../campaign.ts";
import { contentsOf, opening, smallDatabase } from "./small-database.ts";

const { killed, closed, states, lastFlushLsn } = smallDatabase();
const PAGE_BYTES = 512;

function bytesOf(disk: MemoryDisk, name: string): Uint8Array {
  return disk.files.get(name)?.bytes ?? new Uint8Array(0);
}

function verify(disk: MemoryDisk): VerifyReport {
  return runToCompletion(verifyDatabase({ disk, host: DIRECT_HOST }));
}

/** What a task comes to, or the code of the one line that it is refused with. */
function outcome<T>(task: Task<T>): T | string {
  try {
    return runToCompletion(task);
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    return error.message.includes("\n") ? `more than a line: ${error.message}` : error.code;
  }
}

/** Which bytes of what is long are changed: every one in the campaign. */
const STRIDE = budget({ short: 13, campaign: 1 });

/** Changes bytes of a part of a file in turn, and gives the places where that goes unseen. */
function unseenFlips(
  disk: MemoryDisk,
  name: string,
  from: number,
  to: number,
  stride: number = 1,
): number[] {
  const bytes = bytesOf(disk, name);
  const unseen: number[] = [];
  for (let at = from; at < to; at += stride) {
    const byte = bytes[at] ?? 0;
    // A single bit, a different one at each place.
    bytes[at] = byte ^ (1 << (at % 8));
    const { isSound, problems } = verify(disk);
    bytes[at] = byte;
    if (isSound) unseen.push(at);
    else if (!problems.some((problem) => problem.startsWith(`${name}: `))) unseen.push(-at);
  }
  return unseen;
}

describe("a verification", () => {
  it("calls sound what is, and says what a recovery does", () => {
    const found = verify(killed);
    expect(found).toMatchObject({ isSound: true, problems: [] });
    expect(found.recovery?.groupsApplied).toBeGreaterThan(5);
    expect(verify(closed)).toMatchObject({ isSound: true, recovery: { groupsRead: 0 } });
  });

  it("finds every flip in a page in use, of a closed database", () => {
    const pages = bytesOf(closed, "pages");
    const space = new PageFrame(pages.slice().buffer, PAGE_BYTES, PAGE_BYTES);
    let inUse = 0;
    for (let id = 0; id * PAGE_BYTES < pages.length; id++) {
      if (!isInUse(space, pageId(id))) continue;
      inUse++;
      const end = (id + 1) * PAGE_BYTES;
      // Not the same bytes of each page.
      const begin = id * PAGE_BYTES + (id % STRIDE);
      expect(unseenFlips(closed, "pages", begin, end, STRIDE)).toEqual([]);
    }
    expect(inUse).toBeGreaterThan(8);
  });

  it("finds every flip in the durable part of the log, but for the last flush", () => {
    const names = [...killed.files.keys()].filter((name) => segmentStart(name) !== null).toSorted();
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const start = segmentStart(name) ?? 0;
      const { length } = bytesOf(killed, name);
      const isLast = name === names.at(-1);
      const end = isLast ? 32 + lastFlushLsn - start : length;
      expect(unseenFlips(killed, name, 0, end, STRIDE)).toEqual([]);
      // Nothing came after the last flush, so it is taken for one that power cut off.
      expect(unseenFlips(killed, name, end, length).length).toBe(length - end);
    }
  });

  it("finds every flip in the log of a closed database that redo begins in", () => {
    const name = [...closed.files.keys()].filter((file) => segmentStart(file) !== null).toSorted();
    const last = name.at(-1) ?? "";
    expect(unseenFlips(closed, last, 0, bytesOf(closed, last).length, STRIDE)).toEqual([]);
  });

  it("finds every flip in the control file, with the other files beside it", () => {
    expect(unseenFlips(killed, "control", 0, 40)).toEqual([]);
  });
});

describe("a log that was cut short behind what pages have seen", () => {
  it("is refused: the pages would be of another time than the rest", () => {
    const names = [...killed.files.keys()].filter((name) => segmentStart(name) !== null).toSorted();
    const name = names.at(-1) ?? "";
    const found = new Set<string>();
    for (let length = bytesOf(killed, name).length; length > 32; length--) {
      const disk = killed.clone();
      disk.files.get(name)?.resize(length);
      const read = outcome(readThrough(new OverlayDisk(disk), false));
      const { isSound, problems } = verify(disk);
      expect(isSound ? states : ["BAD_PAGE"]).toContain(read);
      if (!isSound) found.add(problems.join());
    }
    expect([...found].at(-1)).toMatch(/^pages: page \d+ \(offset \d+\): changed at position /u);
  });
});

describe("opening where the control file is gone", () => {
  it("makes no new database over what is left of the old one", () => {
    for (const state of [killed, closed]) {
      for (const isLogLeft of [true, false]) {
        const disk = state.clone();
        for (const name of disk.files.keys()) {
          if (name === "control" || (!isLogLeft && segmentStart(name) !== null)) {
            disk.files.delete(name);
          }
        }
        expect(outcome(opening(disk, true))).toBe("NOT_A_DATABASE");
      }
    }
  });

  it("makes one over what a creation has left that was cut off", () => {
    const disk = new MemoryDisk();
    runToCompletion(opening(disk, true));
    disk.files.delete("control");
    expect(outcome(readThrough(new OverlayDisk(disk), true))).toBe("");
    disk.files.get("pages")?.resize(700);
    expect(outcome(readThrough(new OverlayDisk(disk), true))).toBe("");
  });
});

/** One thing done to a disk. */
type Damage = (disk: MemoryDisk) => void;

const FILES = [...killed.files.keys()];
const NAME = fc.constantFrom(...FILES);
const PAGES = bytesOf(killed, "pages").length / PAGE_BYTES;
const PAGE = fc.nat(PAGES - 1);

const DAMAGE: fc.Arbitrary<Damage> = fc.oneof(
  fc
    .tuple(NAME, fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 255 }))
    .map(([name, share, flip]): Damage => (disk) => {
      const bytes = bytesOf(disk, name);
      const at = Math.floor(share * bytes.length);
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ flip;
    }),
  fc
    .tuple(NAME, fc.double({ min: 0, max: 1.2, noNaN: true }))
    .map(([name, share]): Damage => (disk) => {
      const contents = disk.files.get(name);
      contents?.resize(Math.floor(share * contents.size));
    }),
  fc.tuple(NAME, fc.uint8Array({ maxLength: 100 })).map(([name, bytes]): Damage => (disk) => {
    disk.files.get(name)?.resize(0);
    disk.files.get(name)?.write(0, bytes);
  }),
  fc.tuple(PAGE, PAGE).map(([a, b]): Damage => (disk) => {
    const bytes = bytesOf(disk, "pages");
    if (bytes.length < PAGES * PAGE_BYTES) return;
    const copy = bytes.slice(a * PAGE_BYTES, (a + 1) * PAGE_BYTES);
    bytes.copyWithin(a * PAGE_BYTES, b * PAGE_BYTES, (b + 1) * PAGE_BYTES);
    bytes.set(copy, b * PAGE_BYTES);
  }),
  PAGE.map(
    (id): Damage =>
      (disk) =>
        void bytesOf(disk, "pages").fill(0, id * PAGE_BYTES, (id + 1) * PAGE_BYTES),
  ),
  fc.tuple(NAME, fc.nat(5000), fc.nat(600)).map(
    ([name, at, count]): Damage =>
      (disk) =>
        void bytesOf(disk, name).fill(0, at, at + count),
  ),
  NAME.map(
    (name): Damage =>
      (disk) =>
        void disk.files.delete(name),
  ),
  fc.tuple(NAME, NAME).map(([from, to]): Damage => (disk) => {
    const contents = disk.files.get(from);
    if (contents !== undefined) disk.files.set(to, contents.clone());
  }),
  fc.tuple(NAME, NAME).map(([from, to]): Damage => (disk) => {
    const contents = closed.files.get(from);
    if (contents !== undefined) disk.files.set(to, contents.clone());
  }),
);

function* readThrough(disk: OverlayDisk, create: boolean): Task<string> {
  const engine = yield* opening(disk, create);
  const { problems } = yield* engine.check(engine.borrow());
  if (problems.length > 0) return "unsound";
  return yield* contentsOf(engine);
}

/** How reading a database may be refused: the codes of damage, and that a check found some. */
const REFUSALS = new Set(["unsound", "NOT_A_DATABASE", "BAD_PAGE", "BAD_LOG", "NO_SUCH_FILE"]);

function textOf(disk: MemoryDisk): string {
  return [...disk.files].map(([name, { bytes }]) => `${name} ${bytes.join()}`).join("\n");
}

describe("random damage", () => {
  it("is found, or harmless: never a crash, and never wrong contents", () => {
    let sound = 0;
    fc.assert(
      fc.property(
        fc.array(DAMAGE, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (damages, create) => {
          const disk = killed.clone();
          for (const damage of damages) damage(disk);
          const before = textOf(disk);
          const verified = outcome(verifyDatabase({ disk, host: DIRECT_HOST }));
          const inspected = outcome(inspectDatabase({ disk }));
          const read = outcome(readThrough(new OverlayDisk(disk), create));
          expect(textOf(disk)).toBe(before);
          const lines = typeof inspected === "string" ? [] : inspected.damage;
          for (const line of lines) expect(line).toMatch(/^[a-z0-9-]+: [^\n]+$/u);
          const right = disk.files.size === 0 && create ? [""] : states;
          expect(REFUSALS.has(read) || right.includes(read)).toBe(true);
          const isNone = verified === "NOT_A_DATABASE";
          expect(isNone || typeof verified !== "string").toBe(true);
          // Where there is none to verify, none is opened either, unless there is nothing at all.
          expect(isNone && right.includes(read)).toBe(isNone && right !== states);
          if (typeof verified === "string") return;
          for (const line of verified.problems) expect(line).toMatch(/^[a-z0-9-]+: [^\n]+$/u);
          if (!verified.isSound) return;
          sound++;
          expect(states).toContain(read);
        },
      ),
      { numRuns: budget({ short: 200, campaign: 1500 }) },
    );
    expect(sound).toBeGreaterThan(budget({ short: 1, campaign: 15 }));
  });
});
