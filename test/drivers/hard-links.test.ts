import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LatchworkLevel, open } from "../../src/level/index.ts";

let root = "";
const place = (): string => join(root, "db");
const copy = (): string => join(root, "copy");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-links-"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

async function write(level: LatchworkLevel, value: string): Promise<void> {
  for (let i = 0; i < 100; i++) void level.put(`key-${i}`, value.repeat(50));
  await level.put("last", value);
  await level.checkpoint();
}

/** As `cp -al` does. */
function linkAll(): void {
  mkdirSync(copy());
  for (const name of readdirSync(place())) linkSync(join(place(), name), join(copy(), name));
}

function bytesOf(path: string): string[] {
  return readdirSync(path).map((name) => readFileSync(join(path, name)).toString("base64"));
}

describe("a copy of a database that is made of hard links", () => {
  it("stays what it is when the database is written", async () => {
    const level = await open(place());
    await write(level, "a");
    await level.close();
    linkAll();
    const before = bytesOf(copy());
    const again = await open(place());
    await write(again, "b");
    await again.close();
    expect(bytesOf(copy())).toEqual(before);
    expect(statSync(join(place(), "pages")).nlink).toBe(1);
    expect(await contents(copy())).toBe("a");
  });

  it("does not share a file with the holder beside whom it is opened", async () => {
    const level = await open(place());
    await write(level, "a");
    linkAll();
    const other = await open(copy());
    await Promise.all([write(level, "b"), write(other, "c")]);
    await Promise.all([level.close(), other.close()]);
    expect([await contents(place()), await contents(copy())]).toEqual(["b", "c"]);
  });
});

/** What the last write of all says, once the database is checked. */
async function contents(path: string): Promise<string | undefined> {
  const level = await open(path);
  const value = await level.get("last");
  expect(await level.check()).toEqual({ ok: true, problems: [] });
  await level.close();
  return value;
}
