import { pbkdf2 } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LockFile } from "../../src/level/index.ts";
import { FileDirectory } from "../../src/drivers/file-directory.ts";
import { nextTurn, realSleep } from "../../src/task/driver-real-time.ts";

const LEASE_MS = 100;
/** More than Node's thread pool has threads, each busy for longer than a sign of life is apart. */
const JOBS = 8;
const JOB_ROUNDS = 200_000;

let path = "";
let directory: FileDirectory;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "latchwork-lease-"));
  directory = FileDirectory.open(path);
});

afterEach(() => {
  directory.close();
  rmSync(path, { recursive: true, force: true });
});

/** Keeps the thread pool busy, so that a file request has to wait for its turn. */
async function keepPoolBusy(): Promise<void> {
  const job = promisify(pbkdf2);
  await Promise.all(Array.from({ length: JOBS }, () => job("a", "b", JOB_ROUNDS, 64, "sha512")));
}

describe("a lease that is given back while a sign of life waits to be written", () => {
  it("writes nothing into the file that is given its descriptor next", async () => {
    const lock = await LockFile.take(directory, LEASE_MS);
    const jobs = keepPoolBusy();
    await realSleep(LEASE_MS / 2); // Two signs of life are due meanwhile; the first one waits.
    let isReleased = false;
    const release = async (): Promise<void> => {
      await lock.release();
      isReleased = true;
    };
    const released = release();
    const names = Array.from({ length: 8 }, (_, index) => join(path, `other-${index}`));
    const text = "precious data of somebody else";
    for (const name of names) writeFileSync(name, text);
    const descriptors = names.map((name) => openSync(name, "r+"));
    await nextTurn();
    const wasAtOnce = isReleased;
    await Promise.all([jobs, released]);
    await realSleep(LEASE_MS);
    expect(names.map((name) => readFileSync(name, "utf8"))).toEqual(names.map(() => text));
    for (const descriptor of descriptors) closeSync(descriptor);
    expect(wasAtOnce).toBe(false); // Else no sign of life was under way.
  });

  it("can be taken again, and refuses to be relied on", async () => {
    const lock = await LockFile.take(directory, LEASE_MS);
    await lock.release();
    const again = await LockFile.take(directory, LEASE_MS);
    expect(() => lock.confirmLease()).toThrow(
      expect.objectContaining({ code: "DIRECTORY_CHANGED", message: "lock: it was given back" }),
    );
    again.confirm();
    await again.release();
  });
});
