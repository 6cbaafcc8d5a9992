import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LatchworkLevel, LevelError, open } from "../../src/level/index.ts";

const CHILD = fileURLToPath(new URL("./working-directory-child.mjs", import.meta.url));
/** Small, so that a few writes begin many segments and make many checkpoints. */
const SMALL = { pageSize: 512, segmentBytes: 4_000, checkpointBytes: 8_000 };

let root = "";
let levels: LatchworkLevel[] = [];

const place = (): string => join(root, "db");
const elsewhere = (): string => join(root, "elsewhere");

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "latchwork-changed-")));
  levels = [];
});

afterEach(async () => {
  await Promise.allSettled(levels.map((level) => level.close()));
  rmSync(root, { recursive: true, force: true });
});

async function opened(path: string): Promise<LatchworkLevel> {
  const level = await open(path, SMALL);
  levels.push(level);
  return level;
}

/** Puts so many keys one after another; gives those that were acknowledged. */
async function fill(level: LatchworkLevel, name: string, count: number): Promise<string[]> {
  const kept: string[] = [];
  for (let index = 0; index < count; index++) {
    const key = `${name} ${index}`;
    // oxlint-disable-next-line no-await-in-loop -- each is to have a flush of its own
    if ((await reasonOf(level.put(key, "v".repeat(60)))) === null) kept.push(key);
  }
  return kept.toSorted();
}

async function reasonOf(promise: Promise<unknown>): Promise<LevelError | null> {
  const reason: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (reason !== null && !(reason instanceof Error)) throw new TypeError("not an error");
  const inner = reason?.cause instanceof LevelError ? reason.cause : reason;
  if (inner !== null && !(inner instanceof LevelError)) throw inner;
  return inner;
}

/** Waits until the background has met a fault, or for two seconds. */
async function backgroundFault(level: LatchworkLevel): Promise<void> {
  for (let tries = 0; tries < 100 && level.stats().backgroundFault === null; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- waits for the background
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function keysIn(path: string): Promise<string[]> {
  const level = await open(path);
  const keys = await level.keys().all();
  expect(await level.check()).toEqual({ ok: true, problems: [] });
  await level.close();
  return keys;
}

/** All names in a directory with what is in them. */
function bytesOf(path: string): Record<string, string> {
  const names = readdirSync(path).toSorted();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), "hex")]));
}

describe("a path", () => {
  /** In a process of its own, since one thread cannot have a working directory to itself. */
  function told(name: string): unknown {
    const child = spawnSync(process.execPath, [CHILD, name, root], { encoding: "utf8" });
    expect(child.stderr).toBe("");
    return JSON.parse(child.stdout);
  }

  it("means after open what it meant then, though the working directory changes", () => {
    expect(told("open")).toEqual({ isOtherTouched: false, isLockLeft: false, isEachWhole: true });
  });

  it("means what it did when the object was made, also to an open that comes later", () => {
    expect(told("later")).toEqual({ value: "1", elsewhere: [], isInPlace: true });
  });

  it("means to inspect, verify and recover what it did when they were called", () => {
    const outcomes = ["kept", "kept", "kept", "kept"];
    expect(told("tools")).toEqual({ outcomes, elsewhere: [], isLockLeft: false });
  });
});

type Change = readonly [what: string, change: () => void, found: RegExp, movedTo: string | null];

const changes: readonly Change[] = [
  [
    "renamed",
    () => renameSync(place(), elsewhere()),
    /\/db was renamed or removed while it was open/,
    "elsewhere",
  ],
  [
    "removed",
    () => rmSync(place(), { recursive: true, maxRetries: 5 }),
    /\/db was renamed or removed while it was open/,
    null,
  ],
  [
    "replaced by a copy of itself",
    () => {
      cpSync(place(), join(root, "copy"), { recursive: true });
      renameSync(place(), elsewhere());
      renameSync(join(root, "copy"), place());
    },
    /was replaced by another file|\/db is another directory by now/,
    "elsewhere",
  ],
  [
    "replaced by an empty one",
    () => {
      renameSync(place(), elsewhere());
      mkdirSync(place());
    },
    /\/db is another directory by now/,
    "elsewhere",
  ],
  [
    "no longer where its parent was",
    () => {
      renameSync(root, `${root}-moved`);
      mkdirSync(root);
      renameSync(join(`${root}-moved`, "db"), elsewhere());
      rmSync(`${root}-moved`, { recursive: true });
    },
    /\/db was renamed or removed while it was open/,
    "elsewhere",
  ],
];

describe("a directory that changes while it is open", () => {
  it.each(changes)("is told of by the next write: %s", async (_what, change, found, movedTo) => {
    const level = await opened(place());
    const kept = await fill(level, "before", 100);
    change();
    const before = existsSync(place()) ? bytesOf(place()) : null;
    const reason = await reasonOf(level.put("after", "1"));
    expect(reason).toMatchObject({ code: "LOG_FAILED", message: expect.stringMatching(found) });
    expect(await fill(level, "after", 20)).toEqual([]);
    expect((await reasonOf(level.get("before 0")))?.code).toBe("LOG_FAILED");
    expect((await reasonOf(level.checkpoint()))?.code).toBe("LOG_FAILED");
    // What is in its place now is not touched, not even its lock.
    expect((await reasonOf(level.close()))?.code).toBe("DIRECTORY_CHANGED");
    expect(existsSync(place()) ? bytesOf(place()) : null).toEqual(before);
    if (movedTo === null) return;
    const keys = await keysIn(join(root, movedTo));
    expect(keys.filter((key) => key.startsWith("before")).toSorted()).toEqual(kept);
  });

  it("is told of without a write, before long", async () => {
    const level = await opened(place());
    await level.put("a", "1");
    renameSync(place(), elsewhere());
    await backgroundFault(level);
    expect(level.stats().backgroundFault).toMatch(/^DIRECTORY_CHANGED: .*renamed or removed/);
    expect((await reasonOf(level.get("a")))?.code).toBe("LOG_FAILED");
  });

  it("is told of by close, if nobody else has been told", async () => {
    const level = await opened(place());
    await level.put("a", "1");
    renameSync(place(), elsewhere());
    expect((await reasonOf(level.close()))?.code).toBe("DIRECTORY_CHANGED");
    await level.close();
    expect(await keysIn(elsewhere())).toEqual(["a"]);
  });

  it("leaves it closed by close, with nothing held, and fit to be opened anew", async () => {
    const level = await opened(place());
    await level.put("a", "1");
    renameSync(place(), elsewhere());
    await expect(level.close()).rejects.toMatchObject({
      code: "DIRECTORY_CHANGED",
      cause: { code: "DIRECTORY_CHANGED" },
    });
    expect(level.status).toBe("closed");
    await expect(level.get("a")).rejects.toMatchObject({ code: "LEVEL_DATABASE_NOT_OPEN" });
    expect(await keysIn(elsewhere())).toEqual(["a"]);
    renameSync(elsewhere(), place());
    await level.open();
    expect(level.status).toBe("open");
    expect(await level.get("a")).toBe("1");
    await level.close();
  });

  it("is told of if a link in its path leads elsewhere", async () => {
    for (const name of ["one", "two"]) mkdirSync(join(root, name));
    const link = join(root, "link");
    symlinkSync("one", link);
    const level = await opened(join(link, "db"));
    const kept = await fill(level, "key", 10);
    unlinkSync(link);
    symlinkSync("two", link);
    expect((await reasonOf(level.put("after", "1")))?.code).toBe("LOG_FAILED");
    await reasonOf(level.close());
    expect(readdirSync(join(root, "two"))).toEqual([]);
    const keys = await keysIn(join(root, "one", "db"));
    expect(keys.filter((key) => key !== "after").toSorted()).toEqual(kept);
  });

  it("is told of by a checkpoint that finds a copy in its place, hard links and all", async () => {
    const level = await opened(place());
    await fill(level, "key", 3);
    mkdirSync(elsewhere());
    for (const name of readdirSync(place())) linkSync(join(place(), name), join(elsewhere(), name));
    renameSync(place(), join(root, "before"));
    renameSync(elsewhere(), place());
    expect(await reasonOf(level.checkpoint())).toMatchObject({
      code: "LOG_FAILED",
      message: expect.stringContaining("is another directory by now"),
    });
    expect((await reasonOf(level.put("after", "1")))?.code).toBe("LOG_FAILED");
  });

  it("is not held against it if it is back, as long as nobody looked", async () => {
    const level = await opened(place());
    renameSync(place(), elsewhere());
    renameSync(elsewhere(), place());
    await level.put("a", "1");
    await level.close();
    expect(await keysIn(place())).toEqual(["a"]);
  });
});

describe("a file of a database that is open", () => {
  const newest = (): string => {
    const names = readdirSync(place()).filter((name) => name.startsWith("log-"));
    return names.toSorted().at(-1) ?? "";
  };
  const ways: readonly (readonly [string, (path: string) => void])[] = [
    ["removed", (path) => unlinkSync(path)],
    ["renamed", (path) => renameSync(path, join(root, "away"))],
    [
      "replaced by a copy",
      (path) => {
        writeFileSync(join(root, "copy"), readFileSync(path));
        renameSync(join(root, "copy"), path);
      },
    ],
  ];
  const said = /\/db\/\S+ was (?:renamed or removed|replaced by another file) while it was open/;

  it.each(ways)("is told of by the next write: the log, %s", async (_way, change) => {
    const level = await opened(place());
    await fill(level, "before", 5);
    change(join(place(), newest()));
    const reason = await reasonOf(level.put("after", "1"));
    expect(reason).toMatchObject({ code: "LOG_FAILED", message: expect.stringMatching(said) });
  });

  it.each(ways)("is told of by the next write: the lock, %s", async (_way, change) => {
    const level = await opened(place());
    await fill(level, "before", 5);
    change(join(place(), "lock"));
    const reason = await reasonOf(level.put("after", "1"));
    expect(reason).toMatchObject({ code: "LOG_FAILED", message: expect.stringMatching(said) });
  });

  it.each(ways)("is told of by the next checkpoint: the pages, %s", async (_way, change) => {
    const level = await opened(place());
    const kept = await fill(level, "before", 5);
    const control = readFileSync(join(place(), "control"), "hex");
    cpSync(join(place(), "pages"), join(root, "pages"));
    change(join(place(), "pages"));
    const reason = await reasonOf(level.checkpoint());
    expect(reason).toMatchObject({ code: "LOG_FAILED", message: expect.stringMatching(said) });
    expect((await reasonOf(level.put("after", "1")))?.code).toBe("LOG_FAILED");
    expect((await reasonOf(level.close()))?.code).toBe("DIRECTORY_CHANGED");
    // Redo still begins where the page file that is gone was whole.
    expect(readFileSync(join(place(), "control"), "hex")).toBe(control);
    cpSync(join(root, "pages"), join(place(), "pages"));
    expect(await keysIn(place())).toEqual(kept);
  });

  const files: readonly (readonly [string, () => string])[] = [
    ["the segment that is written", newest],
    ["the page file", () => "pages"],
    ["the lock", () => "lock"],
  ];
  const cases = files.flatMap(([what, name]) => ways.map((way) => [what, ...way, name] as const));

  it.each(cases)("is told of without a write, and by close: %s, %s", async (...args) => {
    const [, , change, name] = args;
    const level = await opened(place());
    await fill(level, "before", 5);
    const control = readFileSync(join(place(), "control"), "hex");
    change(join(place(), name()));
    await backgroundFault(level);
    expect(level.stats().backgroundFault).toMatch(said);
    expect((await reasonOf(level.put("after", "1")))?.code).toBe("LOG_FAILED");
    expect((await reasonOf(level.close()))?.code).toBe("DIRECTORY_CHANGED");
    expect(readFileSync(join(place(), "control"), "hex")).toBe(control);
  });

  it.each(cases)("is told of by close, if nobody else has been: %s, %s", async (...args) => {
    const [, , change, name] = args;
    const level = await opened(place());
    await fill(level, "before", 5);
    const control = readFileSync(join(place(), "control"), "hex");
    change(join(place(), name()));
    expect(await reasonOf(level.close())).toMatchObject({
      code: "DIRECTORY_CHANGED",
      message: expect.stringMatching(said),
    });
    // Where redo begins is not moved past what is gone.
    expect(readFileSync(join(place(), "control"), "hex")).toBe(control);
  });
});
