import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LatchworkLevel, open } from "../../src/level/index.ts";

const CHILD = fileURLToPath(new URL("./replaced-timers-child.mjs", import.meta.url));
const DATABASE = new URL("../../dist/level/index.js", import.meta.url).href;

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-timers-"));
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

/** Runs in one call, so that nothing depends on what other tests left of this thread's timers. */
function runChild(directory: string): string {
  const options = { encoding: "utf8", timeout: 45_000 } as const;
  const ran = spawnSync(process.execPath, [CHILD, DATABASE, directory], options);
  const { status, signal, stdout, stderr } = ran;
  return status === 0 ? stdout.trim() : `${stdout}${stderr}ended with ${status ?? signal}`;
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

  it("opens by itself under them, sublevels and all", async () => {
    vi.useFakeTimers({ toFake: ["queueMicrotask", "nextTick", "setImmediate", "setTimeout"] });
    const level = new LatchworkLevel(join(root, "db"));
    const below = level.sublevel("below");
    const deeper = below.sublevel("deeper", { valueEncoding: "json" });
    await Promise.all([level.put("a", "1"), below.put("a", "2"), deeper.put("a", "3")]);
    expect(await below.keys().all()).toEqual(["!deeper!a", "a"]);
    expect(await deeper.get("a")).toBe("3");
    expect(await level.sublevel(["below", "deeper"]).get("a")).toBe('"3"');
    await level.close();
    expect([below.status, deeper.status]).toEqual(["closed", "closed"]);
  });

  it("leaves one closed that was closed as soon as it was made", async () => {
    vi.useFakeTimers({ toFake: ["queueMicrotask"] });
    const level = new LatchworkLevel(join(root, "db"));
    await level.close();
    expect(level.status).toBe("closed");
    await level.open();
    const below = level.sublevel("below");
    await below.close();
    expect(below.status).toBe("closed");
    await level.close();
    vi.runAllTicks();
    expect(level.status).toBe("closed");
  });

  it("opens once, also if that fails", async () => {
    vi.useFakeTimers({ toFake: ["queueMicrotask"] });
    const level = new LatchworkLevel(join(root, "db"), { createIfMissing: false });
    let openings = 0;
    level.on("opening", () => openings++);
    await expect(level.put("a", "1")).rejects.toMatchObject({ code: "LEVEL_DATABASE_NOT_OPEN" });
    expect([openings, level.status]).toEqual([1, "closed"]);
  });

  it("goes on though they were replaced before it was imported", () => {
    expect(runChild(join(root, "db"))).toBe("1000 acknowledged");
  });
});
