import { describe, expect, it } from "vitest";
import { MemoryDisk } from "../../src/storage/index.ts";
import { runToCompletion, type Task } from "../../src/task/index.ts";
import { diskContract } from "./disk-contract.ts";

describe("MemoryDisk", () => {
  diskContract(() => ({
    disk: new MemoryDisk(),
    run: async (task) => runToCompletion(task),
  }));

  it("does what is asked when it is taken, not before", () => {
    const disk = new MemoryDisk();
    const request = disk.open("a", "create");
    expect(disk.files.size).toBe(0);
    runToCompletion(request[Symbol.iterator]());
    expect(disk.files.size).toBe(1);
  });

  it("has clones that go their own ways", () => {
    const disk = new MemoryDisk();
    runToCompletion(writeTo(disk, 1));
    const clone = disk.clone();
    runToCompletion(writeTo(clone, 2));
    expect([...(disk.files.get("a")?.bytes ?? [])]).toEqual([1]);
    expect([...(clone.files.get("a")?.bytes ?? [])]).toEqual([2]);
  });

  it("keeps the bytes of a file that is open, whatever becomes of its name", () => {
    const disk = new MemoryDisk();
    expect(runToCompletion(removeWhileOpen(disk))).toEqual([9]);
    expect(disk.files.size).toBe(0);
  });
});

function* writeTo(disk: MemoryDisk, value: number): Task<void> {
  const file = yield* disk.open("a", "create");
  yield* file.write(0, Uint8Array.of(value));
  yield* file.close();
}

function* removeWhileOpen(disk: MemoryDisk): Task<number[]> {
  yield* writeTo(disk, 9);
  const file = yield* disk.open("a", "read");
  yield* disk.remove("a");
  const into = new Uint8Array(1);
  yield* file.read(0, into);
  return [...into];
}
