import { fork } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import {
  type LatchworkDatabaseOptions,
  type LatchworkLevel,
  LevelError,
  open,
} from "../../src/level/index.ts";
import { budget } from "../campaign.ts";

let root = "";
let levels: LatchworkLevel[] = [];

type Options = LatchworkDatabaseOptions<string, string>;

const place = (): string => join(root, "db");

async function opened(options: Options = {}): Promise<LatchworkLevel> {
  const level = await open(place(), options);
  levels.push(level);
  return level;
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const reason = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(reason instanceof LevelError)) return `not refused: ${String(reason)}`;
  expect(reason.message).not.toContain("\n");
  return `${reason.code}: ${reason.message.replaceAll(place(), "DIR")}`;
}

async function fill(level: LatchworkLevel, from: number, until: number): Promise<void> {
  const indexes = Array.from({ length: until - from }, (_, index) => from + index);
  await Promise.all(indexes.map((index) => level.put(`key ${index}`, `value ${index}`)));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-level-"));
  levels = [];
});

afterEach(async () => {
  await Promise.all(levels.map((level) => level.close()));
  rmSync(root, { recursive: true, force: true });
});

const OTHERS = budget({ short: 2, campaign: PROTOCOLS.length });

describe("a database", () => {
  it.each(PROTOCOLS.map(({ name }) => name))(
    "written under %s is there under others",
    async (name) => {
      const level = await opened({ protocol: name, pageSize: 512 });
      await fill(level, 0, 500);
      await level.close();
      for (const { name: protocol } of PROTOCOLS.slice(-OTHERS)) {
        const again = await opened({ protocol });
        expect(await again.get("key 499")).toBe("value 499");
        expect((await again.keys().all()).length).toBe(500);
        expect((await again.check()).problems).toEqual([]);
        await again.close();
      }
    },
  );

  it("keeps more than its pool has room for", async () => {
    const level = await opened({ pageSize: 512, poolPages: 16, checkpointBytes: 100_000 });
    for (let from = 0; from < 3_000; from += 300) await fill(level, from, from + 300);
    const { pages, pool } = level.stats();
    expect(pages).toBeGreaterThan(10 * 16);
    expect(pool.evictions).toBeGreaterThan(0);
    expect((await level.values().all()).length).toBe(3_000);
    expect((await level.check()).problems).toEqual([]);
    await level.checkpoint();
    await level.clear();
    expect(await level.keys().all()).toEqual([]);
  });

  it("keeps every write that was acknowledged before it was closed in their midst", async () => {
    const level = await opened();
    const kept: number[] = [];
    const lane = async (first: number): Promise<void> => {
      for (let index = first; ; index += 64) {
        await level.put(`key ${index}`, `value ${index}`);
        kept.push(index);
      }
    };
    const lanes = Array.from({ length: 64 }, (_, first) => lane(first));
    const ends = Promise.allSettled(lanes);
    await level.put("warm", "up");
    await level.close();
    for (const end of await ends) {
      expect(end).toMatchObject({ reason: { code: "LEVEL_DATABASE_NOT_OPEN" } });
    }
    expect(kept.length).toBeGreaterThan(0);
    const again = await opened();
    const values = await again.getMany(kept.map((index) => `key ${index}`));
    expect(values).toEqual(kept.map((index) => `value ${index}`));
  });

  it("waits for durability in its reads if that is asked for", async () => {
    const level = await opened({ readDurability: "durable", commitPolicy: "window:5" });
    const write = level.put("a", "1");
    expect(await level.get("a")).toBe("1");
    const { durableLsn, endLsn } = level.stats().log;
    expect(durableLsn).toBe(endLsn);
    await write;
  });

  it.each([
    "each",
    "window",
    "window:1",
    "immediate-when-alone",
    "immediate-when-one-waits",
    "adaptive",
  ])("acknowledges what is durable, under the policy %s", async (commitPolicy) => {
    const level = await opened({ commitPolicy });
    await fill(level, 0, 20);
    const { durableLsn, endLsn } = level.stats().log;
    expect(durableLsn).toBe(endLsn);
  });
});

describe("a second open", () => {
  const inUse = `LEVEL_LOCKED: DIR: process ${process.pid} has it open`;

  it("is refused while the first is open, in this process", async () => {
    const level = await opened();
    expect(await refusalOf(open(place()))).toBe(inUse);
    await level.put("still", "works");
    await level.close();
    await opened();
  });

  it("is refused to another process", async () => {
    await opened();
    const script = fileURLToPath(new URL("../drivers/lock-file-child.mjs", import.meta.url));
    const child = fork(script, [place()]);
    const reply = await new Promise((resolve) => {
      child.on("message", (message: { said: string }) => {
        if (message.said === "ready") child.send("take");
        else resolve(message);
      });
    });
    child.send("exit");
    expect(reply).toMatchObject({ said: "refused", code: "DATABASE_IN_USE" });
  });

  it("works after an open that failed", async () => {
    await (await opened()).close();
    expect(await refusalOf(open(place(), { errorIfExists: true }))).toBe(
      "DATABASE_EXISTS: DIR exists already, and errorIfExists is set",
    );
    expect(await refusalOf(open(place(), { pageSize: 512 }))).toMatch(/^BAD_ARGUMENT/);
    await opened();
  });
});

describe("what cannot be opened", () => {
  it("is refused in one line that says why", async () => {
    expect(await refusalOf(open(place(), { createIfMissing: false }))).toBe(
      "NOT_A_DATABASE: DIR does not exist",
    );
    expect(await refusalOf(open(place(), { protocol: "none" }))).toMatch(
      /^UNKNOWN_NAME: no protocol/,
    );
    expect(await refusalOf(open(place(), { commitPolicy: "none" }))).toMatch(
      /^UNKNOWN_NAME: no commit/,
    );
    expect(await refusalOf(open(place(), { pageSize: 1000 }))).toMatch(/^BAD_PAGE_SIZE/);
    expect(await refusalOf(open("x", { segmentBytes: -1 }))).toBe(
      "BAD_ARGUMENT: segmentBytes must be a whole number above 0, not -1",
    );
    expect(readdirSync(root)).toEqual([]);
    mkdirSync(place());
    expect(await refusalOf(open(place(), { createIfMissing: false }))).toBe(
      "NOT_A_DATABASE: DIR does not exist: it has no database",
    );
    expect(readdirSync(place())).toEqual([]);
    writeFileSync(join(place(), "letters.txt"), "dear");
    expect(await refusalOf(open(place()))).toMatch(/^NOT_A_DATABASE: .*letters\.txt/);
    expect(readdirSync(place())).toEqual(["letters.txt"]);
    rmSync(place(), { recursive: true });
    writeFileSync(place(), "a file");
    expect(await refusalOf(open(place()))).toBe(
      "LEVEL_IO_ERROR: DIR: the directory cannot be made (EEXIST)",
    );
  });

  it("is refused if its control file is damaged", async () => {
    await (await opened()).close();
    writeFileSync(join(place(), "control"), "garbage");
    expect(await refusalOf(open(place()))).toMatch(/^(?:LEVEL_CORRUPTION|NOT_A_DATABASE): control/);
  });

  it.runIf(process.getuid?.() !== 0)("is refused where nothing can be written", async () => {
    mkdirSync(place());
    chmodSync(place(), 0o555);
    expect(await refusalOf(open(place()))).toMatch(/^LEVEL_IO_ERROR: .*EACCES/);
    chmodSync(place(), 0o755);
  });

  it("is not a location at all", async () => {
    expect(await refusalOf(open(""))).toMatch(/^BAD_ARGUMENT: the first argument/);
  });
});
