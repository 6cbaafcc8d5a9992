import { fork } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open } from "../../src/level/index.ts";
import { runCli } from "./run-cli.ts";

const HOLDER = fileURLToPath(new URL("hold-database.mjs", import.meta.url));
const VERBS = ["inspect", "verify", "recover"] as const;
let root = "";
let copies = 0;

/** A database as a killed process leaves it, and one that was closed. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "latchwork-verbs-"));
  const closed = join(root, "closed");
  const level = await open(closed, { pageSize: 512, segmentBytes: 4000 });
  for (let index = 0; index < 100; index++) await level.put(`key ${index}`, `value ${index}`);
  await level.checkpoint();
  for (let index = 100; index < 200; index++) await level.put(`key ${index}`, "new");
  cpSync(closed, join(root, "killed"), { recursive: true });
  rmSync(join(root, "killed", "lock"));
  await level.close();
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy of one of the two, with something done to it. */
function copyOf(which: "killed" | "closed", change: (at: string) => void = () => {}): string {
  const directory = join(root, `copy-${copies++}`);
  cpSync(join(root, which), directory, { recursive: true });
  change(directory);
  return directory;
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  const byte = bytes[at];
  // A file that an earlier change cut to nothing has no byte to flip.
  if (byte === undefined) return;
  bytes.writeUInt8(byte ^ 0x10, at);
  writeFileSync(path, bytes);
}

function segmentsOf(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith("log-"))
    .toSorted();
}

/** Every file of a directory with what is in it. */
function filesOf(directory: string): string {
  const names = readdirSync(directory).toSorted();
  return names.map((name) => `${name} ${readFileSync(join(directory, name), "hex")}`).join("\n");
}

describe("inspect, verify and recover", () => {
  it("say of a sound database what it is, and change nothing", async () => {
    for (const which of ["killed", "closed"] as const) {
      const directory = copyOf(which);
      const before = filesOf(directory);
      const inspected = await runCli(["inspect", directory]);
      expect(inspected).toMatchObject({ code: 0, stderr: "" });
      expect(inspected.stdout).toContain("no damage found\n");
      expect(inspected.stdout).toContain(
        which === "killed" ? "  is due: 100 groups" : "none is due",
      );
      const verified = await runCli(["verify", directory]);
      expect(verified).toMatchObject({ code: 0, stderr: "" });
      expect(verified.stdout).toMatch(/^sound: /u);
      const dry = await runCli(["recover", directory, "--dry-run"]);
      expect(dry).toMatchObject({ code: 0, stderr: "" });
      expect(dry.stdout).toMatch(/^would recover: /u);
      expect(filesOf(directory)).toBe(before);
      const done = await runCli(["recover", directory]);
      expect(done).toMatchObject({ code: 0, stderr: "" });
      expect(done.stdout).toBe(dry.stdout.replace("would recover", "recovered"));
      expect((await runCli(["recover", directory])).stdout).toContain("nothing to redo");
      expect(existsSync(join(directory, "lock"))).toBe(false);
    }
  });

  it("print JSON and nothing else", async () => {
    const directory = copyOf("killed");
    const inspected = JSON.parse((await runCli(["inspect", directory, "--json"])).stdout);
    expect(inspected).toMatchObject({
      directory,
      lock: null,
      control: { pageSize: 512, checkpoints: 1 },
      recoveryDue: true,
      pages: { height: 2 },
      log: { groups: 100 },
      damage: [],
    });
    expect(inspected.log.segments.at(-1)).toMatchObject({ isNeeded: true, damage: null });
    const verified = JSON.parse((await runCli(["verify", directory, "--json"])).stdout);
    expect(verified).toMatchObject({ sound: true, problems: [], recovery: { groupsRead: 100 } });
    const dry = JSON.parse((await runCli(["recover", directory, "--dry-run", "--json"])).stdout);
    expect(dry).toMatchObject({ dryRun: true, ok: true, groupsRead: 100, droppedBatchGroups: 0 });
  });

  it("drop a torn tail, and say so", async () => {
    const directory = copyOf("killed", (at) => {
      const last = join(at, segmentsOf(at).at(-1) ?? "");
      // Behind the last block there is room, all zeros, for blocks to come.
      const end = readFileSync(last).findLastIndex((byte) => byte !== 0) + 1;
      truncateSync(last, end - 3);
    });
    const tail = /torn tail .*: log-[0-9a-f]{16} from offset [\d,]+, \d+ bytes \(a block of \d+ /u;
    expect((await runCli(["inspect", directory])).stdout).toMatch(/torn tail of \d+ bytes at/u);
    expect((await runCli(["verify", directory])).stdout).toMatch(tail);
    expect((await runCli(["recover", directory, "--dry-run"])).stdout).toMatch(tail);
    expect((await runCli(["recover", directory])).stdout).toMatch(tail);
    const level = await open(directory);
    expect((await level.keys().all()).length).toBe(199);
    await level.close();
  });
});

type Case = [what: string, which: "killed" | "closed", change: (at: string) => void, said: RegExp];

/** Damage, and the one line that `verify` has for it. */
const DAMAGE: readonly Case[] = [
  [
    "a page with a wrong bit",
    "closed",
    (at) => flip(join(at, "pages"), 3 * 512 + 100),
    /^pages: page 3 \(offset 1536\): checksum 0x[0-9a-f]{8}, expected 0x[0-9a-f]{8}; /u,
  ],
  [
    "pages that changed places",
    "closed",
    (at) => {
      const bytes = readFileSync(join(at, "pages"));
      const three = Buffer.from(bytes.subarray(3 * 512, 4 * 512));
      bytes.copyWithin(3 * 512, 4 * 512, 5 * 512);
      three.copy(bytes, 4 * 512);
      writeFileSync(join(at, "pages"), bytes);
    },
    /^pages: page 3 \(offset 1536\): page 4 is stored here, expected page 3; /u,
  ],
  [
    "a page of zeros",
    "closed",
    (at) => {
      const bytes = readFileSync(join(at, "pages"));
      writeFileSync(join(at, "pages"), bytes.fill(0, 5 * 512, 6 * 512));
    },
    /^pages: page 5 \(offset 2560\): nothing but zeros, expected a page; /u,
  ],
  [
    "a page file cut short",
    "closed",
    (at) => truncateSync(join(at, "pages"), 6 * 512),
    /^pages: page 6 \(offset 3072\): the file ends after 6 pages$/u,
  ],
  [
    "an empty page file",
    "closed",
    (at) => truncateSync(join(at, "pages"), 0),
    /^pages: page 0 \(offset 0\): the file ends after 0 pages$/u,
  ],
  [
    "no page file",
    "killed",
    (at) => rmSync(join(at, "pages")),
    /^pages: cannot open: there is no such file/u,
  ],
  [
    "a log with a wrong bit, and more behind it",
    "killed",
    (at) => flip(join(at, segmentsOf(at).at(-2) ?? ""), 80),
    /^log-[0-9a-f]{16}: offset 32: a block's checksum is wrong; it was whole once: /u,
  ],
  [
    "a segment missing in the middle",
    "killed",
    (at) => rmSync(join(at, segmentsOf(at).at(-2) ?? "")),
    /^log-[0-9a-f]{16}: offset \d+: .*; it was whole once: the log goes on at \d+$/u,
  ],
  [
    "no log",
    "closed",
    (at) => {
      for (const name of segmentsOf(at)) rmSync(join(at, name));
    },
    /^log-[0-9a-f]{16}: offset 0: missing$/u,
  ],
  [
    "a control file cut short",
    "killed",
    (at) => truncateSync(join(at, "control"), 39),
    /^control: 39 bytes, expected 40$/u,
  ],
  [
    "no control file",
    "killed",
    (at) => rmSync(join(at, "control")),
    /^control: missing, expected /u,
  ],
];

describe("damage", () => {
  it.concurrent.each(DAMAGE)("%s is found and named", async (_what, which, change, said) => {
    const directory = copyOf(which, change);
    const { code, stdout, stderr } = await runCli(["verify", directory]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^damaged: .*, [\d,]+ problems?\n/u);
    expect(stdout.split("\n")[1]?.trim()).toMatch(said);
    expect(code).toBe(1);
    const inspected = await runCli(["inspect", directory]);
    expect(inspected).toMatchObject({ code: 1, stderr: "" });
    expect(inspected.stdout).toContain("damage found: ");
  });

  it("that recovery cannot go on with is one line, in the dry run and for real", async () => {
    const directory = copyOf("killed", (at) => flip(join(at, segmentsOf(at).at(-2) ?? ""), 80));
    const before = filesOf(directory);
    const dry = await runCli(["recover", directory, "--dry-run"]);
    expect(dry).toMatchObject({ code: 1, stderr: "" });
    expect(dry.stdout).toMatch(/^damaged: .* cannot be opened\n {2}log-[^\n]*\n$/u);
    expect(await runCli(["recover", directory])).toEqual(dry);
    expect(filesOf(directory)).toBe(before);
  });
});

/** What is no database to look at, or not now: one line, and exit code 2. */
const REFUSED: readonly (readonly [what: string, make: () => string, said: string])[] = [
  ["a directory that is not there", () => join(root, "none"), "does not exist"],
  ["a file", () => join(root, "closed", "pages"), "is no directory"],
  [
    "an empty directory",
    () => {
      mkdirSync(join(root, "empty"));
      return join(root, "empty");
    },
    "the directory holds no database",
  ],
  ["a directory of other things", () => join(root), "the directory holds no database"],
  [
    "a directory in place of a file",
    () =>
      copyOf("closed", (at) => {
        rmSync(join(at, "pages"));
        mkdirSync(join(at, "pages"));
      }),
    "pages: a directory, expected a file",
  ],
  [
    "a foreign control file",
    () =>
      copyOf("closed", (at) => {
        for (const name of readdirSync(at)) if (name !== "control") rmSync(join(at, name));
        writeFileSync(join(at, "control"), "root:x:0:0\n");
      }),
    "control: this is no Latchwork database",
  ],
];

describe("what is no database", () => {
  it.each(REFUSED)("%s is refused in one line", async (_what, make, said) => {
    const directory = make();
    for (const verb of VERBS) {
      const { code, stdout, stderr } = await runCli([verb, directory]);
      expect(stderr).toMatch(/^latchwork: [^\n]+\n$/u);
      expect(stderr).toContain(said);
      expect(stdout).toBe("");
      expect(code).toBe(2);
    }
    expect(existsSync(join(directory, "lock"))).toBe(false);
  });
});

describe("a database that a process has open", () => {
  it("can be inspected; verify and recover refuse", async () => {
    const directory = copyOf("closed");
    const holder = fork(HOLDER, [directory]);
    try {
      await once(holder, "message");
      const inspected = await runCli(["inspect", directory]);
      expect(inspected).toMatchObject({ code: 0, stderr: "" });
      expect(inspected.stdout).toContain(`lock      process ${holder.pid} has it open`);
      for (const args of [["verify"], ["recover", "--dry-run"], ["recover"]]) {
        const { code, stderr } = await runCli([...args, directory]);
        expect(stderr).toMatch(/^latchwork: [^\n]*process \d+ has it open[^\n]*\n$/u);
        expect(code).toBe(2);
      }
      expect((await runCli(["verify", "--force", directory])).code).toBe(0);
    } finally {
      const ended = once(holder, "exit");
      holder.kill("SIGKILL");
      await ended;
    }
    const { stdout } = await runCli(["inspect", directory]);
    expect(stdout).toContain(`lock      process ${holder.pid} had it open and is gone`);
    expect((await runCli(["recover", directory])).code).toBe(0);
  });
});

describe("a segment that redo no longer needs", () => {
  const directory = (): string =>
    copyOf("killed", (at) => writeFileSync(join(at, "log-0000000000000010"), "old"));

  it("is not looked into, and nothing is said of its contents", async () => {
    const { code, stdout } = await runCli(["inspect", directory()]);
    expect(stdout).toMatch(/^ {2}log-0{14}10 +16( +-){4} {2}no longer needed, not looked into$/mu);
    expect(code).toBe(0);
  });

  it("has null for what is not known, in JSON", async () => {
    const { log } = JSON.parse((await runCli(["inspect", directory(), "--json"])).stdout);
    const unknown = { endLsn: null, blocks: null, groups: null, bytes: null, endOffset: null };
    expect(log.segments[0]).toMatchObject({ startLsn: 16, isNeeded: false, ...unknown });
    expect(log.segments.at(-1).bytes).toBeGreaterThan(0);
  });
});

describe("random damage to files", () => {
  it("is a line and an exit code for each verb, never a crash and never a hang", async () => {
    const files = ["control", "pages", ...segmentsOf(join(root, "killed"))];
    const damage = fc.tuple(
      fc.constantFrom(...files),
      fc.constantFrom("flip", "cut", "zero", "remove", "swap", "grow"),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const directory = copyOf("killed", (at) => {
          for (const [name, kind, share] of damages) spoil(at, name, kind, share);
        });
        for (const args of [["inspect"], ["verify"], ["recover", "--dry-run"], ["recover"]]) {
          const { code, stdout, stderr } = await runCli([...args, directory]);
          expect([0, 1, 2]).toContain(code);
          expect(stderr).toMatch(code === 2 ? /^latchwork: [^\n]+\n$/u : /^$/u);
          expect(/damage(?:d| found): /u.test(stdout)).toBe(code === 1);
        }
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 4 },
    );
  });
});

function spoil(directory: string, name: string, kind: string, share: number): void {
  const path = join(directory, name);
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  const at = Math.floor(share * bytes.length);
  if (kind === "flip") flip(path, Math.min(at, Math.max(0, bytes.length - 1)));
  else if (kind === "cut") truncateSync(path, at);
  else if (kind === "zero")
    writeFileSync(path, bytes.fill(0, at, Math.min(bytes.length, at + 512)));
  else if (kind === "remove") rmSync(path);
  else if (kind === "grow") truncateSync(path, bytes.length + at);
  else renameSync(path, join(directory, share < 0.5 ? "pages" : "log-0000000000000001"));
}
