import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  inspectDirectory,
  LevelError,
  open,
  recoverDirectory,
  repartitionDirectory,
  verifyDirectory,
} from "../../../src/level/index.ts";
import { LatchworkError } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";

let root = "";
let copies = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "latchwork-directories-"));
  const living = join(root, "living");
  const level = await open(living, { pageSize: 512, segmentBytes: 4000, poolPages: 16 });
  for (let index = 0; index < 150; index++) await level.put(`key ${index}`, `value ${index}`);
  await level.checkpoint();
  for (let index = 150; index < 250; index++) await level.put(`key ${index}`, "new");
  cpSync(living, join(root, "killed"), { recursive: true });
  rmSync(join(root, "killed", "lock"));
  await level.close();
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function copyOf(change: (at: string) => void): string {
  const directory = join(root, `copy-${copies++}`);
  cpSync(join(root, "killed"), directory, { recursive: true });
  change(directory);
  return directory;
}

/** What a promise comes to: "kept", or the code of the one line it is refused with. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "kept";
  } catch (error) {
    if (!(error instanceof LatchworkError || error instanceof LevelError)) throw error;
    return error.message.includes("\n") ? `more than a line: ${error.message}` : error.code;
  }
}

async function openAndRead(directory: string): Promise<void> {
  const level = await open(directory);
  try {
    await level.iterator().all();
  } finally {
    await level.close();
  }
}

/** Changes a number of the control file, and makes its checksum right again. */
function setControl(directory: string, at: number, value: number): void {
  const path = join(directory, "control");
  const bytes = readFileSync(path);
  bytes.writeUInt32LE(value, at);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 36)), 36);
  writeFileSync(path, bytes);
}

function segmentOf(directory: string, index: number): string {
  const names = readdirSync(directory).filter((name) => name.startsWith("log-"));
  return join(directory, names.toSorted().at(index) ?? "");
}

const FOREIGN: readonly (readonly [what: string, change: (at: string) => void, code: string])[] = [
  ["a control file of another version", (at) => setControl(at, 8, 7), "NOT_A_DATABASE"],
  ["a page size that is none", (at) => setControl(at, 12, 1000), "BAD_PAGE_SIZE"],
  [
    "another page size than that of its pages",
    (at) => setControl(at, 12, 1024),
    "LEVEL_CORRUPTION",
  ],
  [
    "a control file of zeros",
    (at) => writeFileSync(join(at, "control"), new Uint8Array(40)),
    "NOT_A_DATABASE",
  ],
  ["no control file", (at) => rmSync(join(at, "control")), "NOT_A_DATABASE"],
  ["an old segment missing", (at) => rmSync(segmentOf(at, -2)), "LEVEL_CORRUPTION"],
  ["no page file", (at) => rmSync(join(at, "pages")), "NO_SUCH_FILE"],
  ["an empty page file", (at) => truncateSync(join(at, "pages"), 0), "LEVEL_CORRUPTION"],
  [
    "a directory in place of the page file",
    (at) => {
      rmSync(join(at, "pages"));
      mkdirSync(join(at, "pages"));
    },
    "NOT_A_DATABASE",
  ],
];

describe("open, or the first read,", () => {
  it.each(FOREIGN)("refuses %s in one line, and lets go", async (_what, change, code) => {
    const directory = copyOf(change);
    expect(await outcome(openAndRead(directory))).toBe(code);
    expect(existsSync(join(directory, "lock"))).toBe(false);
    const verified = await verifyDirectory(directory).catch(() => null);
    expect(verified?.isSound ?? false).toBe(false);
  });
});

describe("random damage to real files", () => {
  it("is a line, and what is called sound can be opened and read", async () => {
    const files = readdirSync(join(root, "killed"));
    const damage = fc.tuple(
      fc.constantFrom(...files),
      fc.constantFrom("flip", "cut", "zero", "remove", "grow"),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const directory = copyOf((at) => {
          for (const [name, kind, share] of damages) spoil(join(at, name), kind, share);
        });
        const inspected = await outcome(inspectDirectory(directory));
        expect(["kept", "NOT_A_DATABASE"]).toContain(inspected);
        const report = await verifyDirectory(directory).catch(() => null);
        const dry = await outcome(recoverDirectory(directory, true));
        const done = await outcome(recoverDirectory(directory, false));
        expect(done).toBe(dry);
        const read = await outcome(openAndRead(directory));
        const isSound = report?.isSound === true;
        expect(isSound ? [dry, read] : []).toEqual(isSound ? ["kept", "kept"] : []);
        rmSync(directory, { recursive: true });
      }),
      { numRuns: budget({ short: 10, campaign: 60 }) },
    );
  });
});

function spoil(path: string, kind: string, share: number): void {
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  if (bytes.length === 0) return;
  const at = Math.floor(share * bytes.length);
  if (kind === "flip") writeFileSync(path, bytes.fill((bytes[at] ?? 0) ^ 0x20, at, at + 1));
  else if (kind === "cut") truncateSync(path, at);
  else if (kind === "zero") {
    writeFileSync(path, bytes.fill(0, at, Math.min(bytes.length, at + 512)));
  } else if (kind === "remove") rmSync(path);
  else truncateSync(path, bytes.length + at);
}

describe("inspect", () => {
  it("finds no damage while a process writes and makes checkpoints", async () => {
    const directory = join(root, "busy");
    const options = { pageSize: 512, poolPages: 16, segmentBytes: 4000, checkpointBytes: 20_000 };
    const level = await open(directory, options);
    let isDone = false;
    const write = async (): Promise<void> => {
      for (let index = 0; !isDone; index++) {
        await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            level.put(`key ${(index * 20 + i) % 700}`, `${index}`),
          ),
        );
      }
    };
    const writing = write();
    try {
      for (let round = 0; round < budget({ short: 30, campaign: 150 }); round++) {
        const { damage, holder } = await inspectDirectory(directory);
        expect(damage).toEqual([]);
        expect(holder).toMatchObject({ pid: process.pid, life: "alive" });
      }
    } finally {
      isDone = true;
      await writing;
      await level.close();
    }
    expect(await verifyDirectory(directory)).toMatchObject({ isSound: true, problems: [] });
  });
});

describe("what looks into a directory", () => {
  it.each([5, null, undefined, "", {}, ["a"], Symbol("a"), Buffer.from("a")])(
    "refuses %o for a path in one line",
    async (odd) => {
      const path = odd as never;
      for (const promise of [
        inspectDirectory(path),
        verifyDirectory(path),
        recoverDirectory(path, true),
        repartitionDirectory(path, { partitions: 2 }),
      ]) {
        expect(await outcome(promise)).toBe("BAD_ARGUMENT");
      }
    },
  );

  it("refuses to divide into a number that it is not told", async () => {
    const none = undefined as never;
    expect(await outcome(repartitionDirectory(root, none))).toBe("BAD_ARGUMENT");
  });
});
