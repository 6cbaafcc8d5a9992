import { pbkdf2 } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventLoop } from "../../src/level/index.ts";
import { DIRECT_DRIVER, latchId, LatchOwner, LatchTable } from "../../src/latch/index.ts";
import { FileDisk } from "../../src/drivers/file-disk.ts";
import { FileDirectory } from "../../src/drivers/file-directory.ts";
import {
  asEditor,
  BufferPool,
  Cleaner,
  formatHeader,
  lsn,
  pageId,
  setLsn,
} from "../../src/storage/index.ts";
import { InvariantViolation, LatchworkError, type Task, taskId } from "../../src/task/index.ts";
import { diskContract } from "../storage/disk-contract.ts";
import { FetchStep } from "../storage/fetch-step.ts";

let directory = "";
let loop = new EventLoop();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "latchwork-files-"));
  loop = new EventLoop();
});

let opened: FileDirectory[] = [];

function diskOf(path: string, isWrittenThrough: (name: string) => boolean = () => false): FileDisk {
  const open = FileDirectory.open(path);
  opened.push(open);
  return new FileDisk(open, loop, { isWrittenThrough });
}

afterEach(() => {
  for (const each of opened) each.close();
  opened = [];
  rmSync(directory, { recursive: true });
});

function* writeAt(disk: FileDisk, name: string, mode: "read" | "write"): Task<void> {
  const file = yield* disk.open(name, mode);
  try {
    yield* file.write(0, Uint8Array.of(1, 2, 3));
  } finally {
    yield* file.close();
  }
}

function* readFrom(disk: FileDisk, name: string): Task<number> {
  const file = yield* disk.open(name, "read");
  try {
    return yield* file.read(0, new Uint8Array(8));
  } finally {
    yield* file.close();
  }
}

describe("FileDisk", () => {
  diskContract(() => ({
    disk: diskOf(directory),
    run: (task) => loop.run(task),
  }));

  describe("written through", () => {
    diskContract(() => ({
      disk: diskOf(directory, () => true),
      run: (task) => loop.run(task),
    }));
  });

  describe("given room", () => {
    const given = (path: string): FileDisk => {
      const open = FileDirectory.open(path);
      opened.push(open);
      return new FileDisk(open, loop, { isWrittenThrough: () => true, isGivenRoom: () => true });
    };

    it("a file that grows has zeros behind its end, until it is closed", async () => {
      const path = join(directory, "a");
      function* grow(): Task<void> {
        const file = yield* given(directory).open("a", "create");
        yield* file.write(0, Uint8Array.of(1, 2, 3));
        yield* file.sync();
        expect([...readFileSync(path)]).toEqual([1, 2, 3]);
        yield* file.write(3, Uint8Array.of(4, 5));
        const bytes = readFileSync(path);
        expect(bytes.length).toBeGreaterThan(10_000);
        expect([...bytes.subarray(0, 5)]).toEqual([1, 2, 3, 4, 5]);
        expect(bytes.subarray(5).every((byte) => byte === 0)).toBe(true);
        yield* file.write(5, Uint8Array.of(6));
        expect(readFileSync(path).length).toBe(bytes.length);
        yield* file.close();
      }
      await loop.run(grow());
      expect([...readFileSync(path)]).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it("a file gets more once it has used its room", async () => {
      const block = new Uint8Array(50_000).fill(7);
      function* grow(): Task<void> {
        const file = yield* given(directory).open("a", "create");
        for (let at = 0; at < 40; at++) yield* file.write(at * block.length, block);
        yield* file.close();
      }
      await loop.run(grow());
      const bytes = readFileSync(join(directory, "a"));
      expect(bytes.length).toBe(40 * block.length);
      expect(bytes.every((byte) => byte === 7)).toBe(true);
    });

    it.skipIf(!existsSync("/dev/full"))("a full disk is called by its name", async () => {
      function* grow(): Task<void> {
        const file = yield* given("/dev").open("full", "write");
        try {
          yield* file.write(3, Uint8Array.of(1));
        } finally {
          yield* file.close();
        }
      }
      await expect(loop.run(grow())).rejects.toMatchObject({ code: "NO_SPACE" });
    });
  });

  it("lays files into its directory, and lists no directories", async () => {
    const disk = diskOf(directory);
    mkdirSync(join(directory, "sub"));
    writeFileSync(join(directory, "a"), "123456789");
    await loop.run(writeAt(disk, "a", "write"));
    expect([...readFileSync(join(directory, "a"))]).toEqual([1, 2, 3, 52, 53, 54, 55, 56, 57]);
    await expect(loop.run(disk.list()[Symbol.iterator]())).resolves.toEqual(["a"]);
  });

  it("says what failed, on which file, and the system's code", async () => {
    const disk = diskOf(directory);
    mkdirSync(join(directory, "sub"));
    writeFileSync(join(directory, "a"), "");
    await expect(loop.run(readFrom(disk, "sub"))).rejects.toMatchObject({
      code: "DISK_ERROR",
      message: "sub: cannot read: the system refused (EISDIR)",
    });
    await expect(loop.run(writeAt(disk, "a", "read"))).rejects.toMatchObject({
      code: "DISK_ERROR",
      message: "a: cannot write: the system refused (EBADF)",
    });
    expect(() => diskOf(join(directory, "gone"))).toThrow(/gone does not exist$/);
    expect(() => diskOf(join(directory, "a"))).toThrow(/a is no directory$/);
  });

  it.skipIf(!existsSync("/dev/full"))("calls a full disk by its name", async () => {
    const disk = diskOf("/dev");
    await expect(loop.run(writeAt(disk, "full", "write"))).rejects.toMatchObject({
      code: "NO_SPACE",
      message: "full: cannot write: there is no space for it (ENOSPC)",
    });
  });

  it("does not empty a file of a directory that it has lost meanwhile", async () => {
    writeFileSync(join(directory, "a"), "123");
    let looks = 0;
    const confirm = (): void => {
      if (looks++ > 0) throw new LatchworkError("DIRECTORY_CHANGED", "lost");
    };
    const open = FileDirectory.open(directory);
    opened.push(open);
    const disk = new FileDisk(open, loop, { confirm });
    const create = disk.open("a", "create")[Symbol.iterator]();
    await expect(loop.run(create)).rejects.toMatchObject({ code: "DIRECTORY_CHANGED" });
    expect(readFileSync(join(directory, "a"), "utf8")).toBe("123");
  });

  it("asks before each write whether it may", async () => {
    let mayWrite = true;
    const confirmWrite = (): void => {
      if (!mayWrite) throw new LatchworkError("DIRECTORY_CHANGED", "lost");
    };
    const open = FileDirectory.open(directory);
    opened.push(open);
    const disk = new FileDisk(open, loop, { confirmWrite });
    const file = await loop.run(disk.open("a", "create")[Symbol.iterator]());
    await loop.run(file.write(0, Uint8Array.of(1, 2, 3))[Symbol.iterator]());
    mayWrite = false;
    const requests = [() => file.write(0, Uint8Array.of(9)), () => file.truncate(0)];
    for (const request of requests) {
      // oxlint-disable-next-line no-await-in-loop -- of one file
      await expect(loop.run(request()[Symbol.iterator]())).rejects.toMatchObject({
        code: "DIRECTORY_CHANGED",
      });
    }
    expect([...readFileSync(join(directory, "a"))]).toEqual([1, 2, 3]);
    await loop.run(file.close()[Symbol.iterator]());
  });

  it("takes names, not paths", () => {
    const disk = diskOf(directory);
    for (const name of ["../a", "/a", "", ".", "..", "a/b", "a\0"]) {
      expect(() => disk.open(name, "create")).toThrow(InvariantViolation);
    }
  });

  it("does not touch a file that it has closed", async () => {
    const disk = diskOf(directory);
    const file = await loop.run(disk.open("a", "create")[Symbol.iterator]());
    await loop.run(file.close()[Symbol.iterator]());
    expect(() => file.write(0, Uint8Array.of(1))).toThrow(InvariantViolation);
    expect(() => file.close()).toThrow(InvariantViolation);
  });

  // The pool's threads are kept busy, so that each request waits for its turn.
  it("closes a file, and a directory, after the requests that are under way", async () => {
    const open = FileDirectory.open(directory);
    const disk = new FileDisk(open, loop);
    const file = await loop.run(disk.open("a", "create")[Symbol.iterator]());
    const jobs = keepPoolBusy();
    const written = file.write(0, Uint8Array.of(1, 2, 3));
    const closed = file.close();
    const removed = disk.remove("b");
    writeFileSync(join(directory, "b"), "");
    open.close();
    const other = mkdtempSync(join(tmpdir(), "latchwork-files-"));
    writeFileSync(join(other, "b"), "precious");
    const others = Array.from({ length: 4 }, () => FileDirectory.open(other));
    for (const request of [written, closed, removed]) {
      // oxlint-disable-next-line no-await-in-loop -- all of them are under way
      await loop.run(request[Symbol.iterator]());
    }
    await jobs;
    expect([...readFileSync(join(directory, "a"))]).toEqual([1, 2, 3]);
    expect(existsSync(join(directory, "b"))).toBe(false);
    expect(readFileSync(join(other, "b"), "utf8")).toBe("precious");
    for (const each of others) each.close();
    rmSync(other, { recursive: true });
  });
});

/** More jobs than Node's thread pool has threads. */
async function keepPoolBusy(): Promise<void> {
  const job = promisify(pbkdf2);
  await Promise.all(Array.from({ length: 6 }, () => job("a", "b", 50_000, 64, "sha512")));
}

describe("a pool over real files", () => {
  const PAGE_SIZE = 512;

  interface Parts {
    readonly pool: BufferPool;
    readonly cleaner: Cleaner;
  }

  function* openPool(): Task<Parts> {
    const disk = diskOf(directory);
    const file = yield* disk.open(
      "pages",
      existsSync(join(directory, "pages")) ? "write" : "create",
    );
    const pageCount = (yield* file.size()) / PAGE_SIZE;
    const host = loop;
    const pool = new BufferPool({ pageSize: PAGE_SIZE, framesMax: 8, file, host, pageCount });
    const latches = new LatchTable("fifo");
    const flushTo = function* (): Task<void> {};
    const parts = { pool, file, host, latches, coveringLatch: latchId, flushTo };
    return { pool, cleaner: new Cleaner(parts) };
  }

  function* makePages({ pool, cleaner }: Parts, count: number): Task<void> {
    const owner = new LatchOwner(taskId(0), DIRECT_DRIVER);
    for (let id = 0; id < count; id++) {
      pool.fresh(pageId(id));
      const page = asEditor(pool.frame(pageId(id)));
      formatHeader(page, pageId(id), 0);
      page.view.setUint32(100, id, true);
      pool.markDirty(pageId(id), lsn(id));
      setLsn(page, lsn(id + 1));
      pool.unpin(pageId(id));
      while (pool.isOver && (yield* cleaner.cleanOne(owner)));
    }
    while (yield* cleaner.cleanOne(owner));
  }

  function* readPage(pool: BufferPool, id: number): Task<number> {
    while (!pool.pin(pageId(id))) yield new FetchStep(pool.fetch(pageId(id)));
    const value = pool.frame(pageId(id)).view.getUint32(100, true);
    pool.unpin(pageId(id));
    return value;
  }

  it("gives many tasks at once the pages they ask for, by one read each", async () => {
    await loop.run(makePages(await loop.run(openPool()), 40));
    const { pool } = await loop.run(openPool());
    expect(pool.capacity).toBe(40);
    const asked = Array.from({ length: 40 }, (_, index) => Math.floor(index / 4));
    const found = await Promise.all(asked.map((id) => loop.run(readPage(pool, id))));
    expect(found).toEqual(asked);
    expect(pool.stats().misses).toBe(10);
    for (let id = 0; id < 40; id++) expect(await loop.run(readPage(pool, id))).toBe(id);
    expect(pool.isOver).toBe(false);
  });

  it("tells every task that waits for a damaged page, and only those", async () => {
    await loop.run(makePages(await loop.run(openPool()), 10));
    const bytes = readFileSync(join(directory, "pages"));
    bytes[3 * PAGE_SIZE + 300] = 1;
    writeFileSync(join(directory, "pages"), bytes.subarray(0, 9 * PAGE_SIZE + 100));
    const { pool } = await loop.run(openPool());
    const asked = [3, 4, 3, 9, 3];
    const results = await Promise.allSettled(asked.map((id) => loop.run(readPage(pool, id))));
    expect(results.map(({ status }) => status === "fulfilled")).toEqual(
      asked.map((id) => id === 4),
    );
    expect(pool.stats()).toMatchObject({ misses: 3, resident: 1 });
    await expect(loop.run(readPage(pool, 9))).rejects.toMatchObject({
      code: "BAD_PAGE",
      message: "pages: page 9 (offset 4608): the file ends after 100 of its 512 bytes",
    });
  });
});
