import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LevelError, open } from "../../src/level/index.ts";
import { type Filled, RemoteDatabase } from "./rpc.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";

const VALUE_BYTES = 60;
const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

let root = "";
let remotes: RemoteDatabase[] = [];

const place = (): string => join(root, "db");

function remote(user?: number): RemoteDatabase {
  const made = new RemoteDatabase(user);
  remotes.push(made);
  return made;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const reason: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  return reason instanceof LevelError ? reason.code : `not refused: ${String(reason)}`;
}

/** Which of what was acknowledged is gone, and whether the tree is right. */
async function lookAnew(kept: readonly number[]): Promise<unknown> {
  const fresh = remote();
  await fresh.open(place());
  const missing = await fresh.call("missing", kept, VALUE_BYTES);
  const report = await fresh.call("check");
  await fresh.call("close");
  return { missing, report };
}

const WHOLE = { missing: [], report: { ok: true, problems: [] } };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-abuse-"));
  remotes = [];
});

afterEach(async () => {
  await Promise.all(remotes.map((each) => each.kill()));
  rmSync(root, { recursive: true, force: true });
});

describe("a process that is stopped", () => {
  it("keeps others out, and goes on afterwards as if nothing had been", async () => {
    const writer = remote();
    await writer.open(place());
    writer.start("writeForEver", 0, VALUE_BYTES);
    await writer.progress(20);
    writer.signal("SIGSTOP");
    expect(await codeOf(open(place()))).toBe("LEVEL_LOCKED");
    expect(await remote().refusal(place())).toContain(`process ${writer.pid} has it open`);
    writer.signal("SIGCONT");
    await writer.progress(20);
    await writer.kill();
    expect(writer.acknowledged.length).toBeGreaterThanOrEqual(40);
    expect(await lookAnew(writer.acknowledged)).toEqual(WHOLE);
  });
});

describe("a directory that may not be written", () => {
  it("is refused in one line, new or with a database in it", async () => {
    chmodSync(root, 0o755);
    const user = IS_ROOT ? NOBODY : undefined;
    expect(await remote(user).refusal(join(root, "a", "b"))).toMatch(
      IS_ROOT ? /^LEVEL_IO_ERROR: .* cannot be made \(EACCES\)$/ : /not refused/,
    );
    mkdirSync(place());
    chmodSync(place(), 0o555);
    expect(await remote(user).refusal(place())).toMatch(/^LEVEL_IO_ERROR: .*\(EACCES\)$/);
    chmodSync(place(), 0o755);
    const level = await open(place());
    await level.put("a", "1");
    await level.close();
    chmodSync(place(), 0o555);
    const before = readdirSync(place());
    expect(await remote(user).refusal(place())).toMatch(/^LEVEL_IO_ERROR: .*\(EACCES\)$/);
    expect(readdirSync(place())).toEqual(before);
    chmodSync(place(), 0o755);
    const again = await open(place());
    expect(await again.get("a")).toBe("1");
    await again.close();
  });
});

/** Puts a small file system in memory on a directory, or gives it another size. */
function mount(options: string, directory: string): boolean {
  const args = ["-t", "tmpfs", "-o", options, "none", directory];
  return spawnSync("mount", args).status === 0;
}

function unmount(directory: string): void {
  spawnSync("umount", [directory]);
}

/** Only root may, and not in every container. */
function mayMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-mount-"));
  const hasMounted = mount("size=16k", directory);
  if (hasMounted) unmount(directory);
  rmSync(directory, { recursive: true });
  return hasMounted;
}

const CAN_MOUNT = mayMount();

/** Fills until there is no room; gives what was acknowledged. */
async function fillUp(writer: RemoteDatabase, from: number): Promise<number[]> {
  const kept: number[] = [];
  for (let at = from; ; at += 64) {
    const filled: Filled = await writer.call("fill", at, at + 64, VALUE_BYTES);
    kept.push(...filled.kept);
    if (filled.codes.length === 0) continue;
    expect(filled.codes).toEqual(["NO_SPACE"]);
    return kept;
  }
}

/** Full disk: a clear error, reads go on, and with room again writes do. */
async function sufferFull(writer: RemoteDatabase, makeRoom: () => void): Promise<number[]> {
  const kept = await fillUp(writer, 0);
  expect(kept.length).toBeGreaterThan(0);
  const more: Filled = await writer.call("fill", 1_000_000, 1_000_064, VALUE_BYTES);
  // A checkpoint in the background may have removed a piece of log meanwhile.
  expect(more.codes.filter((code) => code !== "NO_SPACE")).toEqual([]);
  kept.push(...more.kept);
  expect(await writer.call("missing", kept, VALUE_BYTES)).toEqual([]);
  makeRoom();
  const after: Filled = await writer.call("fill", 2_000_000, 2_000_512, VALUE_BYTES);
  expect(after.codes).toEqual([]);
  return [...kept, ...after.kept];
}

type End = "close" | "kill";

describe("a disk that is full", () => {
  const ends: readonly End[] = ["close", "kill"];
  const onClose = budget({ short: ["close"], campaign: ends });
  const onKill = budget({ short: ["kill"], campaign: ends });

  it.runIf(IS_CAMPAIGN || !CAN_MOUNT).each(onClose)(
    "as files may not grow: loses nothing, then %s",
    async (end) => {
      const writer = remote();
      await writer.open(place(), { pageSize: 512, poolPages: 64 });
      const limit = (bytes: string): void => {
        const { status } = spawnSync("prlimit", ["--pid", String(writer.pid), `--fsize=${bytes}:`]);
        expect(status).toBe(0);
      };
      limit("300000");
      const kept = await sufferFull(writer, () => limit("unlimited"));
      if (end === "close") await writer.call("close");
      else await writer.kill();
      expect(await lookAnew(kept)).toEqual(WHOLE);
    },
  );

  it.runIf(CAN_MOUNT).each(onKill)(
    "as a file system has an end: loses nothing, then %s",
    async (end) => {
      mkdirSync(place());
      expect(mount("size=400k", place())).toBe(true);
      try {
        const writer = remote();
        const small = { segmentBytes: 16_384, checkpointBytes: 65_536 };
        await writer.open(place(), { pageSize: 512, poolPages: 64, ...small });
        const kept = await sufferFull(writer, () => {
          expect(mount("remount,size=64m", place())).toBe(true);
        });
        if (end === "close") await writer.call("close");
        await writer.kill();
        expect(await lookAnew(kept)).toEqual(WHOLE);
      } finally {
        await Promise.all(remotes.map((each) => each.kill()));
        unmount(place());
      }
    },
  );

  it.runIf(CAN_MOUNT)("is told by open too, and harms nothing", async () => {
    const level = await open(place());
    await level.put("a", "1");
    await level.close();
    const target = join(root, "small");
    mkdirSync(target);
    expect(mount("size=16k", target)).toBe(true);
    try {
      expect(await codeOf(open(target))).toBe("NO_SPACE");
      expect(mount("remount,size=8m", target)).toBe(true);
      const again = await open(target);
      await again.put("a", "1");
      await again.close();
    } finally {
      unmount(target);
    }
  });
});
