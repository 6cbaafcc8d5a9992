import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open, openTables } from "../../src/level/index.ts";
import { runCli } from "./run-cli.ts";

let root = "";
let copies = 0;

/** A database in partitions as a killed process leaves it, and one with such a table. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "latchwork-partition-verbs-"));
  const level = await open(join(root, "open"), { partitions: 3, commitPolicy: "each" });
  await level.batch(
    Array.from({ length: 60 }, (_, i) => ({ type: "put", key: `key ${i}`, value: "value" })),
  );
  cpSync(join(root, "open"), join(root, "killed"), { recursive: true });
  rmSync(join(root, "killed", "lock"));
  await level.close();
  const tables = await openTables(join(root, "tables"));
  await tables.create("orders", { partitions: 2 });
  await tables.table("orders").put("a", "b");
  await tables.close();
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

async function ran(verb: string, directory: string, ...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli([verb, directory, ...flags]);
  return `${code}: ${`${stdout}${stderr}`.replaceAll(directory, "DIR")}`;
}

describe("the verbs of a database, in partitions", () => {
  it("look into each", async () => {
    const directory = copy();
    const text = await ran("inspect", directory);
    expect(text).toContain("0: database  DIR\n");
    expect(text).toContain("divided   3 partitions, generation 1, by murmur3-32");
    expect(text).toMatch(/^ {2}partition-1-2 +3 +0 +1 +1 +[\d,]+ {2}\d+ groups? to redo$/mu);
    const { stdout } = await runCli(["inspect", directory, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      recoveryDue: true,
      control: null,
      layout: { partitions: 3, generation: 1, hash: "murmur3-32" },
      partitions: [0, 1, 2].map((i) => ({
        directory: `partition-1-${i}`,
        control: { pageSize: 4096 },
        recoveryDue: true,
      })),
    });
  });

  it("recover each, and end what a batch over them has left in doubt", async () => {
    const directory = copy();
    expect(await ran("verify", directory)).toMatch(/^0: sound: DIR, 9 pages, 9 in use\n/u);
    for (const flags of [["--dry-run"], []]) {
      const text = await ran("recover", directory, ...flags);
      expect(text).toMatch(/^0: (?:would recover|recovered): DIR\n {2}partition-1-0:\n/u);
      expect(text).toMatch(/\n {2}partition-1-2:\n {4}redo from 1 to [\d,]+\n/u);
    }
    expect(await ran("recover", directory)).toBe(
      "0: recovered: DIR\n  nothing to redo in 3 partitions\n",
    );
    const level = await open(directory);
    expect(await level.keys().all()).toHaveLength(60);
    await level.close();
  });

  it("say in which partition a page is damaged", async () => {
    const directory = copy();
    await ran("recover", directory);
    flip(join(directory, "partition-1-1", "pages"), 8_300);
    for (const verb of ["inspect", "verify"]) {
      expect(await ran(verb, directory)).toMatch(
        /^1: [^]*\n {2}partition-1-1\/pages: page 2 \(offset 8192\): checksum /u,
      );
    }
  });

  it("find keys that are in the wrong partition", async () => {
    const directory = copy();
    await ran("recover", directory);
    const path = (name: string): string => join(directory, name);
    renameSync(path("partition-1-0"), path("away"));
    renameSync(path("partition-1-1"), path("partition-1-0"));
    renameSync(path("away"), path("partition-1-1"));
    const text = await ran("verify", directory);
    expect(text).toMatch(/^1: damaged: DIR, 2 problems\n/u);
    expect(text).toMatch(/\n {2}partition 0: \d+ keys are in the wrong partition, as 0x6b6579/u);
  });

  it("name a partition or a file that is missing, or damaged", async () => {
    const directory = copy();
    flip(join(directory, "partitions"), 12);
    const damaged = "partitions: the checksum is wrong; the file is damaged";
    expect(await ran("inspect", directory)).toContain(`damage found: 1 problem\n  ${damaged}\n`);
    expect(await ran("verify", directory)).toBe(`1: damaged: DIR, 1 problem\n  ${damaged}\n`);
    expect(await ran("recover", directory)).toBe(`2: latchwork: DIR: ${damaged}\n`);
    rmSync(join(directory, "partitions"));
    const missing = "partitions: missing, expected beside partition-1-0";
    expect(await ran("verify", directory)).toBe(`1: damaged: DIR, 1 problem\n  ${missing}\n`);
    const other = copy();
    rmSync(join(other, "partition-1-2"), { recursive: true });
    const gone = "partition-1-2: missing, expected one of 3 partitions";
    expect(await ran("verify", other)).toBe(`1: damaged: DIR, 1 problem\n  ${gone}\n`);
    expect(await ran("recover", other)).toBe(
      "2: latchwork: DIR: partition-1-2: missing, expected 3 partitions\n",
    );
  });

  it("refuse one partition by itself, and take those of a table", async () => {
    const directory = copy();
    expect(await ran("verify", join(directory, "partition-1-0"))).toMatch(
      /^2: latchwork: DIR is one partition of the database in /u,
    );
    const tables = join(root, "tables");
    expect(await ran("verify", tables, "--table", "orders")).toMatch(
      /^0: sound: DIR, table orders, 6 pages, 6 in use\n {2}nothing to redo in 2 partitions\n/u,
    );
    expect(await ran("inspect", tables)).toContain("divided   2 partitions, generation 1");
  });
});
