import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { CheckInput } from "../../src/cli/check-input.ts";

it("gzip is known even if its first byte comes alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
  try {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    // Open for both, as a pipe without a reader would hold up its writer.
    const fd = openSync(pipe, "r+");
    const input = new CheckInput(pipe);
    const read = buffer(Readable.from(input.pieces()));
    const zipped = gzipSync("a history");
    writeSync(fd, zipped, 0, 1);
    await expect.poll(() => input.bytesRead).toBe(1);
    writeSync(fd, zipped, 1);
    closeSync(fd);
    expect((await read).toString()).toBe("a history");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
