import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open, openTables } from "../../src/level/index.ts";
import { runCli } from "./run-cli.ts";

const VERBS = ["inspect", "verify", "recover"] as const;
let root = "";
let copies = 0;

/** A database of two tables as a killed process leaves it. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "latchwork-tables-verbs-"));
  const tables = await openTables(join(root, "open"));
  await tables.create("orders", { protocol: "crabbing", commitPolicy: "each" });
  await tables.create("users", { pageSize: 512 });
  for (const name of tables.names()) {
    const table = tables.table(name);
    await Promise.all(Array.from({ length: 100 }, (_, i) => table.put(`key ${i}`, "value")));
  }
  cpSync(join(root, "open"), join(root, "killed"), { recursive: true });
  rmSync(join(root, "killed", "lock"));
  await tables.close();
  await (await open(join(root, "plain"))).close();
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function copy(): string {
  const directory = join(root, `copy-${copies++}`);
  cpSync(join(root, "killed"), directory, { recursive: true });
  return directory;
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8((bytes[at] ?? 0) ^ 0x10, at);
  writeFileSync(path, bytes);
}

describe("the verb tables", () => {
  it("lists tables, with what each was made with", async () => {
    const directory = copy();
    const { code, stdout } = await runCli(["tables", directory]);
    expect(code).toBe(0);
    expect(stdout.replace(directory, "DIR")).toBe(
      "DIR: 2 tables\n\n" +
        "name    directory  partitions  page size  made with\n" +
        "orders  table-1             1      4,096  protocol crabbing, commitPolicy each\n" +
        "users   table-2             1        512\n",
    );
    const json = await runCli(["tables", directory, "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({
      directory,
      tables: [
        {
          name: "orders",
          id: 1,
          directory: "table-1",
          stored: { protocol: "crabbing", commitPolicy: "each" },
          partitions: 1,
          pageSize: 4096,
        },
        { name: "users", id: 2, directory: "table-2", stored: {}, partitions: 1, pageSize: 512 },
      ],
    });
  });

  it("refuses a directory without", async () => {
    const { code, stderr } = await runCli(["tables", join(root, "plain")]);
    expect(code).toBe(2);
    expect(stderr).toContain("is not a directory with tables: it holds one database, or none");
    expect((await runCli(["tables", join(root, "none")])).code).toBe(2);
  });
});

describe("inspect, verify and recover of a directory with tables", () => {
  it("look at all tables, or at the one that is named", async () => {
    const directory = copy();
    const inspected = await runCli(["inspect", directory]);
    expect(inspected.stdout.match(/^table +\S+$/gmu)).toEqual([
      "table     orders",
      "table     users",
    ]);
    const verified = await runCli(["verify", directory, "--table", "users"]);
    expect(verified.stdout).toMatch(/^sound: .*, table users, \d+ pages of 512 bytes/u);
    expect(verified.stdout).not.toContain("orders");
    const dry = await runCli(["recover", directory, "--dry-run", "--json"]);
    expect(JSON.parse(dry.stdout)).toMatchObject({
      ok: true,
      tables: [
        { table: "orders", ok: true },
        { table: "users", ok: true },
      ],
    });
    expect((await runCli(["recover", directory])).code).toBe(0);
    const tables = await openTables(directory);
    expect((await tables.table("users").keys().all()).length).toBe(100);
    for (const verb of ["verify", "recover"]) {
      const { code, stderr } = await runCli([verb, directory]);
      expect([code, stderr.includes("has it open")]).toEqual([2, true]);
    }
    await tables.close();
  });

  it("find damage in one table, and say in which", async () => {
    const directory = copy();
    await runCli(["recover", directory]);
    flip(join(directory, "table-2", "pages"), 600);
    const { code, stdout } = await runCli(["verify", directory]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^sound: .*, table orders/mu);
    expect(stdout).toMatch(/^damaged: .*, table users, \d+ problems?$/mu);
    expect((await runCli(["verify", directory, "--table", "orders"])).code).toBe(0);
    const json = JSON.parse((await runCli(["verify", directory, "--json"])).stdout) as object;
    expect(json).toMatchObject({ sound: false, tables: [{ sound: true }, { sound: false }] });
    const one = await open(directory, { table: "orders" });
    expect(await one.get("key 1")).toBe("value");
    await one.close();
  });

  it.each(VERBS)("%s refuses in one line what there is not", async (verb) => {
    const directory = copy();
    const cases: [args: string[], message: string][] = [
      [[directory, "--table", "none"], "there is no table"],
      [[directory, "--table", "a/b"], "must not have"],
      [[join(root, "plain"), "--table", "orders"], "leave --table out"],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await runCli([verb, ...args]);
      expect([code, stderr.split("\n").length]).toEqual([2, 2]);
      expect(stderr).toContain(message);
    }
    flip(join(directory, "tables"), 21);
    const { code, stderr } = await runCli([verb, directory]);
    expect([code, stderr]).toEqual([
      2,
      `latchwork: ${directory}: tables: the checksum is wrong; the file is damaged\n`,
    ]);
  });

  it.each(["verify", "recover"])("%s of one table's own directory is refused", async (verb) => {
    const { code, stderr } = await runCli([verb, join(copy(), "table-1")]);
    expect(code).toBe(2);
    expect(stderr).toContain("is one table of the database in");
  });
});
