import { type ChildProcess, execFileSync, fork } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LockFile, lockHolderOf } from "../../src/level/index.ts";
import { FileDirectory } from "../../src/drivers/file-directory.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";

const CHILD = fileURLToPath(new URL("./lock-file-child.mjs", import.meta.url));
/** As exFAT, FAT, SMB and some file systems in user space are. */
const NO_LINKS = new URL("./no-hard-links.mjs", import.meta.url).href;

interface Reply {
  readonly said: string;
  readonly code?: string;
  readonly message?: string;
}

/** Another process that takes the lock when told to. */
class Other {
  readonly child: ChildProcess;
  readonly #replies: Reply[] = [];
  #heard: () => void = () => undefined;

  /** @param hasLinks Whether its file system is to have hard links. */
  constructor(directory: string, hasLinks: boolean) {
    const execArgv = hasLinks ? [] : ["--import", NO_LINKS];
    this.child = fork(CHILD, [directory], { execArgv });
    this.child.on("message", (reply: Reply) => {
      this.#replies.push(reply);
      this.#heard();
    });
  }

  async reply(): Promise<Reply> {
    for (;;) {
      const reply = this.#replies.shift();
      if (reply !== undefined) return reply;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  take(): Promise<Reply> {
    this.child.send("take");
    return this.reply();
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await gone;
  }
}

let directory = "";
let others: Other[] = [];

async function other(hasLinks: boolean = true): Promise<Other> {
  const made = new Other(directory, hasLinks);
  others.push(made);
  expect(await made.reply()).toEqual({ said: "ready" });
  return made;
}

let opened: FileDirectory | null = null;

function take(): Promise<LockFile> {
  opened ??= FileDirectory.open(directory);
  return LockFile.take(opened);
}

const lockPath = (): string => join(directory, "lock");

async function refusal(): Promise<string> {
  try {
    await (await take()).release();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return "not refused";
}

const ADVICE = "if nothing has the database open, remove it";
const DEEP = { recursive: true };

function fill(path: string, name: string): void {
  mkdirSync(path);
  writeFileSync(join(path, name), "mine");
}

function fillWithPipe(path: string): void {
  mkdirSync(path);
  execFileSync("mkfifo", [join(path, "holder")]);
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "latchwork-lock-"));
  others = [];
});

afterEach(async () => {
  opened?.close();
  opened = null;
  const running = others.filter(
    ({ child }) => child.exitCode === null && child.signalCode === null,
  );
  await Promise.all(running.map((made) => made.kill()));
  rmSync(directory, { recursive: true, force: true });
});

describe("the lock file", () => {
  it("keeps this process out a second time, names it, and is gone when released", async () => {
    const lock = await take();
    expect(await refusal()).toBe(
      `DATABASE_IN_USE: ${directory}: process ${process.pid} has it open`,
    );
    expect(readdirSync(directory)).toEqual(["lock"]);
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
    await (await take()).release();
  });

  it("keeps another process out while this one lives, stopped or not", async () => {
    const holder = await other();
    expect(await holder.take()).toEqual({ said: "taken" });
    const inUse = `DATABASE_IN_USE: ${directory}: process ${holder.child.pid} has it open`;
    expect(await refusal()).toBe(inUse);
    holder.child.kill("SIGSTOP");
    expect(await refusal()).toBe(inUse);
    holder.child.kill("SIGCONT");
    expect(await refusal()).toBe(inUse);
  });

  it("keeps nobody out once its process was killed", async () => {
    const holder = await other();
    expect(await holder.take()).toEqual({ said: "taken" });
    await holder.kill();
    const lock = await take();
    expect(readdirSync(directory)).toEqual(["lock"]);
    await lock.release();
  });

  it("is not held by another process that was given the same pid", async () => {
    await take();
    const held = readFileSync(lockPath(), "utf8");
    const { start } = JSON.parse(held) as { start: string };
    if (start === "") return; // Only Linux tells when a process began.
    writeFileSync(lockPath(), held.replace(`"start":"${start}"`, `"start":"${Number(start) - 1}"`));
    expect(await refusal()).toBe("not refused");
  });

  it("is not taken from another machine, whose processes cannot be asked", async () => {
    await take();
    const held = JSON.parse(readFileSync(lockPath(), "utf8")) as object;
    writeFileSync(lockPath(), JSON.stringify({ ...held, host: "elsewhere", boot: "another" }));
    expect(await refusal()).toBe(
      `DATABASE_IN_USE: ${directory}: process ${process.pid} of the machine or container ` +
        `"elsewhere" may have it open; once that is gone for good, remove ${lockPath()}`,
    );
  });

  it.each([
    "",
    "4711\n",
    "{}",
    "null",
    '{"pid":1,"ticket":"../a"}',
    '{"pid":0,"ticket":"a"}',
    '{"pid":1,"ticket":"a","host":5}',
    '{"pid":1,"ticket":"a","leaseMs":1e10}',
  ])("is not taken over if it says %j", async (text) => {
    writeFileSync(lockPath(), text);
    expect(await refusal()).toBe(
      `DATABASE_IN_USE: ${lockPath()} is not a lock file of ours; ${ADVICE}`,
    );
  });

  it.each([true, false])(
    "is taken over from an empty directory, hard links %s",
    async (hasLinks) => {
      // As a power failure can leave it, where there are no hard links.
      mkdirSync(lockPath());
      const holder = await other(hasLinks);
      expect(await holder.take()).toEqual({ said: "taken" });
      expect(readdirSync(directory)).toEqual(["lock"]);
    },
  );

  it.runIf(process.platform !== "win32").each<[string, () => void]>([
    ["a directory of somebody else", () => fill(lockPath(), "note")],
    ["a directory with a directory in it", () => mkdirSync(join(lockPath(), "holder"), DEEP)],
    ["a link that leads nowhere", () => symlinkSync("nowhere", lockPath())],
    ["a link to a directory", () => symlinkSync(directory, lockPath())],
    ["a pipe", () => execFileSync("mkfifo", [lockPath()])],
    ["a directory with a pipe in it", () => fillWithPipe(lockPath())],
  ])("is refused at once if it is %s", async (_, make) => {
    make();
    const message = `${lockPath()} is not a lock file of ours; ${ADVICE}`;
    expect(await refusal()).toBe(`DATABASE_IN_USE: ${message}`);
    const refused = { said: "refused", code: "DATABASE_IN_USE", message };
    // To start a process for each takes its time.
    const contenders = IS_CAMPAIGN ? [await other(false)] : [];
    for (const contender of contenders) expect(await contender.take()).toEqual(refused);
    expect(readdirSync(directory)).toEqual(["lock"]);
    await expect(lockHolderOf(opened ?? FileDirectory.open(directory))).rejects.toThrow(message);
  });

  it("is left alone by a release that comes after somebody else took it", async () => {
    const first = await take();
    rmSync(lockPath());
    const second = await take();
    await first.release();
    expect(existsSync(lockPath())).toBe(true);
    await second.release();
    expect(existsSync(lockPath())).toBe(false);
  });

  it("is refused with the reason where it cannot be made", async () => {
    opened = FileDirectory.open(directory);
    rmSync(directory, { recursive: true });
    const message = `${directory}: the lock file cannot be made`;
    expect(await refusal()).toBe(`DISK_ERROR: ${message} (ENOENT)`);
  });

  it.runIf(process.getuid?.() !== 0)("is refused in a directory that is read-only", async () => {
    chmodSync(directory, 0o555);
    expect(await refusal()).toMatch(/^DISK_ERROR: .*EACCES/);
    chmodSync(directory, 0o755);
  });
});

describe("a dead holder", () => {
  const LINKS: readonly (readonly [which: string, links: readonly boolean[]])[] = [
    ["some of whom have none", [true, false, true, false]],
    ["with hard links", [true, true, true, true]],
    ["without hard links", [false, false, false, false]],
  ];
  it.each(LINKS.slice(0, budget({ short: 1, campaign: 3 })))(
    "is succeeded by exactly one of many, round after round, %s",
    async (_, links) => {
      const contenders = links.length;
      const rounds = budget({ short: 1, campaign: 3 });
      await (await other()).take();
      await others[0]?.kill();
      for (let round = 0; round < rounds; round++) {
        const racers = await Promise.all(links.map(other));
        const replies = await Promise.all(racers.map((racer) => racer.take()));
        const taken = replies.filter(({ said }) => said === "taken");
        const refused = replies.filter(({ code }) => code === "DATABASE_IN_USE");
        expect([taken.length, refused.length]).toEqual([1, contenders - 1]);
        // The next round finds a holder that was killed, and whatever else was left lying about.
        await Promise.all(racers.map((racer) => racer.kill()));
      }
      await take();
      expect(readdirSync(directory)).toEqual(["lock"]);
    },
  );

  it("is succeeded though an heir died on the way, and so did the heir's heir", async () => {
    const dead = await other();
    await dead.take();
    await dead.kill();
    const held = JSON.parse(readFileSync(lockPath(), "utf8")) as { ticket: string };
    const heir = { ...held, ticket: "heir" };
    writeFileSync(join(directory, `lock.after-${held.ticket}`), JSON.stringify(heir));
    writeFileSync(join(directory, "lock.after-heir"), JSON.stringify({ ...held, ticket: "last" }));
    writeFileSync(join(directory, "lock.new-heir"), JSON.stringify(heir));
    await take();
    expect(readdirSync(directory)).toEqual(["lock"]);
  });

  it("is left to an heir that lives", async () => {
    const dead = await other();
    await dead.take();
    await dead.kill();
    const held = JSON.parse(readFileSync(lockPath(), "utf8")) as { ticket: string };
    rmSync(lockPath());
    const own = await take();
    writeFileSync(join(directory, `lock.after-${held.ticket}`), readFileSync(lockPath()));
    await own.release();
    writeFileSync(lockPath(), JSON.stringify(held));
    expect(await refusal()).toBe(
      `DATABASE_IN_USE: ${directory}: process ${process.pid} has it open`,
    );
    expect(readdirSync(directory).length).toBe(2);
  });
});

describe("a lock where there are no hard links", () => {
  it("keeps others out while its process lives, whatever they have", async () => {
    const holder = await other(false);
    expect(await holder.take()).toEqual({ said: "taken" });
    expect(readdirSync(directory)).toEqual(["lock"]);
    expect(readdirSync(lockPath())).toEqual(["holder"]);
    const inUse = `DATABASE_IN_USE: ${directory}: process ${holder.child.pid} has it open`;
    expect(await refusal()).toBe(inUse);
    expect(await (await other(false)).take()).toMatchObject({ code: "DATABASE_IN_USE" });
    await holder.kill();
    await (await take()).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("respects one that is a file", async () => {
    const lock = await take();
    const contender = await other(false);
    expect(await contender.take()).toMatchObject({ code: "DATABASE_IN_USE" });
    await lock.release();
    expect(await contender.take()).toEqual({ said: "taken" });
  });

  it("is given back as a whole", async () => {
    const holder = await other(false);
    await holder.take();
    holder.child.send("release");
    expect(await holder.reply()).toEqual({ said: "released" });
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("a lock that was copied along with its directory", () => {
  it.each([true, false])("locks the copy for nobody, hard links %s", async (hasLinks) => {
    const holder = await other(hasLinks);
    await holder.take();
    const copy = mkdtempSync(join(tmpdir(), "latchwork-copy-"));
    cpSync(directory, copy, { recursive: true });
    const copied = FileDirectory.open(copy);
    const lock = await LockFile.take(copied);
    expect(await lockHolderOf(copied)).toMatchObject({ pid: process.pid, life: "alive" });
    await lock.release();
    copied.close();
    rmSync(copy, { recursive: true });
    expect(await refusal()).toContain("has it open");
  });

  it("locks the directory itself, under whatever name", async () => {
    await (await other()).take();
    const moved = `${directory}-moved`;
    renameSync(directory, moved);
    const found = FileDirectory.open(moved);
    await expect(LockFile.take(found)).rejects.toMatchObject({ code: "DATABASE_IN_USE" });
    found.close();
    renameSync(moved, directory);
  });
});
