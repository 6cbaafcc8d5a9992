import { mkdtempSync, promises, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { open } from "../../src/level/index.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-made-"));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

/** The directories that are synced while something is done, besides that of the database. */
async function syncedBy(act: () => Promise<void>): Promise<string[]> {
  const synced: string[] = [];
  const openFile = promises.open;
  vi.spyOn(promises, "open").mockImplementation(async (path, flags) => {
    const file = await openFile(path, flags);
    const sync = file.sync.bind(file);
    vi.spyOn(file, "sync").mockImplementation(async () => {
      await sync();
      synced.push(String(path));
    });
    return file;
  });
  await act();
  vi.restoreAllMocks();
  return synced;
}

async function openAndClose(path: string): Promise<void> {
  await (await open(path)).close();
}

describe.runIf(process.platform !== "win32")("the directory of a new database", () => {
  it("is synced into the one above it, and so is each one that was made for it", async () => {
    const path = join(root, "a", "b", "c");
    expect(await syncedBy(() => openAndClose(path))).toEqual([
      join(root, "a", "b"),
      join(root, "a"),
      root,
    ]);
    // What is there is its maker's.
    expect(await syncedBy(() => openAndClose(path))).toEqual([]);
  });
});
