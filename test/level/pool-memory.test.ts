import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LatchworkLevel, open } from "../../src/level/index.ts";
import { BYTES_BESIDE_A_PAGE, framesIn } from "../../src/storage/index.ts";
import { IS_CAMPAIGN } from "../campaign.ts";

const KIB = 1024;
/** How many reads of the tests are in flight at once; each may hold a page or two for itself. */
const READERS = 16;

let directory = "";
let levels: LatchworkLevel[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "latchwork-pool-"));
  levels = [];
});

afterEach(async () => {
  await Promise.all(levels.map((level) => level.close()));
  rmSync(directory, { recursive: true });
});

async function opened(options: object): Promise<LatchworkLevel> {
  const level = await open(directory, options);
  levels.push(level);
  return level;
}

const keyOf = (index: number): string => `key ${String(index).padStart(6, "0")}`;

/** Makes a database of about so many pages. */
async function make(pageSize: number, pages: number): Promise<number> {
  const valueBytes = pageSize / 8;
  const rows = pages * 5;
  const level = await open(directory, { pageSize });
  for (let from = 0; from < rows; from += 500) {
    const numbers = Array.from({ length: Math.min(500, rows - from) }, (_, at) => from + at);
    const writes = numbers.map((number) => ({
      type: "put" as const,
      key: keyOf(number),
      value: "v".repeat(valueBytes),
    }));
    // oxlint-disable-next-line no-await-in-loop -- one batch after another
    await level.batch(writes);
  }
  expect(level.stats().pages).toBeGreaterThan(pages / 2);
  await level.close();
  return rows;
}

describe("poolBytes", () => {
  it.each([512, 4096, 32_768])(
    "holds for a database that exists: pages of %i",
    async (pageSize) => {
      const poolBytes = 48 * (pageSize + BYTES_BESIDE_A_PAGE);
      const rows = await make(pageSize, 160);
      const level = await opened({ poolBytes });
      const { pool } = level.stats();
      expect(pool.framesMax).toBe(48);
      expect(await level.keys().all()).toHaveLength(rows);
      expect(await level.values().all()).toHaveLength(rows);
      for (let from = 0; from < rows; from += READERS) {
        const keys = Array.from({ length: READERS }, (_, at) =>
          keyOf((from * 37 + at * 101) % rows),
        );
        // oxlint-disable-next-line no-await-in-loop -- so many at once
        await Promise.all(keys.map((key) => level.get(key)));
      }
      const after = level.stats().pool;
      expect(after.evictions).toBeGreaterThan(160);
      expect(after.overdraftMax).toBeLessThanOrEqual(2 * READERS);
      expect(after.bytes).toBe(48 * pageSize);
      expect(after.resident).toBeLessThanOrEqual(48);
    },
  );

  it("is 64 MiB unless it is given, for pages of any size", async () => {
    for (const pageSize of [512, 4096, 32_768]) {
      rmSync(directory, { recursive: true });
      // oxlint-disable-next-line no-await-in-loop -- in one directory
      await (await open(directory, { pageSize })).close();
      // oxlint-disable-next-line no-await-in-loop -- as above
      const level = await open(directory);
      expect(level.stats().pool.framesMax).toBe(framesIn(65_536 * KIB, pageSize));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await level.close();
    }
  });

  it("is refused in words where it is too small for the pages there are", async () => {
    await make(32_768, 8);
    const poolBytes = 100 * KIB;
    await expect(open(directory, { poolBytes })).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
      message: "poolBytes must be 268544 or more with pages of 32768 bytes, not 102400",
    });
    await expect(open(directory, { poolBytes: 9000 })).rejects.toMatchObject({
      message: "poolBytes must be 10496 or more with pages of 512 bytes, not 9000",
    });
    await opened({ poolBytes: 300 * KIB });
  });
});

describe("what is kept beside the pages", () => {
  const CHILD = fileURLToPath(new URL("./pool-memory-child.mjs", import.meta.url));

  it.runIf(IS_CAMPAIGN)(
    "is no more than is counted, for pages read and pages written",
    async () => {
      await make(512, 4_000);
      const args = ["--expose-gc", CHILD, directory];
      const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      expect(stderr).toBe("");
      const { bytesAPage, latches, framesMax } = JSON.parse(stdout) as Record<string, number>;
      expect(bytesAPage).toBeLessThan(1.1 * BYTES_BESIDE_A_PAGE);
      expect(bytesAPage).toBeGreaterThan(0.5 * BYTES_BESIDE_A_PAGE);
      // Those of pages that are not in memory are forgotten.
      expect(latches).toBeLessThanOrEqual((framesMax ?? 0) + 8);
    },
    60_000,
  );
});
