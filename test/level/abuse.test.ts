import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LatchworkDatabaseOptions, LatchworkLevel, open } from "../../src/level/index.ts";
import { FailingDisk } from "../support/failing-disk.ts";

type Options = LatchworkDatabaseOptions<string, string>;
type Level = LatchworkLevel;

let root = "";
let levels: Level[] = [];

const place = (): string => join(root, "db");

async function opened(options: Options = {}): Promise<Level> {
  const level = await open(place(), options);
  levels.push(level);
  return level;
}

/** What became of many writes: the keys acknowledged, and the codes of the others. */
interface Fates {
  readonly kept: number[];
  readonly codes: Set<string>;
}

const keyOf = (index: number): string => `key ${String(index).padStart(6, "0")}`;
const valueOf = (index: number): string => `value ${index}`;

async function putMany(level: Level, from: number, count: number): Promise<Fates> {
  const fates: Fates = { kept: [], codes: new Set() };
  const indexes = Array.from({ length: count }, (_, index) => from + index);
  await Promise.all(
    indexes.map(async (index) => {
      try {
        await level.put(keyOf(index), valueOf(index));
        fates.kept.push(index);
      } catch (error) {
        fates.codes.add((error as { code: string }).code);
      }
    }),
  );
  return fates;
}

async function expectKept(level: Level, kept: readonly number[]): Promise<void> {
  expect(await level.getMany(kept.map(keyOf))).toEqual(kept.map(valueOf));
  expect(await level.check()).toEqual({ ok: true, problems: [] });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const reason: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(reason instanceof Error)) return "not refused";
  expect(reason.message).not.toContain("\n");
  return (reason as { code?: string }).code ?? reason.name;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-abuse-"));
  levels = [];
});

afterEach(async () => {
  await Promise.all(levels.map((level) => level.close()));
  rmSync(root, { recursive: true, force: true });
});

describe("a close with 64 puts in flight", () => {
  it("has each of them acknowledged and there, or refused", async () => {
    const level = await opened();
    const fates = putMany(level, 0, 64);
    await level.close();
    const { kept, codes } = await fates;
    expect([...codes].every((code) => code === "LEVEL_DATABASE_NOT_OPEN")).toBe(true);
    expect(kept.length + (codes.size > 0 ? 1 : 0)).toBeGreaterThan(0);
    const again = await opened();
    await expectKept(again, kept);
    expect((await again.keys().all()).length).toBe(kept.length);
  });
});

describe("a database that is closed", () => {
  it("refuses every operation, and loses nothing", async () => {
    const level = await opened();
    await level.put("a", "1");
    await level.close();
    const refused = "LEVEL_DATABASE_NOT_OPEN";
    expect(await codeOf(level.get("a"))).toBe(refused);
    expect(await codeOf(level.getMany(["a"]))).toBe(refused);
    expect(await codeOf(level.has("a"))).toBe(refused);
    expect(await codeOf(level.put("a", "2"))).toBe(refused);
    expect(await codeOf(level.del("a"))).toBe(refused);
    expect(await codeOf(level.batch([{ type: "del", key: "a" }]))).toBe(refused);
    expect(await codeOf(level.clear())).toBe(refused);
    expect(await codeOf(level.insert("b", "2"))).toBe(refused);
    expect(await codeOf(level.check())).toBe(refused);
    expect(await codeOf(level.checkpoint())).toBe(refused);
    expect(() => level.stats()).toThrowError(expect.objectContaining({ code: refused }));
    const again = await opened();
    expect(await again.iterator().all()).toEqual([["a", "1"]]);
  });
});

describe("a write that is too large", () => {
  it("is refused, in a batch with all of the batch, and nothing of it is there", async () => {
    const level = await opened({ pageSize: 512 });
    await level.put("a", "1");
    const long = "x".repeat(65);
    expect(await codeOf(level.put(long, "1"))).toBe("LEVEL_INVALID_KEY");
    expect(await codeOf(level.get(long))).toBe("LEVEL_INVALID_KEY");
    expect(await codeOf(level.insert(long, "1"))).toBe("LEVEL_INVALID_KEY");
    expect(await codeOf(level.put("b", "x".repeat(600)))).toBe("LEVEL_INVALID_VALUE");
    expect(
      await codeOf(
        level.batch([
          { type: "del", key: "a" },
          { type: "put", key: "b", value: "x".repeat(100_000) },
        ]),
      ),
    ).toBe("LEVEL_INVALID_VALUE");
    expect(await level.iterator().all()).toEqual([["a", "1"]]);
    expect(await codeOf(level.put("", "empty"))).toBe("not refused");
    await level.close();
    expect(await (await opened()).get("")).toBe("empty");
  });
});

describe("1,024 operations in flight", () => {
  it("are all answered, in a pool of 8 pages too", async () => {
    const level = await opened({ pageSize: 512, poolPages: 8, checkpointBytes: 65_536 });
    const { kept, codes } = await putMany(level, 0, 1_024);
    expect(codes.size).toBe(0);
    const answers = await Promise.all([
      ...kept.map((index) => level.get(keyOf(index))),
      ...kept.filter((index) => index % 2 === 0).map((index) => level.del(keyOf(index))),
    ]);
    expect(answers.length).toBe(1_536);
    const odd = kept.filter((index) => index % 2 === 1);
    await expectKept(level, odd);
    expect((await level.keys().all()).length).toBe(odd.length);
  });
});

describe("a huge batch", () => {
  it("is there as a whole, larger than the pool and a segment", async () => {
    const level = await opened({ poolPages: 8, segmentBytes: 8_192, checkpointBytes: 65_536 });
    const indexes = Array.from({ length: 20_000 }, (_, index) => index);
    const besides = putMany(level, 50_000, 64);
    await level.batch(
      indexes.map((index) => ({ type: "put", key: keyOf(index), value: valueOf(index) })),
    );
    const { kept } = await besides;
    expect(kept.length).toBe(64);
    await level.close();
    await expectKept(await opened(), [...indexes, ...kept]);
  });
});

describe("a control file that is gone", () => {
  it("is no reason to make a new database over the old one", async () => {
    const level = await opened();
    await level.put("a", "1");
    // As a kill leaves it: recovery then moves on to a log in which nothing stands.
    const killed = join(root, "killed");
    cpSync(place(), killed, { recursive: true });
    rmSync(join(killed, "lock"));
    await (await open(killed)).close();
    const bare = join(root, "bare");
    cpSync(killed, bare, { recursive: true });
    rmSync(join(killed, "control"));
    for (const name of readdirSync(bare)) if (name !== "pages") rmSync(join(bare, name));
    expect(await codeOf(open(killed))).toBe("NOT_A_DATABASE");
    expect(await codeOf(open(bare))).toBe("NOT_A_DATABASE");
    // What a creation leaves that was cut off is no obstacle.
    const begun = join(root, "begun");
    await (await open(begun)).close();
    rmSync(join(begun, "control"));
    await (await open(begun)).close();
  });
});

describe("an open that is refused", () => {
  const DESCRIPTORS = "/proc/self/fd";

  it.runIf(existsSync(DESCRIPTORS))("leaves no file open", async () => {
    await (await opened()).close();
    writeFileSync(join(place(), "pages"), new Uint8Array(3 * 4_096).fill(7));
    const count = (): number => readdirSync(DESCRIPTORS).length;
    const before = count();
    for (let i = 0; i < 50; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one after another is the point
      expect(await codeOf(open(place()))).toBe("LEVEL_CORRUPTION");
    }
    // Others in this process may open a file meanwhile, but not fifty.
    expect(count()).toBeLessThan(before + 25);
  });
});

/** A level on a disk that can be told to fail. */
class FragileLevel extends LatchworkLevel {
  disk: FailingDisk | null = null;

  protected override async takeDirectory(
    ...args: Parameters<Level["takeDirectory"]>
  ): ReturnType<Level["takeDirectory"]> {
    const directory = await super.takeDirectory(...args);
    this.disk = new FailingDisk(directory.disk);
    return { ...directory, disk: this.disk };
  }
}

describe("a sync that fails", () => {
  it.each([
    ["log-", "of the log"],
    ["pages", "of the page file"],
  ])("%s: ends everything %s, and opening anew finds what was durable", async (file) => {
    const level = new FragileLevel(place(), { commitPolicy: "window:2" });
    levels.push(level);
    await level.open();
    const before = await putMany(level, 0, 200);
    expect(before.codes.size).toBe(0);
    if (level.disk === null) throw new Error("the level is open");
    level.disk.failNextSyncOf = file;
    const writes = putMany(level, 1_000, 64);
    const checkpoint =
      file === "pages" ? codeOf(level.checkpoint()) : Promise.resolve("LOG_FAILED");
    const during = await writes;
    expect(await checkpoint).toBe("LOG_FAILED");
    const expected = file === "pages" && during.codes.size === 0 ? [] : ["LOG_FAILED"];
    expect([...during.codes]).toEqual(expected);
    // The writes had nothing but that sync to wait for; a checkpoint's may come after theirs.
    expect(file === "log-" ? during.kept : []).toEqual([]);
    expect(await codeOf(level.put("later", "1"))).toBe("LOG_FAILED");
    expect(await codeOf(level.insert("later", "1"))).toBe("LOG_FAILED");
    expect(await codeOf(level.batch([{ type: "put", key: "later", value: "1" }]))).toBe(
      "LOG_FAILED",
    );
    expect(await codeOf(level.get(keyOf(0)))).toBe("LOG_FAILED");
    expect(await codeOf(level.check())).toBe("LOG_FAILED");
    await level.close();
    expect(level.disk.syncsAfterFailure).toBe(0);
    const again = await opened();
    await expectKept(again, [...before.kept, ...during.kept]);
    expect(await again.get("later")).toBe(undefined);
    await again.put("later", "2");
    expect(await again.get("later")).toBe("2");
  });
});
