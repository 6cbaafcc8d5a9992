import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type LatchworkTables,
  LevelError,
  open,
  openTables,
  type TableOptions,
  type TablesOptions,
} from "../../../src/level/index.ts";
import { framesIn } from "../../../src/storage/index.ts";

let root = "";
let closers: (() => Promise<void>)[] = [];

const place = (): string => join(root, "db");

async function opened(options: TablesOptions = {}): Promise<LatchworkTables> {
  const tables = await openTables(place(), options);
  closers.push(() => tables.close());
  return tables;
}

async function openedWith(...names: readonly string[]): Promise<LatchworkTables> {
  const tables = await opened();
  await Promise.all(names.map((name) => tables.create(name)));
  return tables;
}

async function refusalOf(promise: Promise<unknown> | (() => unknown)): Promise<string> {
  let reason: unknown = null;
  try {
    await (typeof promise === "function" ? promise() : promise);
  } catch (error) {
    reason = error;
  }
  if (!(reason instanceof Error)) return "not refused";
  expect(reason.message).not.toContain("\n");
  const { code } = reason as { code?: string };
  return `${code}: ${reason.message.replaceAll(place(), "DIR")}`;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-tables-"));
  closers = [];
});

afterEach(async () => {
  await Promise.allSettled(closers.map((close) => close()));
  rmSync(root, { recursive: true, force: true });
});

describe("tables", () => {
  it("keep what was put into each, apart, and over closes", async () => {
    const tables = await openedWith("orders", "users");
    const orders = tables.table("orders");
    const users = tables.table<string, { age: number }>("users", { valueEncoding: "json" });
    await Promise.all([orders.put("a", "1"), users.put("a", { age: 7 })]);
    expect(await orders.get("a")).toBe("1");
    expect(await users.get("a")).toEqual({ age: 7 });
    expect(await orders.insert("a", "2")).toBe(false);
    await tables.close();
    const again = await opened();
    expect(again.names()).toEqual(["orders", "users"]);
    expect(await again.table("orders").get("a")).toBe("1");
    expect(await again.table("users").get("a")).toBe('{"age":7}');
    expect((await again.table("users").check()).ok).toBe(true);
  });

  it("have their own protocol and policy, also after they were opened anew", async () => {
    const tables = await opened();
    const plans: Record<string, TableOptions> = {
      one: { protocol: "tree-mutex", commitPolicy: "each", pageSize: 512 },
      two: { protocol: "crabbing", readDurability: "durable", pathCache: true },
      three: {},
    };
    for (const [name, plan] of Object.entries(plans)) await tables.create(name, plan);
    const protocols = (of: LatchworkTables): string[] =>
      Object.values(of.stats().tables).map(({ protocol }) => protocol);
    const expected = ["tree-mutex", "crabbing", "optimistic-crabbing"];
    expect(protocols(tables)).toEqual(expected);
    await tables.close();
    const again = await opened();
    expect(protocols(again)).toEqual(expected);
    await again.table("one").put("k", "v");
    expect(await refusalOf(again.table("one").put("k".repeat(65), ""))).toContain("pageSize 512");
  });

  it("may be in partitions and batch their writes, and go with all of their files", async () => {
    const tables = await opened();
    const writeBatching = { windowMs: 0, operationsMax: 16 };
    await tables.create("a", { partitions: 3, writeBatching });
    const keys = Array.from({ length: 100 }, (_, i) => `key ${String(i).padStart(3, "0")}`);
    await Promise.all(keys.map((key) => tables.table("a").put(key, key)));
    await tables.close();
    const again = await opened();
    expect(await again.table("a").keys().all()).toEqual(keys);
    await again.table("a").put("b", "1");
    expect(again.stats().tables["a"]?.batching?.writes).toBe(1);
    expect(readdirSync(join(place(), "table-1")).length).toBeGreaterThan(3);
    expect(await refusalOf(open(join(place(), "table-1", "partition-1-0")))).toBe(
      "BAD_ARGUMENT: DIR/table-1/partition-1-0 is one partition of the database in DIR/table-1: " +
        "open that",
    );
    await again.drop("a");
    expect(readdirSync(place()).toSorted()).toEqual(["lock", "tables"]);
  });

  it("are opened one by one by open, which may say how", async () => {
    const tables = await openedWith("orders", "users");
    await tables.table("orders").put("a", "1");
    await tables.close();
    const one = await open(place(), { table: "orders", protocol: "tree-rw" });
    closers.push(() => one.close());
    expect([await one.get("a"), one.stats().protocol]).toEqual(["1", "tree-rw"]);
    expect(await refusalOf(openTables(place()))).toMatch(/^LEVEL_LOCKED: /u);
    await one.close();
    const made = await open(place(), { table: "more" });
    await made.put("b", "2");
    await made.close();
    const again = await opened();
    expect(again.names()).toEqual(["orders", "users", "more"]);
    expect(again.stats().tables["orders"]?.protocol).toBe("optimistic-crabbing");
    expect(await again.table("more").get("b")).toBe("2");
  });

  it("are made and dropped while others are in use, and no number is used again", async () => {
    const tables = await openedWith("a", "b");
    const b = tables.table("b");
    const writes = Array.from({ length: 500 }, (_, i) => b.put(`key ${i}`, "v"));
    await tables.drop("a");
    await tables.create("a");
    await Promise.all(writes);
    expect(tables.names()).toEqual(["b", "a"]);
    expect(await tables.table("a").keys().all()).toEqual([]);
    expect(readdirSync(place()).filter((name) => name.startsWith("table-"))).toEqual([
      "table-2",
      "table-3",
    ]);
  });
});

describe("the memory of tables", () => {
  it("is divided evenly, and anew as they come and go", async () => {
    const tables = await opened({ poolBytes: 4 * 1024 * 1024 });
    const limits = (): number[] =>
      Object.values(tables.stats().tables).map(({ pool }) => pool.framesMax);
    await tables.create("a");
    const [whole = 0] = limits();
    expect(whole).toBe(framesIn(4 * 1024 * 1024, 4096));
    const a = tables.table("a");
    await Promise.all(Array.from({ length: 6_000 }, (_, i) => a.put(`key ${i}`, "v".repeat(200))));
    await a.checkpoint();
    await tables.create("b", { partitions: 2 });
    expect(limits()).toEqual([Math.floor(whole / 2), Math.floor(whole / 2)]);
    await a.get("key 1");
    expect(tables.stats().tables["a"]?.pool.resident).toBeLessThanOrEqual(whole / 2);
    expect((await a.check()).ok).toBe(true);
    await tables.drop("a");
    expect(limits()).toEqual([whole]);
  });
});

describe("a drop of a table in use", () => {
  it("lets operations end that are under way, and rejects later ones", async () => {
    const tables = await openedWith("a");
    const [one, other] = [tables.table("a"), tables.table("a")];
    await Promise.all([one.open(), other.open()]);
    const iterator = other.iterator();
    const puts = Array.from({ length: 200 }, (_, i) => one.put(`key ${i}`, "v"));
    const gone = tables.drop("a");
    expect((await Promise.allSettled(puts)).every(({ status }) => status === "fulfilled")).toBe(
      true,
    );
    await gone;
    const message = 'NO_SUCH_TABLE: table "a" was dropped';
    expect(await refusalOf(one.put("k", "v"))).toBe(message);
    expect(await refusalOf(other.get("key 1"))).toBe(message);
    expect(await refusalOf(other.insert("k", "v"))).toBe(message);
    expect(await refusalOf(iterator.next())).toBe(message);
    expect(await refusalOf(() => one.stats())).toBe(message);
    await one.close();
    expect(await refusalOf(one.open())).toMatch(/^LEVEL_DATABASE_NOT_OPEN/u);
    await tables.create("a");
    expect(await refusalOf(other.get("key 1"))).toBe(message);
    expect(await tables.table("a").get("key 1")).toBe(undefined);
  });
});

describe("a table's object", () => {
  it("is closed by itself, and opened again, and closed with the database", async () => {
    const tables = await openedWith("a");
    const [one, other] = [tables.table("a"), tables.table("a")];
    await one.put("k", "v");
    await one.close();
    expect(await other.get("k")).toBe("v");
    await one.open();
    expect(await one.get("k")).toBe("v");
    const late = other.put("late", "v");
    await tables.close();
    await late;
    expect([one.status, other.status]).toEqual(["closed", "closed"]);
    expect(await refusalOf(one.open())).toMatch(/^LEVEL_DATABASE_NOT_OPEN/u);
    expect(one.status).toBe("closed");
  });

  it("takes encodings, and refuses what a table is made with", async () => {
    const tables = await openedWith("a");
    expect(await refusalOf(() => tables.table("a", { protocol: "crabbing" } as object))).toBe(
      'BAD_ARGUMENT: option "protocol" of a table: it is given when the table is created, not here',
    );
    const sub = tables.table("a").sublevel("x");
    await sub.put("k", "v");
    expect(await tables.table("a").keys().all()).toEqual(["!x!k"]);
  });
});

describe("misuse", () => {
  const rule = 'expected 1 to 64 letters, digits, "_" and "-"';
  it.each([
    ["", `the name of a table must not be empty; ${rule}`],
    ["a/b", `the name of a table must not have "/" in it; ${rule}`],
    ["..", `the name of a table must not have "." in it; ${rule}`],
    ["a\nb", `the name of a table must not have "\\n" in it; ${rule}`],
    ["ä", `the name of a table must not have "ä" in it; ${rule}`],
    ["\u202E", `the name of a table must not have "\\u202e" in it; ${rule}`],
    ["x".repeat(65), `the name of a table has 65 characters; ${rule}`],
    ["-x", 'the name of a table must not begin with "-", as an option does; it is "-x"'],
    [7, "the name of a table must be a string, not 7"],
    [undefined, "the name of a table must be a string, not undefined"],
  ])("by the name %j is refused in one line", async (name, message) => {
    const tables = await opened();
    const given = name as string;
    for (const act of [
      () => tables.create(given),
      () => tables.drop(given),
      () => tables.table(given),
    ]) {
      expect(await refusalOf(act)).toBe(`BAD_ARGUMENT: ${message}`);
    }
    expect(tables.names()).toEqual([]);
  });

  it("is refused with the level API's errors", async () => {
    const tables = await openedWith("a", "__proto__");
    expect(await refusalOf(tables.create("a"))).toBe('TABLE_EXISTS: there is a table "a" already');
    expect(await refusalOf(tables.drop("b"))).toBe(
      'NO_SUCH_TABLE: there is no table "b"; there are tables a, __proto__',
    );
    expect(await refusalOf(() => tables.table("b"))).toContain("NO_SUCH_TABLE");
    const twice = await Promise.allSettled([tables.drop("a"), tables.drop("a")]);
    expect(twice.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const both = await Promise.allSettled([tables.create("c"), tables.create("c")]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(Object.keys(tables.stats().tables)).toEqual(["__proto__", "c"]);
    expect(await refusalOf(tables.create("d", { protocoll: "x" } as TableOptions))).toContain(
      "did you mean protocol?",
    );
    expect(await refusalOf(tables.create("d", { protocol: "none" }))).toContain("UNKNOWN_NAME");
    expect(await refusalOf(tables.create("d", { pageSize: 700 }))).toContain("BAD_PAGE_SIZE");
    expect(await refusalOf(openTables(place()))).toMatch(/^LEVEL_LOCKED: /u);
    const closing = tables.close();
    const closed = "LEVEL_DATABASE_NOT_OPEN: Database is not open";
    expect(await refusalOf(tables.create("e"))).toBe(closed);
    expect(await refusalOf(tables.drop("c"))).toBe(closed);
    for (const act of [() => tables.table("c"), () => tables.names(), () => tables.stats()]) {
      expect(await refusalOf(act)).toBe(closed);
    }
    await Promise.all([closing, tables.close()]);
    expect((await opened()).names()).toEqual(["__proto__", "c"]);
  });

  it("of a directory that is the other kind is refused, with what to use", async () => {
    const tables = await openedWith("orders");
    await tables.close();
    expect(await refusalOf(open(place()))).toBe(
      "NOT_A_DATABASE: DIR has table orders: name one, " +
        'as in open(dir, { table: "orders" }), or use openTables',
    );
    expect(await refusalOf(open(place(), { table: "x", createIfMissing: false }))).toBe(
      'NO_SUCH_TABLE: there is no table "x"; there is table orders',
    );
    expect(await refusalOf(open(place(), { table: "orders", errorIfExists: true }))).toContain(
      "TABLE_EXISTS",
    );
    expect(await refusalOf(open(join(place(), "table-1")))).toBe(
      "BAD_ARGUMENT: DIR/table-1 is one table of the database in DIR: open that, and name the table",
    );
    const plain = join(root, "plain");
    await (await open(plain)).close();
    const without =
      "NOT_A_DATABASE: the directory is one database without tables: use open, and name no table";
    expect(await refusalOf(openTables(plain))).toBe(without);
    expect(await refusalOf(open(plain, { table: "orders" }))).toBe(without);
    expect(await refusalOf(openTables(join(root, "none"), { createIfMissing: false }))).toContain(
      "NOT_A_DATABASE",
    );
    expect(existsSync(join(root, "none"))).toBe(false);
    expect(await refusalOf(openTables(place(), { errorIfExists: true }))).toContain(
      "DATABASE_EXISTS",
    );
  });

  it("rejects with LevelErrors whose cause is the engine's", async () => {
    const tables = await opened();
    const reason: unknown = await tables.drop("b").catch((error: unknown) => error);
    expect(reason).toBeInstanceOf(LevelError);
    expect((reason as LevelError).cause).toMatchObject({ code: "NO_SUCH_TABLE" });
  });
});
