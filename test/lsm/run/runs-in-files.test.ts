import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deflateBlocks, EventLoop, FileDisk, nodeChecksum } from "../../../src/drivers/index.ts";
import { FileDirectory } from "../../../src/drivers/file-directory.ts";
import { MergeCursor } from "../../../src/lsm/merge/index.ts";
import { BlockCache, checkRun, openRun, type Run, writeRun } from "../../../src/lsm/run/index.ts";
import type { Entry } from "../../../src/lsm/index.ts";
import type { Task } from "../../../src/task/index.ts";
import { restOf, value } from "./run-fixture.ts";
import { SortedCursor } from "./sorted-cursor.ts";

const list: Entry[] = Array.from({ length: 3000 }, (_, i) =>
  value(`key ${String(i).padStart(5, "0")}`, i, `the value of ${i}`),
);
const reading = { checksum: nodeChecksum, codecs: [deflateBlocks] };

let path = "";
let directory: FileDirectory;
let loop = new EventLoop();
let disk: FileDisk;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "latchwork-runs-"));
  loop = new EventLoop();
  directory = FileDirectory.open(path);
  disk = new FileDisk(directory, loop, {});
});

afterEach(() => {
  directory.close();
  rmSync(path, { recursive: true });
});

function* makeRun(name: string, of: readonly Entry[], cache: BlockCache): Task<Run> {
  yield* writeRun(disk, name, new SortedCursor(of), { checksum: nodeChecksum });
  yield* disk.syncDirectory();
  return yield* openRun(disk, name, cache, reading);
}

describe("runs in real files", () => {
  it("serve many tasks at once, each of which waits for its block or for that of another", async () => {
    const cache = new BlockCache(loop, 6 * 4400);
    const run = await loop.run(makeRun("run", list, cache));
    const tasks = Array.from({ length: 400 }, (_, i) => {
      const entry = list[(i * 7) % 40 === 0 ? (i * 613) % list.length : i % 5] ?? value("", 0);
      return loop.run(
        (function* (): Task<boolean> {
          const found = yield* run.get(entry.key, entry.seq);
          return found !== null && Buffer.compare(found.value, entry.value) === 0;
        })(),
      );
    });
    expect(await Promise.all(tasks)).not.toContain(false);
    expect(cache.stats.bytes).toBeLessThanOrEqual(cache.bytesMax);
    expect(cache.stats.hits + cache.stats.misses).toBe(400);
    await loop.run(run.close());
  });

  it("are merged into one that is packed", async () => {
    const cache = new BlockCache(loop, 1 << 20);
    const merge = function* (): Task<Run> {
      const runs: Run[] = [];
      for (const part of [0, 1, 2]) {
        const own = list.filter((_, i) => i % 3 === part);
        runs.push(yield* makeRun(`part ${part}`, own, cache));
      }
      const merged = new MergeCursor(runs.map((run) => run.sweepingCursor(10_000)));
      const options = { checksum: nodeChecksum, codec: deflateBlocks };
      const info = yield* writeRun(disk, "whole", merged, options);
      expect(info).toMatchObject({ name: "whole", entries: list.length });
      for (const run of runs) yield* run.close();
      return yield* openRun(disk, "whole", cache, reading);
    };
    const run = await loop.run(merge());
    expect(await loop.run(checkRun(run))).toEqual([]);
    expect(cache.stats.blocks).toBe(0);
    const found = await loop.run(
      (function* (): Task<number> {
        const cursor = run.cursor();
        let count = 0;
        for (const entry of list) {
          if (!(yield* cursor.next())) break;
          if (Buffer.compare(cursor.entry.value, entry.value) === 0) count++;
        }
        return count;
      })(),
    );
    expect(found).toBe(list.length);
    // In memory by now, so that no task has to wait.
    expect(restOf(run.cursor()).length).toBe(list.length);
    await loop.run(run.close());
  });
});
