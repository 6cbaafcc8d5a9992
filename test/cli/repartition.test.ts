import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open, openTables, repartitionDirectory } from "../../src/level/index.ts";
import { runCli } from "./run-cli.ts";

const HOLDER = fileURLToPath(new URL("hold-database.mjs", import.meta.url));
const ROWS = 200;
let root = "";
let count = 0;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-repartition-"));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function made(): Promise<string> {
  const directory = join(root, `database-${count++}`);
  const level = await open(directory, { pageSize: 512 });
  for (let row = 0; row < ROWS; row += 20) {
    const keys = Array.from({ length: 20 }, (_, i) => `key ${row + i}`);
    await level.batch(keys.map((key) => ({ type: "put", key, value: `of ${key}` })));
  }
  await level.close();
  return directory;
}

async function rowsOf(directory: string): Promise<number> {
  const level = await open(directory);
  const rows = await level.iterator().all();
  await level.close();
  expect(rows.every(([key, value]) => value === `of ${key}`)).toBe(true);
  return rows.length;
}

describe("latchwork repartition", () => {
  it("divides a database, divides it anew and puts it together again", async () => {
    const directory = await made();
    const divided = await runCli(["repartition", directory, "--partitions", "4"]);
    expect(divided).toMatchObject({ code: 0, stderr: "" });
    expect(divided.stdout).toMatch(
      /^repartitioned: .*, 1 before, 4 partitions now\n {2}200 rows copied and compared, [\d,]+ bytes, \d+ to \d+ a partition\n$/u,
    );
    expect(await rowsOf(directory)).toBe(ROWS);
    expect(readdirSync(directory).toSorted()).toEqual([
      "partition-1-0",
      "partition-1-1",
      "partition-1-2",
      "partition-1-3",
      "partitions",
    ]);
    const again = await runCli(["repartition", directory, "--partitions", "2", "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({
      directory,
      ok: true,
      partitionsBefore: 4,
      partitions: 2,
      copied: { rows: ROWS },
    });
    expect(await rowsOf(directory)).toBe(ROWS);
    const whole = await runCli(["repartition", directory, "--partitions", "1"]);
    expect(whole.stdout).toMatch(/2 before, 1 partition now\n {2}200 rows copied and compared/u);
    expect(await rowsOf(directory)).toBe(ROWS);
    expect(readdirSync(directory).toSorted()).toEqual(["partition-3-0", "partitions"]);
  });

  it("divides one table of several", async () => {
    const directory = join(root, "shop");
    const tables = await openTables(directory);
    for (const name of ["orders", "users"]) {
      await tables.create(name, { pageSize: 512 });
      await tables.table(name).put("key", name);
    }
    await tables.close();
    const unnamed = await runCli(["repartition", directory, "--partitions", "2"]);
    expect(unnamed).toMatchObject({ code: 2, stdout: "" });
    expect(unnamed.stderr).toContain("name one");
    const other = await runCli([
      "repartition",
      directory,
      "--partitions",
      "2",
      "--table",
      "events",
    ]);
    expect(other).toMatchObject({ code: 2, stdout: "" });
    const words = ["repartition", directory, "--partitions", "3", "--table", "orders"];
    expect((await runCli(words)).stdout).toMatch(/shop, table orders, 1 before, 3 partitions now/u);
    expect((await runCli(words)).stdout).toMatch(/^unchanged: .*shop, table orders has 3/u);
    const again = await openTables(directory);
    expect(again.names()).toEqual(["orders", "users"]);
    const orders = again.table("orders");
    expect(await orders.get("key")).toBe("orders");
    expect(orders.stats().partitions).toHaveLength(3);
    expect(await again.table("users").get("key")).toBe("users");
    await again.drop("orders");
    await again.close();
    expect(readdirSync(directory).filter((name) => name.startsWith("table-"))).toHaveLength(1);
  });

  it("leaves a database alone that is divided so already", async () => {
    const directory = await made();
    const before = readFileSync(join(directory, "pages"), "hex");
    const { code, stdout } = await runCli(["repartition", directory, "--partitions", "1"]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `unchanged: ${directory} has 1 partition already\n`,
    });
    expect(readFileSync(join(directory, "pages"), "hex")).toBe(before);
  });

  it.each([
    [["--partitions", "0"], /Expected a whole number from 1 to 256/u],
    [["--partitions", "257"], /Expected a whole number from 1 to 256/u],
    [["--partitions", "many"], /Expected a whole number from 1 to 256/u],
    [["--partitions", "1.5"], /Expected a whole number from 1 to 256/u],
    [[], /required option '--partitions <n>' not specified/u],
  ])("refuses %j in one line", async (words, said) => {
    const { code, stderr } = await runCli(["repartition", join(root, "nothing"), ...words]);
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("refuses what is no database, and makes nothing there", async () => {
    const directory = join(root, "empty");
    mkdirSync(directory);
    const empty = await runCli(["repartition", directory, "--partitions", "2"]);
    expect(empty).toMatchObject({ code: 2, stdout: "" });
    expect(empty.stderr).toBe(`latchwork: ${directory}: the directory holds no database\n`);
    expect(readdirSync(directory)).toEqual([]);
    const missing = await runCli(["repartition", join(root, "nothing"), "--partitions", "2"]);
    expect(missing).toMatchObject({ code: 2, stdout: "" });
    expect(missing.stderr).toMatch(/nothing does not exist\n$/u);
  });

  it("refuses a database that a process has open", async () => {
    const directory = await made();
    const holder = fork(HOLDER, [directory]);
    await once(holder, "message");
    const { code, stderr } = await runCli(["repartition", directory, "--partitions", "2"]);
    holder.disconnect();
    await once(holder, "exit");
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^latchwork: .*process ${holder.pid}`, "u"));
    expect(readdirSync(directory)).not.toContain("partitions");
  });

  it("says that a database is damaged, and leaves it as it is", async () => {
    const directory = await made();
    const pages = readFileSync(join(directory, "pages"));
    writeFileSync(join(directory, "pages"), pages.fill(0xff, 3 * 512, 4 * 512));
    const { code, stdout } = await runCli(["repartition", directory, "--partitions", "2"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^damaged: .* cannot be opened\n {2}.*page 3/u);
    expect(readFileSync(join(directory, "pages")).equals(pages)).toBe(true);
    expect(readdirSync(directory)).not.toContain("partitions");
  });
});

it("repartitionDirectory refuses options that cannot be", async () => {
  const directory = await made();
  const wrong = (options: object): Promise<unknown> =>
    repartitionDirectory(directory, options as { partitions: number });
  await expect(wrong({})).rejects.toThrow("has to be told how many partitions");
  await expect(wrong({ partitions: 0 })).rejects.toThrow("a whole number from 1 to 256, not 0");
  await expect(wrong({ partitions: 2, other: 1 })).rejects.toThrow("other");
});
