import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";

const RUNNER = fileURLToPath(new URL("./level-suite.mjs", import.meta.url));
const DATABASE = new URL("../../dist/level/index.js", import.meta.url).href;
const STORAGE = new URL("../../dist/storage/index.js", import.meta.url).href;
/** Files that nobody syncs to a disk are real enough for a suite that crashes nothing. */
const FILES_ROOT = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** The one that is run on files; the others have their files in memory, which is quicker. */
const ON_FILES = "optimistic-crabbing";
/** The suite of abstract-level 3.1.1 makes 4,304 assertions of a level that has what ours has. */
const FEWEST_PASSED = 4_000;

interface Outcome {
  readonly status: number | null;
  readonly passed: number;
  readonly failures: readonly string[];
}

function runSuite(protocol: string, options: object): Promise<Outcome> {
  const where = protocol === ON_FILES ? "files" : "memory";
  // The suite's own comparison throws and catches all the time: short stacks halve its time.
  const args = [
    "--stack-trace-limit=1",
    RUNNER,
    DATABASE,
    STORAGE,
    protocol,
    where,
    JSON.stringify(options),
  ];
  const env = { ...process.env, TMPDIR: FILES_ROOT };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    child.on("close", (status) => {
      const passed = Number(/^# pass +(\d+)$/m.exec(output)?.[1] ?? 0);
      resolve({ status, passed, failures: output.match(/^not ok .*$/gm) ?? [] });
    });
  });
}

// One level holds for all: the whole published suite passes, and none of it is left out but what
// the manifest says we do not have.
describe.concurrent("the suite of abstract-level", () => {
  it.each([
    ...PROTOCOLS.map(({ name }) => [name, {}] as const),
    ["tree-mutex", { partitions: 3 }] as const,
    ["tree-mutex-durable", { writeBatching: { windowMs: 0.2 } }] as const,
    ["optimistic-crabbing", { partitions: 4, writeBatching: {} }] as const,
  ])(
    "passes under %s, with %j",
    async (protocol, options) => {
      const { status, passed, failures } = await runSuite(protocol, options);
      expect(failures).toEqual([]);
      expect(passed).toBeGreaterThan(FEWEST_PASSED);
      expect(status).toBe(0);
    },
    240_000,
  );
});
