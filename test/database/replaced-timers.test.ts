import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { open } from "../../src/database/index.ts";

const CHILD = fileURLToPath(new URL("./replaced-timers-child.mjs", import.meta.url));
const DATABASE = new URL("../../dist/database/index.js", import.meta.url).href;

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-timers-"));
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

function runChild(directory: string): Promise<string> {
  const child = spawn(process.execPath, [CHILD, DATABASE, directory]);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    child.on("close", () => resolve(output.trim()));
  });
}

describe("a database whose process has other timers and clocks", () => {
  it.each(["adaptive", "window:1", "immediate-when-alone", "each"])(
    "goes on under fake timers, with policy %s",
    async (commitPolicy) => {
      vi.useFakeTimers({
        toFake: [
          "setTimeout",
          "clearTimeout",
          "setInterval",
          "setImmediate",
          "Date",
          "performance",
          "hrtime",
          "queueMicrotask",
        ],
      });
      const level = await open(join(root, "db"), { commitPolicy, checkpointBytes: 20_000 });
      for (let i = 0; i < 150; i++) await level.put(`alone ${i}`, "value");
      await Promise.all(
        Array.from({ length: 1_000 }, (_, index) => level.put(`together ${index}`, "value")),
      );
      expect((await level.keys().all()).length).toBe(1_150);
      await level.close();
    },
  );

  it("goes on though they were replaced before it was imported", async () => {
    expect(await runChild(join(root, "db"))).toBe("1000 acknowledged");
  });
});
