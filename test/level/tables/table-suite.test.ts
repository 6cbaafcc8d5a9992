import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { IS_CAMPAIGN } from "../../campaign.ts";

const RUNNER = fileURLToPath(new URL("./table-suite.mjs", import.meta.url));
const DATABASE = new URL("../../../dist/level/index.js", import.meta.url).href;
/** As for the suite over one database: it crashes nothing. */
const FILES_ROOT = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** Fewer than of a database: a table is not made or refused by opening it. */
const FEWEST_PASSED = 4_000;
/** How often the other table was written and read meanwhile. */
const FEWEST_ROUNDS = 20;

it.runIf(IS_CAMPAIGN)(
  "the suite of abstract-level passes over one table beside another that is busy",
  async () => {
    const env = { ...process.env, TMPDIR: FILES_ROOT };
    const args = ["--stack-trace-limit=1", RUNNER, DATABASE];
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(output.match(/^not ok .*$/gm) ?? []).toEqual([]);
    const countOf = (what: RegExp): number => Number(what.exec(output)?.[1] ?? 0);
    expect(countOf(/^# pass +(\d+)$/m)).toBeGreaterThan(FEWEST_PASSED);
    expect(countOf(/^# rounds (\d+)$/m)).toBeGreaterThan(FEWEST_ROUNDS);
    expect(status).toBe(0);
  },
  280_000,
);
