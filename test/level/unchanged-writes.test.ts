import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { type LatchworkLevel, open } from "../../src/level/index.ts";
import { budget } from "../campaign.ts";

/** Long enough that nothing is durable by chance while a test looks. */
const COMMIT_POLICY = "window:50";

let root = "";
let levels: LatchworkLevel[] = [];

const place = (): string => join(root, "db");

async function opened(protocol?: string): Promise<LatchworkLevel> {
  const level = await open(place(), { commitPolicy: COMMIT_POLICY, protocol });
  levels.push(level);
  return level;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-unchanged-"));
  levels = [];
});

afterEach(async () => {
  await Promise.all(levels.map((level) => level.close()));
  rmSync(root, { recursive: true, force: true });
});

/** What a process that is killed now would leave, opened anew. */
async function afterAKill(): Promise<string[]> {
  const copy = join(root, "copy");
  const filter = (path: string): boolean => !basename(path).startsWith("lock.");
  cpSync(place(), copy, { recursive: true, filter });
  const level = await open(copy);
  const keys = await level.keys().all();
  await level.close();
  return keys;
}

type Act = (level: LatchworkLevel) => Promise<unknown>;

/** Each finds nothing to do, since "a" is gone, which nobody has been told yet. */
const UNCHANGED: readonly (readonly [what: string, act: Act])[] = [
  ["clear of a range", (level) => level.clear({ gte: "a", lt: "b" })],
  ["clear with a limit", (level) => level.clear({ lt: "b", limit: 3 })],
  ["clear, backwards", (level) => level.clear({ lte: "a", reverse: true })],
  ["del", (level) => level.del("a")],
  ["batch of one", (level) => level.batch([{ type: "del", key: "a" }])],
  [
    "batch",
    (level) =>
      level.batch([
        { type: "del", key: "a" },
        { type: "del", key: "aa" },
      ]),
  ],
  ["chained batch", (level) => level.batch().del("a").del("aa").write()],
];

/** One with and one without latches of its own for each page. */
const UNDER = budget({
  short: PROTOCOLS.filter(({ name }) => ["tree-mutex", "crabbing"].includes(name)),
  campaign: PROTOCOLS,
});

const CASES = UNDER.flatMap(({ name }) =>
  UNCHANGED.map(([what, act]) => [what, name, act] as const),
);

describe("a write that changes nothing is acknowledged once what it saw is durable", () => {
  it.each(CASES)("%s, under %s", async (_what, protocol, act) => {
    const level = await opened(protocol);
    await level.batch([
      { type: "put", key: "a", value: "1" },
      { type: "put", key: "z", value: "1" },
    ]);
    const removal = level.del("a");
    const { durableLsn } = level.stats().log;
    await act(level);
    expect(level.stats().log.durableLsn).toBeGreaterThan(durableLsn);
    expect(await afterAKill()).toEqual(["z"]);
    await removal;
  });

  it("clear of an empty sublevel", async () => {
    const level = await opened();
    const sublevel = level.sublevel("below");
    await sublevel.put("a", "1");
    const removal = sublevel.del("a");
    await sublevel.clear();
    expect(await afterAKill()).toEqual([]);
    await removal;
  });

  it("a long clear whose last stroke finds nothing", async () => {
    const level = await opened();
    // As many as a stroke has, and one behind them that is removed by somebody else.
    const keys = Array.from({ length: 256 }, (_, index) => `key ${String(index).padStart(3, "0")}`);
    await level.batch([...keys, "z"].map((key) => ({ type: "put", key, value: "1" })));
    const removal = level.del("z");
    await level.clear();
    expect(await afterAKill()).toEqual([]);
    await removal;
  });

  it("which costs nothing where nobody writes", async () => {
    const level = await opened();
    await level.put("z", "1");
    const { flushes } = level.stats().log;
    for (const [, act] of UNCHANGED) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await act(level);
    }
    expect(level.stats().log.flushes).toBe(flushes);
  });
});

describe("a clear that finds nothing", () => {
  it("takes effect before it waits for the log, so that nobody waits for it", async () => {
    const level = await opened();
    await level.put("a", "1");
    const told: string[] = [];
    const tell = (what: string) => (): void => {
      told.push(what);
    };
    const removal = level.del("a").then(tell("del"));
    const clearing = level.clear().then(tell("clear"));
    const reading = level.get("a").then(tell("get"));
    await Promise.all([removal, clearing, reading]);
    expect(told[0]).toBe("get");
  });
});
