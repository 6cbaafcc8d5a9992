import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

/**
 * Reads a pipe into which it writes itself: the first byte, and the rest once that has been read.
 * A program of its own, as the test runner's threads keep account of descriptors, which a socket
 * does not tell them of.
 */
const PROGRAM = `
  import { openSync, writeSync, closeSync } from "node:fs";
  import { Readable } from "node:stream";
  import { buffer } from "node:stream/consumers";
  import { gzipSync } from "node:zlib";
  const [pipe, module] = process.argv.slice(1);
  const { CheckInput } = await import(module);
  // Open for both, as a pipe without a reader would hold up its writer.
  const fd = openSync(pipe, "r+");
  const input = new CheckInput(pipe);
  const read = buffer(Readable.from(input.pieces()));
  const zipped = gzipSync("a history");
  writeSync(fd, zipped, 0, 1);
  while (input.bytesRead < 1) await new Promise((resolve) => setImmediate(resolve));
  writeSync(fd, zipped, 1);
  closeSync(fd);
  process.stdout.write(await read);
`;

it("gzip is known even if its first byte comes alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
  try {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const module = new URL("../../../dist/cli/check/input.js", import.meta.url).href;
    const words = ["--input-type=module", "-e", PROGRAM, pipe, module];
    expect(execFileSync(process.execPath, words, { encoding: "utf8" })).toBe("a history");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
