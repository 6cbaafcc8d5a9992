import { expect, it } from "vitest";
import { type Disk, type DiskRequest, LatchworkError, type Task } from "../../src/task/index.ts";

/** Runs a task to its end, under whatever driver the disk needs. */
export type RunTask = <T>(task: Task<T>) => Promise<T>;

/** A disk to be tested: an empty directory. */
export interface DiskUnderTest {
  readonly disk: Disk;
  readonly run: RunTask;
}

function bytesFrom(first: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => first + index);
}

/** What every disk does, whatever it is made of. */
export function diskContract(make: () => DiskUnderTest): void {
  async function check(test: (disk: Disk) => Task<void>): Promise<void> {
    const { disk, run } = make();
    await expect(run(test(disk))).resolves.toBeUndefined();
  }

  it("writes and reads at any place, and gives less only at the end", async () => {
    await check(function* (disk) {
      const file = yield* disk.open("a", "create");
      yield* file.write(10, bytesFrom(1, 5));
      yield* file.write(2, bytesFrom(100, 2));
      yield* file.sync();
      expect(yield* file.size()).toBe(15);
      const into = new Uint8Array(8);
      expect(yield* file.read(8, into)).toBe(7);
      expect([...into]).toEqual([0, 0, 1, 2, 3, 4, 5, 0]);
      expect(yield* file.read(15, into)).toBe(0);
      expect(yield* file.read(1000, into)).toBe(0);
      expect(yield* file.read(0, into.subarray(0, 4))).toBe(4);
      expect([...into.subarray(0, 4)]).toEqual([0, 0, 100, 101]);
      yield* file.close();
    });
  });

  it("cuts files and makes them longer with zeros", async () => {
    await check(function* (disk) {
      const file = yield* disk.open("a", "create");
      yield* file.write(0, bytesFrom(1, 6));
      yield* file.truncate(3);
      yield* file.truncate(5);
      const into = new Uint8Array(9);
      expect(yield* file.read(0, into)).toBe(5);
      expect([...into]).toEqual([1, 2, 3, 0, 0, 0, 0, 0, 0]);
      yield* file.write(0, new Uint8Array(0));
      expect(yield* file.read(0, new Uint8Array(0))).toBe(0);
      yield* file.close();
    });
  });

  it("keeps many requests under way at once", async () => {
    await check(function* (disk) {
      const file = yield* disk.open("a", "create");
      const writes: DiskRequest<void>[] = [];
      for (let at = 0; at < 64; at++) writes.push(file.write(at * 100, bytesFrom(at, 100)));
      for (const write of writes.toReversed()) yield* write;
      const buffers = writes.map(() => new Uint8Array(100));
      const reads = buffers.map((into, at) => file.read(at * 100, into));
      for (const read of reads) expect(yield* read).toBe(100);
      for (const [at, into] of buffers.entries()) expect(into).toEqual(bytesFrom(at, 100));
      yield* file.close();
    });
  });

  it("creates, empties, lists, renames over and removes", async () => {
    await check(function* (disk) {
      const first = yield* disk.open("a", "create");
      yield* first.write(0, bytesFrom(1, 3));
      yield* first.close();
      const second = yield* disk.open("b", "create");
      yield* second.write(0, bytesFrom(7, 4));
      yield* second.close();
      expect([...(yield* disk.list())].toSorted((x, y) => x.localeCompare(y))).toEqual(["a", "b"]);
      yield* disk.rename("b", "a");
      yield* disk.syncDirectory();
      expect(yield* disk.list()).toEqual(["a"]);
      const renamed = yield* disk.open("a", "read");
      expect(yield* renamed.size()).toBe(4);
      yield* renamed.close();
      const emptied = yield* disk.open("a", "create");
      expect(yield* emptied.size()).toBe(0);
      yield* emptied.close();
      yield* disk.remove("a");
      expect(yield* disk.list()).toEqual([]);
    });
  });

  it("has directories in it, each with names of its own", async () => {
    await check(function* (disk) {
      const left = yield* disk.directory("left", "create");
      const right = yield* disk.directory("right", "create");
      yield* disk.syncDirectory();
      for (const [byte, directory] of [left, right].entries()) {
        const file = yield* directory.open("a", "create");
        yield* file.write(0, bytesFrom(byte, 1));
        yield* file.sync();
        yield* file.close();
        yield* directory.syncDirectory();
      }
      const again = yield* (yield* disk.directory("right", "create")).open("a", "read");
      const into = new Uint8Array(1);
      expect(yield* again.read(0, into)).toBe(1);
      expect(into[0]).toBe(1);
      expect(again.name).toBe("a");
      yield* again.close();
      expect(yield* disk.list()).toEqual([]);
      expect((yield* disk.listDirectories()).toSorted()).toEqual(["left", "right"]);
      yield* left.remove("a");
      yield* disk.removeDirectory("left");
      expect(yield* disk.listDirectories()).toEqual(["right"]);
    });
  });

  it.each([
    ["a directory that is not there", (disk: Disk) => disk.directory("none", "open")],
    ["a file as a directory", (disk: Disk) => disk.directory("file", "open")],
    ["a directory as a file", (disk: Disk) => disk.open("inner", "create")],
    ["a directory that is not empty", (disk: Disk) => disk.removeDirectory("inner")],
  ])("refuses %s", async (_, request) => {
    await check(function* (disk) {
      yield* (yield* disk.open("file", "create")).close();
      const inner = yield* disk.directory("inner", "create");
      yield* (yield* inner.open("a", "create")).close();
      let code = "";
      try {
        yield* request(disk);
      } catch (error) {
        code = error instanceof LatchworkError ? error.code : String(error);
      }
      expect(["NO_SUCH_FILE", "DISK_ERROR"]).toContain(code);
    });
  });

  it.each([
    ["open", (disk: Disk) => disk.open("none", "read")],
    ["open", (disk: Disk) => disk.open("none", "write")],
    ["rename", (disk: Disk) => disk.rename("none", "other")],
    ["remove", (disk: Disk) => disk.remove("none")],
  ] as const)("cannot %s a file that is not there", async (operation, request) => {
    const { disk, run } = make();
    const task = (function* (): Task<unknown> {
      return yield* request(disk);
    })();
    await expect(run(task)).rejects.toMatchObject({
      code: "NO_SUCH_FILE",
      message: expect.stringContaining(`none: cannot ${operation}`),
    });
    await expect(run(disk.list()[Symbol.iterator]())).resolves.toEqual([]);
  });
}
