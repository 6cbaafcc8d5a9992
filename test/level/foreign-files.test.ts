import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { protocolNamed } from "../../src/btree/index.ts";
import { createDatabase, EventLoop, open } from "../../src/level/index.ts";
import { MemoryDisk } from "../../src/storage/index.ts";
import { runToCompletion } from "../../src/task/index.ts";
import { policyNamed } from "../../src/wal/index.ts";

let root = "";
const place = (): string => join(root, "db");
const file = (name: string): string => join(place(), name);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-foreign-"));
  mkdirSync(place());
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What an attempt to open the directory meets; then it is closed again. */
async function outcome(pageSize?: number): Promise<string> {
  try {
    const level = await open(place(), { pageSize });
    await level.put("a", "1");
    await level.close();
    return "opened";
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
}

const NOTES = "my own notes\n";
const SECTOR = 512;
const FIRST_SEGMENT = "log-0000000000000001";

describe("a file of somebody else that has a name of ours", () => {
  it.each([
    ["pages", NOTES],
    ["pages", NOTES.repeat(1_000)],
    ["pages", `${"\0".repeat(5_000)}x`],
    ["pages", "\0".repeat(3 * 32_768 + 1)],
    [FIRST_SEGMENT, NOTES],
    [FIRST_SEGMENT, "LATCHLOG is a fine word"],
    ["log-0000000000000002", ""],
    ["control.new", NOTES],
    ["control.new", "LWCONTRL"],
    ["log.new", NOTES],
  ])("%s is refused and left alone", async (name, text) => {
    writeFileSync(file(name), text);
    expect(await outcome()).toBe(
      `NOT_A_DATABASE: the directory has no file named control, but one named "${name}": it is ` +
        "somebody else's, or control was removed; name an empty directory",
    );
    expect(readFileSync(file(name), "utf8")).toBe(text);
  });

  it("control is refused and left alone", async () => {
    writeFileSync(file("control"), NOTES);
    expect(await outcome()).toBe("NOT_A_DATABASE: control: this is no Latchwork database");
    expect(readFileSync(file("control"), "utf8")).toBe(NOTES);
  });
});

describe.runIf(process.platform !== "win32")("what is no file and has a name of ours", () => {
  it.each<[string, string, string, () => void]>([
    ["control", "a pipe", "no file", () => execFileSync("mkfifo", [file("control")])],
    ["pages", "a pipe", "no file", () => execFileSync("mkfifo", [file("pages")])],
    [FIRST_SEGMENT, "a directory", "a directory", () => mkdirSync(file(FIRST_SEGMENT))],
    ["control", "a directory", "a directory", () => mkdirSync(file("control"))],
    ["pages", "a link", "a link", () => symlinkSync(join(root, "notes"), file("pages"))],
  ])("%s is refused if it is %s", async (name, _, what, make) => {
    writeFileSync(join(root, "notes"), NOTES);
    make();
    expect(await outcome()).toBe(`NOT_A_DATABASE: ${place()}: ${name}: ${what}, expected a file`);
    expect(readFileSync(join(root, "notes"), "utf8")).toBe(NOTES);
    expect(existsSync(file("lock"))).toBe(false);
  });
});

describe("a creation that was cut off", () => {
  /** The files of a new database, in the order in which they are made. */
  function newFiles(pageSize: number): [name: string, bytes: Uint8Array][] {
    const disk = new MemoryDisk();
    const loop = new EventLoop();
    const policy = policyNamed("each");
    const protocol = protocolNamed("tree-mutex");
    runToCompletion(
      createDatabase({ disk, host: loop, latches: loop, protocol, policy, pageSize }),
    );
    const names = ["pages", FIRST_SEGMENT, "control"];
    expect([...disk.files.keys()]).toEqual(names);
    return names.map((name) => [
      name === "control" ? "control.new" : name,
      disk.files.get(name)?.bytes ?? new Uint8Array(0),
    ]);
  }

  it("is done over, whatever of its last file is there, and whatever page size it had", async () => {
    const size = fc.constantFrom(512, 4_096, 32_768);
    const cut = {
      size,
      asked: size,
      last: fc.nat(2),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    };
    const lost = fc.array(fc.nat(200), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.record(cut), lost, async ({ size: made, asked, last, part }, sectors) => {
        rmSync(place(), { recursive: true, force: true });
        mkdirSync(place());
        const files = newFiles(made);
        for (const [index, [name, bytes]] of files.slice(0, last + 1).entries()) {
          const whole = bytes.slice();
          if (index === last)
            for (const at of sectors) whole.fill(0, at * SECTOR, (at + 1) * SECTOR);
          const end = index === last ? Math.round(part * bytes.length) : bytes.length;
          writeFileSync(file(name), whole.subarray(0, end));
        }
        expect(await outcome(asked)).toBe("opened");
      }),
      { numRuns: 60 },
    );
  });
});
